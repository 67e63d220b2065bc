package dev.glasshouse.sampling;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mirostat (Basu et al. 2020): keeps the surprise of the text near a target by cutting the list, and learns from the
 * surprise of each pick: {@code mu −= eta · (surprise − tau)}, starting at 2 · tau bits. All arithmetic in F32.
 *
 * <ul>
 *   <li>Version 1 estimates Zipf's exponent from the 100 likeliest and from it the k to keep.
 *   <li>Version 2 drops all with more than mu bits of surprise.
 * </ul>
 */
public final class MirostatPicker implements Picker {
    private final int version;
    private final int vocabulary;
    private final float tau;
    private final float eta;
    private final int estimateFrom;
    private final CumulativeDraw draw;
    private float mu;

    private MirostatPicker(
            int version, int vocabulary, float tau, float eta, int estimateFrom, float mu, CumulativeDraw draw) {
        this.version = version;
        this.vocabulary = vocabulary;
        this.tau = tau;
        this.eta = eta;
        this.estimateFrom = estimateFrom;
        this.mu = mu;
        this.draw = draw;
    }

    /** Version 1; {@code estimateFrom} is the number of candidates used for the estimate, usually 100. */
    public static MirostatPicker version1(int vocabulary, float tau, float eta, int estimateFrom, int seed) {
        CumulativeDraw draw = new CumulativeDraw(new MersenneTwister(seed));
        return new MirostatPicker(1, vocabulary, tau, eta, estimateFrom, 2 * tau, draw);
    }

    /** Version 2. */
    public static MirostatPicker version2(float tau, float eta, int seed) {
        CumulativeDraw draw = new CumulativeDraw(new MersenneTwister(seed));
        return new MirostatPicker(2, 0, tau, eta, 0, 2 * tau, draw);
    }

    @Override
    public String name() {
        return version == 1 ? "mirostat" : "mirostat_v2";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                Parameter.MIROSTAT, version,
                Parameter.MIROSTAT_TAU, tau,
                Parameter.MIROSTAT_ETA, eta,
                Parameter.SEED, draw.seed());
    }

    @Override
    public int pick(Candidates candidates) {
        cut(candidates);
        int place = draw.pick(candidates);
        float surprise = -FloatMath.log2(candidates.probability(place));
        mu -= eta * (surprise - tau);
        return place;
    }

    @Override
    public List<Slice> slices(Candidates candidates, int[] places) {
        return draw.slices(candidates, places);
    }

    @Override
    public Lottery lottery(Candidates candidates) {
        cut(candidates);
        return draw.lottery(candidates);
    }

    private void cut(Candidates candidates) {
        candidates.softmax(true);
        if (version == 1) {
            candidates.keepGreatest(Math.min(Math.max(estimateK(candidates), 1), candidates.size()));
        } else {
            int kept = 0;
            while (kept < candidates.size() && !(-FloatMath.log2(candidates.probability(kept)) > mu)) {
                kept++;
            }
            candidates.truncate(Math.max(kept, 1));
        }
        candidates.softmax(true);
    }

    private int estimateK(Candidates candidates) {
        float products = 0;
        float squares = 0;
        for (int i = 0; i < estimateFrom - 1 && i < candidates.size() - 1; i++) {
            float t = FloatMath.log((float) (i + 2) / (float) (i + 1));
            float b = FloatMath.log(candidates.probability(i) / candidates.probability(i + 1));
            products += t * b;
            squares += t * t;
        }
        float exponent = products / squares;
        float epsilon = exponent - 1;
        float ratio = (epsilon * FloatMath.pow(2, mu)) / (1 - FloatMath.pow(vocabulary, -epsilon));
        float k = FloatMath.pow(ratio, 1 / exponent);
        // Beyond the range of an int, and for NaN, the conversion in C++ gives the least int: one candidate.
        return k > -0x1p31f && k < 0x1p31f ? (int) k : 1;
    }

    @Override
    public Optional<Draw> lastDraw() {
        return draw.last(name());
    }

    @Override
    public MirostatPicker copy() {
        return new MirostatPicker(version, vocabulary, tau, eta, estimateFrom, mu, draw.copy());
    }
}
