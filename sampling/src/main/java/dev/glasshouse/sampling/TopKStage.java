package dev.glasshouse.sampling;

import java.util.Map;

/** Keeps the k likeliest (Fan et al. 2018). */
public final class TopKStage implements SamplerStage {
    private final int k;

    /** Off for k ≤ 0. */
    public TopKStage(int k) {
        this.k = k;
    }

    @Override
    public String name() {
        return StageKind.TOP_K.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(Parameter.TOP_K, k);
    }

    @Override
    public boolean active() {
        return k > 0;
    }

    @Override
    public void apply(Candidates candidates) {
        if (active()) {
            candidates.keepGreatest(Math.min(k, candidates.size()));
        }
    }

    @Override
    public TopKStage copy() {
        return this;
    }
}
