package dev.glasshouse.sampling;

import java.util.Map;

/**
 * Keeps those at least p times as likely as the likeliest (Nguyen et al. 2024): logit ≥ greatest + ln p, in F32. An
 * unsorted list keeps its order, unless too few would be left.
 */
public final class MinPStage implements SamplerStage {
    private final float p;
    private final int minKeep;

    /** Off for p ≤ 0; keeps at least {@code minKeep}. */
    public MinPStage(float p, int minKeep) {
        this.p = p;
        this.minKeep = minKeep;
    }

    @Override
    public String name() {
        return StageKind.MIN_P.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(Parameter.MIN_P, p, Parameter.MIN_KEEP, minKeep);
    }

    @Override
    public boolean active() {
        return p > 0;
    }

    @Override
    public void apply(Candidates candidates) {
        if (!active()) {
            return;
        }
        float least = candidates.maxLogit() + FloatMath.log(p);
        if (!candidates.sorted()) {
            int enough = 0;
            for (int i = 0; i < candidates.size(); i++) {
                if (candidates.logit(i) >= least) {
                    enough++;
                }
            }
            if (enough > 0 && enough >= minKeep) {
                candidates.keepFrom(least);
                return;
            }
            candidates.sort();
        }
        int kept = 1;
        while (kept < candidates.size() && (candidates.logit(kept) >= least || kept < minKeep)) {
            kept++;
        }
        candidates.truncate(kept);
    }

    @Override
    public MinPStage copy() {
        return this;
    }
}
