package dev.glasshouse.kernels;

/**
 * The order in which values along a row are added, which every width of vector can follow: 16 virtual lanes, lane l
 * collecting elements l, l+16, l+32, … from +0 in ascending order, where a row that ends early is filled with +0 (or is
 * simply left alone: a lane that started from +0 is never −0, so adding +0 changes nothing). Then a fixed tree: lane l
 * takes lane l+8 for l &lt; 8, then l+4 for l &lt; 4, then l+2, then l+1.
 */
public final class Lanes {
    /** How many. */
    public static final int COUNT = 16;

    private Lanes() {}

    /** The tree's sum of the first 16 entries, which it overwrites. */
    public static float sum(float[] lanes) {
        for (int step = COUNT / 2; step > 0; step /= 2) {
            for (int lane = 0; lane < step; lane++) {
                lanes[lane] += lanes[lane + step];
            }
        }
        return lanes[0];
    }

    /** The same tree in double. */
    public static double sum(double[] lanes) {
        for (int step = COUNT / 2; step > 0; step /= 2) {
            for (int lane = 0; lane < step; lane++) {
                lanes[lane] += lanes[lane + step];
            }
        }
        return lanes[0];
    }

    /** The sum of the first {@code count} values. */
    public static float sum(float[] values, int count, float[] lanes) {
        java.util.Arrays.fill(lanes, 0, COUNT, 0);
        for (int i = 0; i < count; i++) {
            lanes[i % COUNT] += values[i];
        }
        return sum(lanes);
    }

    /** The sum of the squares of {@code value − middle} over the first {@code count} values, each one fma. */
    public static float sumOfSquares(float[] values, int count, float middle, float[] lanes) {
        java.util.Arrays.fill(lanes, 0, COUNT, 0);
        for (int i = 0; i < count; i++) {
            float x = values[i] - middle;
            lanes[i % COUNT] = Math.fma(x, x, lanes[i % COUNT]);
        }
        return sum(lanes);
    }

    /** The largest of the first {@code count} values (NaN if one is), −∞ for none. */
    public static float max(float[] values, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, values[i]);
        }
        return max;
    }
}
