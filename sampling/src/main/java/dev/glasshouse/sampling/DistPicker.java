package dev.glasshouse.sampling;

import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The draw: u from MT19937 with the seed; the first candidate, in the list's order, whose running F64 sum of
 * {@code exp(logit − max)} reaches u · sum. One draw a step, even for one candidate.
 */
public final class DistPicker implements Picker {
    static final String NAME = "dist";

    private final MersenneTwister generator;
    private double u;
    private int place;
    private double low;
    private double high;
    private double sum;
    /** F32 weights by place, as far as the last pick went. */
    private float[] weights = {};

    /** A picker with a fresh generator. */
    public DistPicker(int seed) {
        this(new MersenneTwister(seed));
    }

    private DistPicker(MersenneTwister generator) {
        this.generator = generator;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(Parameter.SEED, generator.seed());
    }

    @Override
    public int pick(Candidates candidates) {
        u = generator.nextDouble();
        int size = candidates.size();
        float max = candidates.maxLogit();
        if (max == Float.NEGATIVE_INFINITY) {
            throw allBanned();
        }
        if (weights.length < size) {
            weights = new float[size];
        }
        sum = 0;
        for (int i = 0; i < size; i++) {
            float p = FloatMath.exp(candidates.logit(i) - max);
            weights[i] = p;
            sum += p;
        }
        double target = sum * u;
        double running = 0;
        place = -1;
        for (int i = 0; i < size; i++) {
            float p = weights[i];
            if (place < 0) {
                if (running + p >= target) {
                    place = i;
                    low = running / sum;
                    high = (running + p) / sum;
                }
                running += p;
            }
            candidates.setProbability(i, (float) (p / sum));
        }
        if (place < 0) {
            // A tiny temperature sent logits to infinity, and the sum is NaN.
            place = candidates.greatestPlace();
            low = 0;
            high = 1;
        }
        return place;
    }

    @Override
    public List<Slice> slices(Candidates candidates, int[] places) {
        List<Slice> slices = new ArrayList<>();
        double running = 0;
        int i = 0;
        for (int wanted : sum > 0 ? places : new int[0]) {
            for (; i < wanted; i++) {
                running += weights[i];
            }
            double end = running + weights[i];
            slices.add(new Slice(candidates.id(i), running / sum, end / sum));
        }
        return slices;
    }

    @Override
    public Lottery lottery(Candidates candidates) {
        float max = candidates.maxLogit();
        if (max == Float.NEGATIVE_INFINITY) {
            throw allBanned();
        }
        double[] ends = new double[candidates.size()];
        double running = 0;
        for (int i = 0; i < ends.length; i++) {
            running += FloatMath.exp(candidates.logit(i) - max);
            ends[i] = running;
        }
        return running > 0
                ? Lottery.of(candidates, ends, running, generator)
                : Lottery.certain(candidates.id(candidates.greatestPlace()), generator);
    }

    static GlassException allBanned() {
        return new GlassException("Every token is banned: logit biases or a grammar leave no candidate to pick from.");
    }

    @Override
    public Optional<Draw> lastDraw() {
        return Optional.of(new Draw(
                NAME,
                Draw.MT19937,
                generator.seed(),
                generator.outputs() - 2,
                u,
                OptionalInt.of(place),
                low,
                high,
                List.of()));
    }

    @Override
    public DistPicker copy() {
        return new DistPicker(new MersenneTwister(generator));
    }
}
