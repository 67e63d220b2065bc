package dev.glasshouse.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The definition of training's products: each value is one chain of fused multiply-adds, k ascending, that begins at +0 or
 * at what is there. All the results of a row go on together, value k of all before value k + 1 of any: the same chains,
 * and the compiler can take several at once.
 */
final class ScalarChains {
    private ScalarChains() {}

    static void productNT(Matrix a, Matrix b, boolean onto, Matrix c) {
        TrainingShapes.productNT(a, b, c);
        chains(values(a), transposed(b), a.cols(), onto, c);
    }

    static void productNN(Matrix a, Matrix b, boolean onto, Matrix c) {
        TrainingShapes.productNN(a, b, c);
        chains(values(a), values(b), a.cols(), onto, c);
    }

    static void productTN(Matrix a, Matrix b, boolean onto, Matrix c) {
        TrainingShapes.productTN(a, b, c);
        chains(transposed(a), values(b), a.rows(), onto, c);
    }

    /** a is n × k, b k × m. */
    private static void chains(float[] a, float[] b, int k, boolean onto, Matrix c) {
        int m = c.cols();
        for (int row = 0; row < c.rows(); row++) {
            float[] out = onto ? c.row(row) : new float[m];
            for (int i = 0; i < k; i++) {
                step(a[row * k + i], b, i * m, out);
            }
            c.setRow(row, out);
        }
    }

    private static void step(float factor, float[] b, int from, float[] out) {
        for (int col = 0; col < out.length; col++) {
            out[col] = Math.fma(factor, b[from + col], out[col]);
        }
    }

    private static float[] values(Matrix x) {
        float[] values = new float[Math.multiplyExact(x.rows(), x.cols())];
        MemorySegment.copy(x.data(), ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
        return values;
    }

    private static float[] transposed(Matrix x) {
        float[] values = new float[Math.multiplyExact(x.rows(), x.cols())];
        for (int row = 0; row < x.rows(); row++) {
            float[] from = x.row(row);
            for (int col = 0; col < from.length; col++) {
                values[col * x.rows() + row] = from[col];
            }
        }
        return values;
    }
}
