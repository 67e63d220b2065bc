package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import java.util.List;

/**
 * What the model would say if it ended after so many layers: the final norm and the head on that residual (the "logit lens",
 * nostalgebraist 2020).
 *
 * @param depth 0 is the embedding, n what layer n gave
 * @param top the likeliest candidates
 * @param tail the probability of all others
 * @param entropyBits of the whole distribution
 * @param target the id followed through the rows
 * @param targetProbability its probability here
 * @param targetRank its place by falling logit, from 1
 */
public record LensRow(
        int depth,
        List<Candidate> top,
        double tail,
        double entropyBits,
        int target,
        double targetProbability,
        int targetRank) {
    public LensRow {
        top = List.copyOf(top);
    }
}
