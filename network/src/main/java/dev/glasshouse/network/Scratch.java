package dev.glasshouse.network;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.weights.GlassException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Memory for matrices of a given width and any number of rows, used again from pass to pass and grown on demand. */
final class Scratch implements AutoCloseable {
    private final List<Matrix> views = new ArrayList<>();
    private final int cols;
    private Arena arena;
    private MemorySegment memory;

    @SuppressWarnings("MustBeClosedChecker")
    Scratch(int cols) {
        this.cols = cols;
        this.arena = Arena.ofShared();
        this.memory = MemorySegment.NULL;
    }

    /** The first {@code rows} rows; the same object for the same number until the memory grows. */
    Matrix rows(int rows) {
        for (Matrix view : views) {
            if (view.rows() == rows) {
                return view;
            }
        }
        long bytes = 4L * rows * cols;
        if (memory.byteSize() < bytes) {
            grow(bytes);
        }
        if (views.size() == 2) {
            views.removeFirst();
        }
        Matrix view = new Matrix(memory.asSlice(0, bytes), rows, cols);
        views.add(view);
        return view;
    }

    @SuppressWarnings("MustBeClosedChecker")
    private void grow(long bytes) {
        close();
        views.clear();
        memory = MemorySegment.NULL;
        arena = Arena.ofShared();
        try {
            memory = arena.allocate(bytes, 64);
        } catch (OutOfMemoryError e) {
            throw new GlassException("There is no memory left for a batch of this size: use smaller pieces.", e);
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
