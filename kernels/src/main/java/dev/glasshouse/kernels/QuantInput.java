package dev.glasshouse.kernels;

/**
 * Activations as products with quantised weights see them. Each block of 32 is scaled by its largest absolute value a:
 *
 * <pre>    d = a / 127,   q = rint(x · (127 / a)),   half to even, so |q| ≤ 127</pre>
 *
 * A block with a &lt; 2⁻¹⁰⁰ counts as zero: d = 0 and q = 0. A block with a value that is not finite has d = NaN and
 * q = 0, which makes every output that meets it NaN.
 */
final class QuantInput {
    /** Below this a block counts as zero, so that 127 / a cannot overflow. */
    static final float ZERO = 0x1p-100f;

    final short[] q;
    final float[] d;
    final int[] sum;

    QuantInput(int cols) {
        q = new short[cols];
        d = new float[cols / 32];
        sum = new int[cols / 32];
    }

    /** Quantises one row. */
    void read(float[] x) {
        for (int block = 0; block < d.length; block++) {
            float max = 0;
            for (int i = 0; i < 32; i++) {
                max = Math.max(max, Math.abs(x[block * 32 + i]));
            }
            boolean finite = max <= Float.MAX_VALUE;
            float inverse = finite && max >= ZERO ? 127f / max : 0;
            d[block] = inverse != 0 ? max / 127f : finite ? 0 : Float.NaN;
            int total = 0;
            for (int i = 0; i < 32; i++) {
                int value = inverse != 0 ? (int) Math.rint(x[block * 32 + i] * inverse) : 0;
                q[block * 32 + i] = (short) value;
                total += value;
            }
            sum[block] = total;
        }
    }
}
