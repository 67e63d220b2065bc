package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.LANES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One thread's room for a prompt: up to {@link #DEPTH} values of two groups of rows unpacked to F32, lane by lane, with
 * their scales, and the results so far. In bytes from the start of {@link #weights}, each entry two vectors wide:
 * {@code DEPTH} values, {@code DEPTH / 16} sub-scales, {@code DEPTH / 32} scales, then for the whole row minima and
 * their scales, one a block.
 */
final class Tile {
    static final int DEPTH = 256;
    static final long ROW = 8L * LANES;
    static final long HALF = 4L * LANES;
    static final long SUBS = ROW * DEPTH;
    static final long SCALES = SUBS + ROW * (DEPTH / 16);
    static final long MINIMA = SCALES + ROW * (DEPTH / 32);

    private MemorySegment weights = MemorySegment.NULL;
    private MemorySegment results = MemorySegment.NULL;
    private MemorySegment row = MemorySegment.NULL;

    /** Makes room for rows of {@code cols} values and {@code tokens} rows of input. */
    void reserve(int cols, int tokens) {
        weights = grown(weights, MINIMA + 2 * ROW * (cols / 32));
        results = grown(results, ROW * tokens);
    }

    /** Sets the results of {@code tokens} rows of input to 0. */
    void clear(int tokens) {
        for (long i = 0; i < 2L * tokens; i++) {
            DecodeMinima.zero(results, HALF * i);
        }
    }

    MemorySegment weights() {
        return weights;
    }

    MemorySegment results() {
        return results;
    }

    /** Room for one row of input. */
    MemorySegment row(int cols) {
        row = grown(row, 4L * cols);
        return row;
    }

    /** Memory of at least {@code bytes}, for all threads, freed by the collector. */
    static MemorySegment grown(MemorySegment old, long bytes) {
        return old.byteSize() >= bytes ? old : Arena.ofAuto().allocate(bytes + bytes / 4, 64);
    }
}
