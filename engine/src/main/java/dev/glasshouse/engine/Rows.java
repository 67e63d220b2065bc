package dev.glasshouse.engine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.Matrix;
import java.lang.foreign.MemorySegment;

/** Copies rows without allocating. */
final class Rows {
    private Rows() {}

    static void copy(Matrix matrix, int row, float[] target) {
        MemorySegment.copy(matrix.data(), JAVA_FLOAT, 4L * row * matrix.cols(), target, 0, target.length);
    }
}
