package dev.glasshouse.sampling;

import java.util.Map;

/**
 * Keeps those whose surprise is nearest to the entropy, until their probabilities exceed p (Meister et al. 2022). All
 * arithmetic in F32. Leaves the list in order of that distance.
 *
 * <p>Where a masked candidate (probability 0) comes in, 0 · ln 0 makes entropy and distances NaN, as in llama.cpp: the list
 * is then permuted as its sort permutes equal elements, and cut where the running sum exceeds p.
 */
public final class TypicalStage implements SamplerStage {
    private final float p;
    private final int minKeep;

    /** Off for p ≥ 1; keeps at least {@code minKeep}. */
    public TypicalStage(float p, int minKeep) {
        this.p = p;
        this.minKeep = minKeep;
    }

    @Override
    public String name() {
        return StageKind.TYPICAL_P.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(Parameter.TYPICAL_P, p, Parameter.MIN_KEEP, minKeep);
    }

    @Override
    public boolean active() {
        return p < 1;
    }

    @Override
    public void apply(Candidates candidates) {
        if (!active()) {
            return;
        }
        candidates.softmax(true);
        int size = candidates.size();
        float entropy = 0;
        for (int i = 0; i < size; i++) {
            float probability = candidates.probability(i);
            entropy += -probability * FloatMath.log(probability);
        }
        // Nearness, the greatest first: the negated distance.
        float[] nearness = new float[size];
        int[] places = new int[size];
        for (int i = 0; i < size; i++) {
            nearness[i] = -Math.abs(-FloatMath.log(candidates.probability(i)) - entropy);
            places[i] = i;
        }
        new DescendingSort(nearness, places, new float[size]).sort(0, size);
        float sum = 0;
        int kept = size;
        for (int i = 0; i < size; i++) {
            sum += candidates.probability(places[i]);
            if (sum > p && i + 1 >= minKeep) {
                kept = i + 1;
                break;
            }
        }
        candidates.keep(places, kept);
        candidates.unsorted();
    }

    @Override
    public TypicalStage copy() {
        return this;
    }
}
