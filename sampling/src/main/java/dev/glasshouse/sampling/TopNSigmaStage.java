package dev.glasshouse.sampling;

import java.util.Map;

/**
 * Masks logits more than n standard deviations below the greatest (Tang et al. 2024, "Top-nσ"). Sums are F32 and in
 * order; masked ones stay in the list.
 */
public final class TopNSigmaStage implements SamplerStage {
    private final float n;

    /** Off for n ≤ 0. */
    public TopNSigmaStage(float n) {
        this.n = n;
    }

    @Override
    public String name() {
        return StageKind.TOP_N_SIGMA.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(Parameter.TOP_N_SIGMA, n);
    }

    @Override
    public boolean active() {
        return n > 0;
    }

    @Override
    public void apply(Candidates candidates) {
        if (!active() || candidates.size() <= 1) {
            return;
        }
        float max = candidates.logit(0);
        float sum = 0;
        int count = 0;
        for (int i = 0; i < candidates.size(); i++) {
            float logit = candidates.logit(i);
            if (logit != Float.NEGATIVE_INFINITY) {
                max = Math.max(max, logit);
                sum += logit;
                count++;
            }
        }
        float mean = count > 0 ? sum / count : 0;
        float squares = 0;
        for (int i = 0; i < candidates.size(); i++) {
            float logit = candidates.logit(i);
            if (logit != Float.NEGATIVE_INFINITY) {
                double difference = logit - mean;
                squares = (float) (squares + difference * difference);
            }
        }
        float deviation = count > 0 ? (float) Math.sqrt(squares / count) : 0;
        float least = max - n * deviation;
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.logit(i) < least) {
                candidates.setLogit(i, Float.NEGATIVE_INFINITY);
            }
        }
    }

    @Override
    public TopNSigmaStage copy() {
        return this;
    }
}
