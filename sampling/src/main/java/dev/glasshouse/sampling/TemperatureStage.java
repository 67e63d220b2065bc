package dev.glasshouse.sampling;

import java.util.Map;

/**
 * Divides the logits by the temperature. At 0 or below only the greatest is left, the first of equals; the others are
 * masked.
 *
 * <p>With a range, the temperature follows the entropy of the candidates: from {@code temperature − range} (at least 0) to
 * {@code temperature + range}, by (entropy / ln size)^exponent. All arithmetic in F32.
 */
public final class TemperatureStage implements SamplerStage {
    private final float temperature;
    private final float range;
    private final float exponent;

    /** Dynamic where range &gt; 0. */
    public TemperatureStage(float temperature, float range, float exponent) {
        this.temperature = temperature;
        this.range = range;
        this.exponent = exponent;
    }

    @Override
    public String name() {
        return StageKind.TEMPERATURE.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                Parameter.TEMPERATURE, temperature,
                Parameter.DYNAMIC_TEMPERATURE_RANGE, range,
                Parameter.DYNAMIC_TEMPERATURE_EXPONENT, exponent);
    }

    @Override
    public boolean active() {
        return range > 0 || temperature != 1;
    }

    @Override
    public void apply(Candidates candidates) {
        if (range > 0) {
            if (candidates.size() > 1) {
                divide(candidates, byEntropy(candidates));
            }
        } else {
            divide(candidates, temperature);
        }
    }

    private float byEntropy(Candidates candidates) {
        float least = Math.max(0f, temperature - range);
        float greatest = temperature + range;
        float maxEntropy = -FloatMath.log(1f / candidates.size());
        candidates.softmax(true);
        float entropy = 0;
        for (int i = 0; i < candidates.size(); i++) {
            float p = candidates.probability(i);
            if (p > 0) {
                entropy -= p * FloatMath.log(p);
            }
        }
        return least + (greatest - least) * FloatMath.pow(entropy / maxEntropy, exponent);
    }

    private static void divide(Candidates candidates, float temperature) {
        if (temperature > 0) {
            for (int i = 0; i < candidates.size(); i++) {
                candidates.setLogit(i, candidates.logit(i) / temperature);
            }
            return;
        }
        int greatest = 0;
        for (int i = 1; i < candidates.size(); i++) {
            int masked = i;
            if (candidates.logit(i) > candidates.logit(greatest)) {
                masked = greatest;
                greatest = i;
            }
            candidates.setLogit(masked, Float.NEGATIVE_INFINITY);
        }
    }

    @Override
    public TemperatureStage copy() {
        return this;
    }
}
