package dev.glasshouse.sampling;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * "Don't repeat yourself" (p-e-w 2024): a token that would prolong a repetition of what stands in the last n tokens loses
 * {@code multiplier · base^(length − allowed)}, length being that of the repeated run before it. Runs do not reach across a
 * breaker, and breakers themselves are not penalised.
 *
 * <p>The length of the longest suffix of the history that also ends at each earlier place comes from the Z-algorithm on
 * the reversed history, in linear time. Lengths are cut to the distance of the last breaker.
 */
public final class DryStage implements SamplerStage {
    /** ln of the greatest F32. */
    private static final float LOG_OF_MAX = 88.72284f;

    private final float multiplier;
    private final float base;
    private final int allowed;
    private final int lastN;
    private final DryBreakers breakers;
    private final int[] ring;
    private int count;
    private int next;

    /**
     * Off where multiplier = 0, base &lt; 1 or lastN ≤ 0.
     *
     * @param allowed length of a run that may be repeated without penalty
     * @param lastN how many tokens back are looked at
     */
    public DryStage(float multiplier, float base, int allowed, int lastN, DryBreakers breakers) {
        this.multiplier = multiplier;
        this.base = base;
        this.allowed = allowed;
        this.lastN = Math.max(lastN, 0);
        this.breakers = breakers;
        ring = new int[active() ? this.lastN : 0];
    }

    @Override
    public String name() {
        return StageKind.DRY.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                Parameter.DRY_MULTIPLIER, multiplier,
                Parameter.DRY_BASE, base,
                Parameter.DRY_ALLOWED_LENGTH, allowed,
                Parameter.DRY_LAST_N, lastN,
                Parameter.DRY_BREAKERS, breakers.texts());
    }

    @Override
    public boolean active() {
        return multiplier != 0 && base >= 1 && lastN > 0;
    }

    @Override
    public void accept(int id) {
        if (active()) {
            ring[next] = id;
            next = (next + 1) % lastN;
            count = Math.min(count + 1, lastN);
        }
    }

    @Override
    public void apply(Candidates candidates) {
        if (!active() || count <= allowed) {
            return;
        }
        int[] back = new int[count];
        for (int i = 0; i < count; i++) {
            back[i] = ring[Math.floorMod(next - 1 - i, lastN)];
        }
        int limit = breakers.distance(back);
        if (limit < allowed) {
            return;
        }
        int[] lengths = repeats(back, limit);
        SortedMap<Integer, Integer> longest = new TreeMap<>();
        for (int k = 1; k < count; k++) {
            if (lengths[k] >= allowed) {
                longest.merge(back[k - 1], lengths[k], Math::max);
            }
        }
        int maxExponent = base > 1.000001f ? (int) (LOG_OF_MAX / FloatMath.log(base)) : 0;
        for (int i = 0; i < candidates.size(); i++) {
            Integer length = longest.get(candidates.id(i));
            if (length != null && !breakers.isBreaker(candidates.id(i))) {
                int exponent = length - allowed;
                if (maxExponent > 0) {
                    exponent = Math.min(exponent, maxExponent);
                }
                float penalty = (float) (multiplier * StrictMath.pow(base, exponent));
                candidates.setLogit(i, candidates.logit(i) - penalty);
            }
        }
        candidates.unsorted();
    }

    /** For k ≥ 1: how many tokens from {@code back[k]} on equal those from {@code back[0]} on, at most {@code limit}. */
    private static int[] repeats(int[] back, int limit) {
        int n = back.length;
        int[] lengths = new int[n];
        int left = 0;
        int right = 0;
        for (int k = 1; k < n; k++) {
            if (k <= right && lengths[k - left] < right - k + 1) {
                lengths[k] = Math.min(lengths[k - left], limit);
                continue;
            }
            int end = k > right ? k : right + 1;
            while (end < n && back[end] == back[end - k]) {
                end++;
            }
            lengths[k] = Math.min(end - k, limit);
            if (end > k) {
                left = k;
                right = end - 1;
            }
        }
        return lengths;
    }

    @Override
    public DryStage copy() {
        DryStage copy = new DryStage(multiplier, base, allowed, lastN, breakers);
        System.arraycopy(ring, 0, copy.ring, 0, ring.length);
        copy.count = count;
        copy.next = next;
        return copy;
    }

    @Override
    public String toString() {
        return name() + Arrays.toString(ring);
    }
}
