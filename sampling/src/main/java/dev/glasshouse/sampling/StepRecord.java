package dev.glasshouse.sampling;

import java.util.List;

/**
 * All that happened in one step of sampling.
 *
 * @param id the token picked
 * @param by who picked it
 * @param rank its place among the raw candidates by falling logit, from 1
 * @param probability its raw probability, before any stage
 * @param entropy of the raw probabilities, in bits
 * @param vocabulary number of raw candidates
 * @param top the likeliest raw candidates, by falling probability
 * @param tail raw probability of all others
 * @param stages what each stage did, in order; the last one is the picker
 * @param draws the random numbers, in order
 */
public record StepRecord(
        int id,
        PickedBy by,
        int rank,
        double probability,
        double entropy,
        int vocabulary,
        List<Candidate> top,
        double tail,
        List<StageRecord> stages,
        List<Draw> draws) {}
