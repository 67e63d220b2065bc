package dev.glasshouse.training;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.ParameterShape;
import dev.glasshouse.weights.GlassException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** One piece of memory that is cut into matrices, each at a multiple of 64 bytes. */
final class Slab {
    private final MemorySegment memory;
    private long used;

    /** @throws GlassException if there is not that much memory */
    Slab(Arena arena, long bytes) {
        try {
            memory = arena.allocate(bytes, 64);
        } catch (OutOfMemoryError | IllegalArgumentException e) {
            throw new GlassException(
                    "There is not enough memory: training needs another " + bytes / 1_000_000 + " MB.", e);
        }
    }

    /** Bytes in all. */
    long size() {
        return memory.byteSize();
    }

    /** Begins to cut from the start; matrices cut before must not be used any more. */
    void restart() {
        used = 0;
    }

    Matrix cut(int rows, int cols) {
        long bytes = 4L * rows * cols;
        Matrix matrix = new Matrix(memory.asSlice(used, bytes), rows, cols);
        used += rounded(bytes);
        return matrix;
    }

    static long bytes(long rows, long cols) {
        return rounded(4 * rows * cols);
    }

    private static long rounded(long bytes) {
        return (bytes + 63) & -64;
    }

    /** A matrix of zeros for each shape. */
    static List<Matrix> of(Arena arena, List<ParameterShape> shapes) {
        Slab slab = new Slab(
                arena,
                shapes.stream()
                        .mapToLong(shape -> bytes(shape.rows(), shape.cols()))
                        .sum());
        List<Matrix> matrices = new ArrayList<>();
        for (ParameterShape shape : shapes) {
            matrices.add(slab.cut(shape.rows(), shape.cols()));
        }
        return List.copyOf(matrices);
    }
}
