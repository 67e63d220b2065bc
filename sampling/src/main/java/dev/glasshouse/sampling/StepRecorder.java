package dev.glasshouse.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes the record of each step of one chain. */
final class StepRecorder {
    private static final int[] NO_PLACES = {};

    private final int vocabulary;
    private final int count;
    /** Made at the first step, since most copies of a chain make none. */
    private Optional<Distribution> scratch = Optional.empty();

    private final List<StageRecord> stages = new ArrayList<>();
    private final List<Draw> draws = new ArrayList<>();
    private List<Candidate> top = List.of();
    private double tail;
    private double entropy;
    private float max;
    private double sum;

    /** Records the {@code count} likeliest after each stage. */
    StepRecorder(int vocabulary, int count) {
        this.vocabulary = vocabulary;
        this.count = count;
    }

    /** A recorder for a copy of the chain. */
    StepRecorder copy() {
        StepRecorder copy = new StepRecorder(vocabulary, count);
        copy.max = max;
        copy.sum = sum;
        return copy;
    }

    /** Begins a step. */
    void start(float[] logits) {
        Distribution raw = distribution();
        raw.start(logits);
        stages.clear();
        draws.clear();
        top = raw.top();
        tail = raw.tail();
        entropy = raw.entropyBits();
        max = raw.max();
        sum = raw.sum();
    }

    private Distribution distribution() {
        Distribution made = scratch.orElseGet(() -> new Distribution(vocabulary, count));
        scratch = Optional.of(made);
        return made;
    }

    void after(SamplerStage stage, Candidates candidates) {
        Distribution now = distribution();
        now.follow(candidates);
        stages.add(new StageRecord(
                stage.name(), stage.parameters(), stage.active(), now.kept(), now.cut(), now.top(), now.tail()));
        Optional<Draw> draw = stage.lastDraw();
        if (stage instanceof Picker picker) {
            draw = draw.map(made -> made.withSlices(picker.slices(candidates, places(candidates, now.top()))));
        }
        draw.ifPresent(draws::add);
    }

    /** Where the likeliest stand in the list. */
    private static int[] places(Candidates candidates, List<Candidate> top) {
        if (top.isEmpty()) {
            return NO_PLACES;
        }
        Candidate least = top.getLast();
        int[] places = new int[top.size()];
        int found = 0;
        for (int i = 0; found < places.length; i++) {
            float logit = candidates.logit(i);
            if (logit > least.logit() || (logit == least.logit() && candidates.id(i) <= least.id())) {
                places[found++] = i;
            }
        }
        return places;
    }

    StepRecord finish(int id, PickedBy by, float[] logits) {
        return new StepRecord(
                id,
                by,
                rank(logits, id),
                probability(logits, id),
                entropy,
                vocabulary,
                top,
                tail,
                List.copyOf(stages),
                List.copyOf(draws));
    }

    /** The record of the last step, had somebody picked this id. */
    StepRecord forced(StepRecord step, int id, PickedBy by, float[] logits) {
        return new StepRecord(
                id,
                by,
                rank(logits, id),
                probability(logits, id),
                step.entropy(),
                step.vocabulary(),
                step.top(),
                step.tail(),
                step.stages(),
                step.draws());
    }

    private double probability(float[] logits, int id) {
        return Exp.exp((double) logits[id] - max) / sum;
    }

    /** Places by falling logit, from 1; equal ones share the better place. */
    private static int rank(float[] logits, int id) {
        float its = logits[id];
        int rank = 1;
        for (float logit : logits) {
            rank += logit > its ? 1 : 0;
        }
        return rank;
    }
}
