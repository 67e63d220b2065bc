package dev.glasshouse.sampling;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adaptive-p (llama.cpp #17927): prefers tokens whose probability is near a target, and shifts the target against the
 * running average (weight {@code decay} a step) of what was picked:
 * {@code logit = 5 − 10·d² / (1 + d)} with {@code d = |p − target| / 0.3}. All arithmetic in F32.
 */
public final class AdaptivePPicker implements Picker {
    private static final float PEAK = 5;
    private static final float SHARPNESS = 10;
    private static final float INVERSE_WIDTH = 1f / 0.3f;
    private static final float MAX_DECAY = 0.99f;
    private static final float[] NOTHING = {};

    private final float target;
    private final float decay;
    private final CumulativeDraw draw;
    private float weightedSum;
    private float totalWeight;
    private int pendingId = -1;
    private float pendingProbability;

    /** Below 0, the target is none and the picker only draws. */
    public AdaptivePPicker(float target, float decay, int seed) {
        this(target, Math.clamp(decay, 0f, MAX_DECAY), new CumulativeDraw(new MersenneTwister(seed)));
        weightedSum = target / (1f - this.decay);
        totalWeight = 1f / (1f - this.decay);
    }

    private AdaptivePPicker(float target, float decay, CumulativeDraw draw) {
        this.target = target;
        this.decay = decay;
        this.draw = draw;
    }

    @Override
    public String name() {
        return StageKind.ADAPTIVE_P.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                Parameter.ADAPTIVE_TARGET, target, Parameter.ADAPTIVE_DECAY, decay, Parameter.SEED, draw.seed());
    }

    @Override
    public int pick(Candidates candidates) {
        float[] original = adapt(candidates);
        int place = draw.pick(candidates);
        if (target >= 0) {
            pendingId = candidates.id(place);
            pendingProbability = original[place];
        }
        return place;
    }

    @Override
    public List<Slice> slices(Candidates candidates, int[] places) {
        return draw.slices(candidates, places);
    }

    @Override
    public Lottery lottery(Candidates candidates) {
        adapt(candidates);
        return draw.lottery(candidates);
    }

    /** Changes the logits; returns the probabilities before. Without a target it leaves them, and returns nothing. */
    private float[] adapt(Candidates candidates) {
        candidates.softmax(false);
        if (target < 0) {
            return NOTHING;
        }
        float wanted = Math.clamp(target, 0f, 1f);
        float adapted = totalWeight == 0 ? wanted : Math.clamp(2f * wanted - weightedSum / totalWeight, 0f, 1f);
        float[] original = new float[candidates.size()];
        for (int i = 0; i < candidates.size(); i++) {
            original[i] = candidates.probability(i);
            if (candidates.logit(i) != Float.NEGATIVE_INFINITY) {
                float distance = Math.abs((original[i] - adapted) * INVERSE_WIDTH);
                candidates.setLogit(i, PEAK - SHARPNESS * distance * distance / (1f + distance));
            }
        }
        // The list keeps its order and, as in llama.cpp, its mark of being sorted: exp(logit − first logit) then.
        candidates.softmax(false);
        return original;
    }

    @Override
    public void accept(int id) {
        if (pendingId == id) {
            weightedSum = pendingProbability + decay * weightedSum;
            totalWeight = 1f + decay * totalWeight;
        }
        pendingId = -1;
    }

    @Override
    public Optional<Draw> lastDraw() {
        return draw.last(name());
    }

    @Override
    public AdaptivePPicker copy() {
        AdaptivePPicker copy = new AdaptivePPicker(target, decay, draw.copy());
        copy.weightedSum = weightedSum;
        copy.totalWeight = totalWeight;
        copy.pendingId = pendingId;
        copy.pendingProbability = pendingProbability;
        return copy;
    }
}
