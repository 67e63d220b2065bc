package dev.glasshouse.sampling;

/**
 * The transcendental functions of sampling in F32, the same on every machine: computed by {@link StrictMath} in double
 * and rounded once, which is the correctly rounded F32 result in all but about one case in 10⁸. The C library behind
 * llama.cpp errs by up to 0.502 units in the last place, so that a probability can differ there in its last bit.
 */
final class FloatMath {
    private static final double LN_2 = StrictMath.log(2);

    /** Below, results may be no normal numbers of F32, which have other borders. */
    private static final float LEAST_NORMAL = -87f;

    /** The bits of a double that a float has not. */
    private static final long BELOW_FLOAT = (1L << 29) - 1;

    private static final long BORDER = 1L << 28;
    /** Units in the last place of F64; {@link Exp} is within 2 of StrictMath. */
    private static final long MARGIN = 8;

    private FloatMath() {}

    /** e to the x; 0 below −104, where F32 has no smaller number. */
    static float exp(float x) {
        if (x < LEAST_NORMAL || x > 0) {
            return x < -104f ? 0f : (float) StrictMath.exp(x);
        }
        double fast = Exp.exp(x);
        // Both round to the same float, unless the border between two floats may lie between them.
        long below = Double.doubleToRawLongBits(fast) & BELOW_FLOAT;
        return Math.abs(below - BORDER) <= MARGIN ? (float) StrictMath.exp(x) : (float) fast;
    }

    static float log(float x) {
        return (float) StrictMath.log(x);
    }

    static float log2(float x) {
        return (float) (StrictMath.log(x) / LN_2);
    }

    static float pow(float x, float y) {
        return (float) StrictMath.pow(x, y);
    }
}
