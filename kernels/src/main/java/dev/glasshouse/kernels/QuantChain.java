package dev.glasshouse.kernels;

/** One row of quantised weights, ready for its chain (see {@link ScalarProducts}). */
final class QuantChain {
    private final QuantFormat format;
    private final short[] weights;
    private final float[] scales;
    private final float[] minima;
    private final byte[] min;

    QuantChain(QuantFormat format, int cols) {
        this.format = format;
        weights = new short[cols];
        scales = new float[cols / 32];
        minima = new float[cols / 32];
        min = new byte[cols / 32];
    }

    void read(QuantFormat.Row row) {
        int perSub = format.subGroup() == 0 ? 32 : format.subGroup();
        for (int k = 0; k < weights.length; k++) {
            weights[k] = (short) (row.sub[k / perSub] * (row.q[k] - format.offset()));
        }
        int blocks = format.group() / 32;
        for (int block = 0; block < scales.length; block++) {
            scales[block] = Float.float16ToFloat(row.d[block / blocks]);
            minima[block] = format.minimumScale(row, block / blocks);
            min[block] = row.min[block];
        }
    }

    float product(QuantInput x) {
        float y = 0;
        if (format.minimum()) {
            for (int block = 0; block < scales.length; block++) {
                y = Math.fma((float) (min[block] * x.sum[block]), minima[block] * x.d[block], y);
            }
        }
        for (int block = 0; block < scales.length; block++) {
            int p = 0;
            for (int k = block * 32; k < block * 32 + 32; k++) {
                p += weights[k] * x.q[k];
            }
            y = Math.fma((float) p, scales[block] * x.d[block], y);
        }
        return y;
    }
}
