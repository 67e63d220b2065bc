package dev.glasshouse.kernels;

/**
 * Elementary functions of our own, because the JDK's may differ from machine to machine and have no vector form that
 * is specified. They use only + − × ÷, fma and integer operations, in an order that is part of the numerics version, so
 * that one lane of a vector gives the same bits as these methods.
 *
 * <p><b>exp.</b> x = n·ln 2 + r with n the integer nearest to x/ln 2 and |r| ≤ 0.347; ln 2 is taken in two parts, the
 * first short enough that n times it is exact. e^r = 1 + (r + r²·P(r)), P of degree 4, interpolating at Chebyshev nodes
 * (relative error 2⁻²⁶ before rounding); times 2ⁿ by adding n to the exponent. Results below the normal range
 * (x &lt; {@link #EXP_LOWEST}) are zero, results above the range infinite. At most 1.1 units in the last place from
 * the exact value; exp(0) is exactly 1.
 *
 * <p><b>tanh.</b> Of a = |x|: up to 0.625 it is a + a·z·P(z) with z = x² and P of degree 4; above, 1 − 2/(e^(2a) + 1); with
 * the sign of x. At most 2 units in the last place from the exact value.
 */
public final class Maths {
    /** Below it exp gives 0. */
    public static final float EXP_LOWEST = -87.3f;
    /** Above it exp gives infinity: the largest float whose exponential is finite. */
    public static final float EXP_HIGHEST = 0x1.62e42ep6f;
    /** 1 / ln 2. */
    public static final float LOG2_E = 1.442695f;
    /** 1.5·2²³: adding it rounds to an integer (half to even) and leaves that integer in the low bits. */
    public static final float MAGIC = 0x1.8p23f;
    /** The first 16 bits of ln 2. */
    public static final float LN2_HIGH = 0x1.62e4p-1f;
    /** The rest of ln 2. */
    public static final float LN2_LOW = 1.4286068e-6f;
    /** Coefficients of exp's polynomial, lowest first. */
    public static final float EXP_0 = 0.5f;

    public static final float EXP_1 = 0x1.5554dcp-3f;
    public static final float EXP_2 = 0x1.555518p-5f;
    public static final float EXP_3 = 0x1.120c62p-7f;
    public static final float EXP_4 = 0x1.6d11fep-10f;

    /** Up to this |x|, tanh is its polynomial. */
    public static final float TANH_SMALL = 0.625f;
    /** Coefficients of tanh's polynomial, lowest first. */
    public static final float TANH_0 = -0.33333328f;

    public static final float TANH_1 = 0.1333277f;
    public static final float TANH_2 = -0.053850908f;
    public static final float TANH_3 = 0.02099718f;
    public static final float TANH_4 = -0.006096714f;

    /** −2·√(2/π): see {@link #gelu}. */
    public static final float GELU_LINEAR = -1.5957692f;
    /** −2·√(2/π)·0.044715. */
    public static final float GELU_CUBIC = -0.071354814f;

    private Maths() {}

    /** e to the x. */
    public static float exp(float x) {
        if (!(x >= EXP_LOWEST)) {
            return Float.isNaN(x) ? Float.NaN : 0;
        }
        if (x > EXP_HIGHEST) {
            return Float.POSITIVE_INFINITY;
        }
        float shifted = Math.fma(x, LOG2_E, MAGIC);
        float n = shifted - MAGIC;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        float p = Math.fma(EXP_4, r, EXP_3);
        p = Math.fma(p, r, EXP_2);
        p = Math.fma(p, r, EXP_1);
        p = Math.fma(p, r, EXP_0);
        float e = Math.fma(p, r * r, r) + 1;
        return Float.intBitsToFloat(Float.floatToRawIntBits(e) + (Float.floatToRawIntBits(shifted) << 23));
    }

    /** The hyperbolic tangent. */
    public static float tanh(float x) {
        float size = Math.abs(x);
        if (size <= TANH_SMALL) {
            float z = x * x;
            float p = Math.fma(TANH_4, z, TANH_3);
            p = Math.fma(p, z, TANH_2);
            p = Math.fma(p, z, TANH_1);
            p = Math.fma(p, z, TANH_0);
            return Math.copySign(Math.fma(p, z * size, size), x);
        }
        return Math.copySign(1 - 2 / (exp(2 * size) + 1), x);
    }

    /** {@code x / (1 + e^−x)}. */
    public static float silu(float x) {
        return x / (1 + exp(-x));
    }

    /**
     * {@code x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))}, the "tanh form", as the equal {@code x / (1 + e^t)} with
     * {@code t = x·(GELU_LINEAR + GELU_CUBIC·x²)}, which does not cancel where x is negative.
     */
    public static float gelu(float x) {
        return x / (1 + exp(x * Math.fma(x * x, GELU_CUBIC, GELU_LINEAR)));
    }

    /** {@code cap · tanh(x / cap)}. */
    public static float softcap(float cap, float x) {
        return cap * tanh(x / cap);
    }

    /** {@code 1 / √(sumOfSquares / count + eps)}: what a norm multiplies by. */
    public static float normFactor(float sumOfSquares, int count, float eps) {
        return 1 / (float) Math.sqrt(sumOfSquares / count + eps);
    }
}
