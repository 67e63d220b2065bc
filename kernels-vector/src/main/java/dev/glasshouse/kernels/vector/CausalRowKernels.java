package dev.glasshouse.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The product of causal attention's gradients whose lanes are values of the head: that for dq. */
final class CausalRowKernels {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    private static final int TILE = CausalKernels.TILE;
    private static final boolean WIDE = CausalKernels.WIDE;
    /** Rows that {@link #addToRows} does at a time. */
    static final int ROWS = WIDE ? 8 : 4;

    /** For heads of eight values and the like, where vectors are wider than that. */
    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;

    private static final int STRIDE = Math.min(8, LANES);

    private CausalRowKernels() {}

    /**
     * {@code sums[i][d] = sums[i][d] + Σ p[i][j]·k[j][d]} of {@code rows} rows, a multiple of {@link #ROWS}, j ascending;
     * here lanes are values of the head.
     *
     * @param sums rows of {@code stride} values, a multiple of the lanes
     * @param p rows × TILE, from 0
     * @param k {@code keys} rows of {@code stride} values
     */
    static void addToRows(float[] sums, int sumsAt, int stride, float[] p, float[] k, int kAt, int keys, int rows) {
        for (int i = 0; i < rows; i += ROWS) {
            int d = 0;
            for (; d + TILE <= stride; d += TILE) {
                if (WIDE) {
                    addToEightRows2(sums, sumsAt + i * stride + d, stride, p, i * TILE, k, kAt + d, keys);
                } else {
                    addToFourRows2(sums, sumsAt + i * stride + d, stride, p, i * TILE, k, kAt + d, keys);
                }
            }
            if (d + LANES <= stride) {
                if (WIDE) {
                    addToEightRows1(sums, sumsAt + i * stride + d, stride, p, i * TILE, k, kAt + d, keys);
                } else {
                    addToFourRows1(sums, sumsAt + i * stride + d, stride, p, i * TILE, k, kAt + d, keys);
                }
                d += LANES;
            }
            if (d < stride) {
                addToEightRowsHalf(sums, sumsAt + i * stride + d, stride, p, i * TILE, k, kAt + d, keys);
            }
        }
    }

    /** What {@link #addToRows} needs a row's {@code size} values padded to. */
    static int stride(int size) {
        return (size + STRIDE - 1) / STRIDE * STRIDE;
    }

    private static void addToEightRows2(
            float[] sums, int sumsAt, int stride, float[] p, int pAt, float[] k, int kAt, int keys) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * stride);
        FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * stride + LANES);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * stride);
        FloatVector b1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * stride + LANES);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * stride);
        FloatVector b2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * stride + LANES);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * stride);
        FloatVector b3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * stride + LANES);
        FloatVector a4 = FloatVector.fromArray(FLOATS, sums, sumsAt + 4 * stride);
        FloatVector b4 = FloatVector.fromArray(FLOATS, sums, sumsAt + 4 * stride + LANES);
        FloatVector a5 = FloatVector.fromArray(FLOATS, sums, sumsAt + 5 * stride);
        FloatVector b5 = FloatVector.fromArray(FLOATS, sums, sumsAt + 5 * stride + LANES);
        FloatVector a6 = FloatVector.fromArray(FLOATS, sums, sumsAt + 6 * stride);
        FloatVector b6 = FloatVector.fromArray(FLOATS, sums, sumsAt + 6 * stride + LANES);
        FloatVector a7 = FloatVector.fromArray(FLOATS, sums, sumsAt + 7 * stride);
        FloatVector b7 = FloatVector.fromArray(FLOATS, sums, sumsAt + 7 * stride + LANES);
        int at = kAt;
        for (int j = pAt; j < pAt + keys; j++) {
            FloatVector a = FloatVector.fromArray(FLOATS, k, at);
            FloatVector b = FloatVector.fromArray(FLOATS, k, at + LANES);
            FloatVector p0 = FloatVector.broadcast(FLOATS, p[j + 0 * TILE]);
            a0 = p0.fma(a, a0);
            b0 = p0.fma(b, b0);
            FloatVector p1 = FloatVector.broadcast(FLOATS, p[j + 1 * TILE]);
            a1 = p1.fma(a, a1);
            b1 = p1.fma(b, b1);
            FloatVector p2 = FloatVector.broadcast(FLOATS, p[j + 2 * TILE]);
            a2 = p2.fma(a, a2);
            b2 = p2.fma(b, b2);
            FloatVector p3 = FloatVector.broadcast(FLOATS, p[j + 3 * TILE]);
            a3 = p3.fma(a, a3);
            b3 = p3.fma(b, b3);
            FloatVector p4 = FloatVector.broadcast(FLOATS, p[j + 4 * TILE]);
            a4 = p4.fma(a, a4);
            b4 = p4.fma(b, b4);
            FloatVector p5 = FloatVector.broadcast(FLOATS, p[j + 5 * TILE]);
            a5 = p5.fma(a, a5);
            b5 = p5.fma(b, b5);
            FloatVector p6 = FloatVector.broadcast(FLOATS, p[j + 6 * TILE]);
            a6 = p6.fma(a, a6);
            b6 = p6.fma(b, b6);
            FloatVector p7 = FloatVector.broadcast(FLOATS, p[j + 7 * TILE]);
            a7 = p7.fma(a, a7);
            b7 = p7.fma(b, b7);
            at += stride;
        }
        a0.intoArray(sums, sumsAt + 0 * stride);
        b0.intoArray(sums, sumsAt + 0 * stride + LANES);
        a1.intoArray(sums, sumsAt + 1 * stride);
        b1.intoArray(sums, sumsAt + 1 * stride + LANES);
        a2.intoArray(sums, sumsAt + 2 * stride);
        b2.intoArray(sums, sumsAt + 2 * stride + LANES);
        a3.intoArray(sums, sumsAt + 3 * stride);
        b3.intoArray(sums, sumsAt + 3 * stride + LANES);
        a4.intoArray(sums, sumsAt + 4 * stride);
        b4.intoArray(sums, sumsAt + 4 * stride + LANES);
        a5.intoArray(sums, sumsAt + 5 * stride);
        b5.intoArray(sums, sumsAt + 5 * stride + LANES);
        a6.intoArray(sums, sumsAt + 6 * stride);
        b6.intoArray(sums, sumsAt + 6 * stride + LANES);
        a7.intoArray(sums, sumsAt + 7 * stride);
        b7.intoArray(sums, sumsAt + 7 * stride + LANES);
    }

    private static void addToEightRows1(
            float[] sums, int sumsAt, int stride, float[] p, int pAt, float[] k, int kAt, int keys) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * stride);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * stride);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * stride);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * stride);
        FloatVector a4 = FloatVector.fromArray(FLOATS, sums, sumsAt + 4 * stride);
        FloatVector a5 = FloatVector.fromArray(FLOATS, sums, sumsAt + 5 * stride);
        FloatVector a6 = FloatVector.fromArray(FLOATS, sums, sumsAt + 6 * stride);
        FloatVector a7 = FloatVector.fromArray(FLOATS, sums, sumsAt + 7 * stride);
        int at = kAt;
        for (int j = pAt; j < pAt + keys; j++) {
            FloatVector a = FloatVector.fromArray(FLOATS, k, at);
            FloatVector p0 = FloatVector.broadcast(FLOATS, p[j + 0 * TILE]);
            a0 = p0.fma(a, a0);
            FloatVector p1 = FloatVector.broadcast(FLOATS, p[j + 1 * TILE]);
            a1 = p1.fma(a, a1);
            FloatVector p2 = FloatVector.broadcast(FLOATS, p[j + 2 * TILE]);
            a2 = p2.fma(a, a2);
            FloatVector p3 = FloatVector.broadcast(FLOATS, p[j + 3 * TILE]);
            a3 = p3.fma(a, a3);
            FloatVector p4 = FloatVector.broadcast(FLOATS, p[j + 4 * TILE]);
            a4 = p4.fma(a, a4);
            FloatVector p5 = FloatVector.broadcast(FLOATS, p[j + 5 * TILE]);
            a5 = p5.fma(a, a5);
            FloatVector p6 = FloatVector.broadcast(FLOATS, p[j + 6 * TILE]);
            a6 = p6.fma(a, a6);
            FloatVector p7 = FloatVector.broadcast(FLOATS, p[j + 7 * TILE]);
            a7 = p7.fma(a, a7);
            at += stride;
        }
        a0.intoArray(sums, sumsAt + 0 * stride);
        a1.intoArray(sums, sumsAt + 1 * stride);
        a2.intoArray(sums, sumsAt + 2 * stride);
        a3.intoArray(sums, sumsAt + 3 * stride);
        a4.intoArray(sums, sumsAt + 4 * stride);
        a5.intoArray(sums, sumsAt + 5 * stride);
        a6.intoArray(sums, sumsAt + 6 * stride);
        a7.intoArray(sums, sumsAt + 7 * stride);
    }

    private static void addToEightRowsHalf(
            float[] sums, int sumsAt, int stride, float[] p, int pAt, float[] k, int kAt, int keys) {
        FloatVector a0 = FloatVector.fromArray(EIGHT, sums, sumsAt + 0 * stride);
        FloatVector a1 = FloatVector.fromArray(EIGHT, sums, sumsAt + 1 * stride);
        FloatVector a2 = FloatVector.fromArray(EIGHT, sums, sumsAt + 2 * stride);
        FloatVector a3 = FloatVector.fromArray(EIGHT, sums, sumsAt + 3 * stride);
        FloatVector a4 = FloatVector.fromArray(EIGHT, sums, sumsAt + 4 * stride);
        FloatVector a5 = FloatVector.fromArray(EIGHT, sums, sumsAt + 5 * stride);
        FloatVector a6 = FloatVector.fromArray(EIGHT, sums, sumsAt + 6 * stride);
        FloatVector a7 = FloatVector.fromArray(EIGHT, sums, sumsAt + 7 * stride);
        int at = kAt;
        for (int j = pAt; j < pAt + keys; j++) {
            FloatVector a = FloatVector.fromArray(EIGHT, k, at);
            FloatVector p0 = FloatVector.broadcast(EIGHT, p[j + 0 * TILE]);
            a0 = p0.fma(a, a0);
            FloatVector p1 = FloatVector.broadcast(EIGHT, p[j + 1 * TILE]);
            a1 = p1.fma(a, a1);
            FloatVector p2 = FloatVector.broadcast(EIGHT, p[j + 2 * TILE]);
            a2 = p2.fma(a, a2);
            FloatVector p3 = FloatVector.broadcast(EIGHT, p[j + 3 * TILE]);
            a3 = p3.fma(a, a3);
            FloatVector p4 = FloatVector.broadcast(EIGHT, p[j + 4 * TILE]);
            a4 = p4.fma(a, a4);
            FloatVector p5 = FloatVector.broadcast(EIGHT, p[j + 5 * TILE]);
            a5 = p5.fma(a, a5);
            FloatVector p6 = FloatVector.broadcast(EIGHT, p[j + 6 * TILE]);
            a6 = p6.fma(a, a6);
            FloatVector p7 = FloatVector.broadcast(EIGHT, p[j + 7 * TILE]);
            a7 = p7.fma(a, a7);
            at += stride;
        }
        a0.intoArray(sums, sumsAt + 0 * stride);
        a1.intoArray(sums, sumsAt + 1 * stride);
        a2.intoArray(sums, sumsAt + 2 * stride);
        a3.intoArray(sums, sumsAt + 3 * stride);
        a4.intoArray(sums, sumsAt + 4 * stride);
        a5.intoArray(sums, sumsAt + 5 * stride);
        a6.intoArray(sums, sumsAt + 6 * stride);
        a7.intoArray(sums, sumsAt + 7 * stride);
    }

    private static void addToFourRows2(
            float[] sums, int sumsAt, int stride, float[] p, int pAt, float[] k, int kAt, int keys) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * stride);
        FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * stride + LANES);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * stride);
        FloatVector b1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * stride + LANES);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * stride);
        FloatVector b2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * stride + LANES);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * stride);
        FloatVector b3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * stride + LANES);
        int at = kAt;
        for (int j = pAt; j < pAt + keys; j++) {
            FloatVector a = FloatVector.fromArray(FLOATS, k, at);
            FloatVector b = FloatVector.fromArray(FLOATS, k, at + LANES);
            FloatVector p0 = FloatVector.broadcast(FLOATS, p[j + 0 * TILE]);
            a0 = p0.fma(a, a0);
            b0 = p0.fma(b, b0);
            FloatVector p1 = FloatVector.broadcast(FLOATS, p[j + 1 * TILE]);
            a1 = p1.fma(a, a1);
            b1 = p1.fma(b, b1);
            FloatVector p2 = FloatVector.broadcast(FLOATS, p[j + 2 * TILE]);
            a2 = p2.fma(a, a2);
            b2 = p2.fma(b, b2);
            FloatVector p3 = FloatVector.broadcast(FLOATS, p[j + 3 * TILE]);
            a3 = p3.fma(a, a3);
            b3 = p3.fma(b, b3);
            at += stride;
        }
        a0.intoArray(sums, sumsAt + 0 * stride);
        b0.intoArray(sums, sumsAt + 0 * stride + LANES);
        a1.intoArray(sums, sumsAt + 1 * stride);
        b1.intoArray(sums, sumsAt + 1 * stride + LANES);
        a2.intoArray(sums, sumsAt + 2 * stride);
        b2.intoArray(sums, sumsAt + 2 * stride + LANES);
        a3.intoArray(sums, sumsAt + 3 * stride);
        b3.intoArray(sums, sumsAt + 3 * stride + LANES);
    }

    private static void addToFourRows1(
            float[] sums, int sumsAt, int stride, float[] p, int pAt, float[] k, int kAt, int keys) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * stride);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * stride);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * stride);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * stride);
        int at = kAt;
        for (int j = pAt; j < pAt + keys; j++) {
            FloatVector a = FloatVector.fromArray(FLOATS, k, at);
            FloatVector p0 = FloatVector.broadcast(FLOATS, p[j + 0 * TILE]);
            a0 = p0.fma(a, a0);
            FloatVector p1 = FloatVector.broadcast(FLOATS, p[j + 1 * TILE]);
            a1 = p1.fma(a, a1);
            FloatVector p2 = FloatVector.broadcast(FLOATS, p[j + 2 * TILE]);
            a2 = p2.fma(a, a2);
            FloatVector p3 = FloatVector.broadcast(FLOATS, p[j + 3 * TILE]);
            a3 = p3.fma(a, a3);
            at += stride;
        }
        a0.intoArray(sums, sumsAt + 0 * stride);
        a1.intoArray(sums, sumsAt + 1 * stride);
        a2.intoArray(sums, sumsAt + 2 * stride);
        a3.intoArray(sums, sumsAt + 3 * stride);
    }
}
