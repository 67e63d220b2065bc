package dev.glasshouse.sampling;

/**
 * The transcendental functions of sampling in F32, the same on every machine: computed by {@link StrictMath} in double
 * and rounded once, which is the correctly rounded F32 result in all but about one case in 10⁸. The C library behind
 * llama.cpp errs by up to 0.502 units in the last place, so that a probability can differ there in its last bit.
 */
final class FloatMath {
    private static final double LN_2 = StrictMath.log(2);

    private FloatMath() {}

    /** e to the x; 0 below −104, where F32 has no smaller number. */
    static float exp(float x) {
        return x < -104f ? 0f : (float) StrictMath.exp(x);
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
