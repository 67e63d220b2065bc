package dev.glasshouse.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Heads between matrices and arrays, as rows or as tiles that are a head's values high. */
final class CausalRows {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    private static final int TILE = CausalKernels.TILE;
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

    private CausalRows() {}

    /** {@code array}, or zeros in its place if it holds fewer than {@code count}. */
    static float[] room(float[] array, int count) {
        return array.length < count ? new float[count] : array;
    }

    /** Columns col … col+size−1 of some rows go to {@code into}, {@code stride} apart from 0. */
    static void load(Matrix x, int row, int rows, int col, int size, float[] into, int stride) {
        MemorySegment data = x.data();
        for (int r = 0; r < rows; r++) {
            long at = (long) (row + r) * x.cols() + col;
            int d = 0;
            for (; d <= size - LANES; d += LANES) {
                FloatVector.fromMemorySegment(FLOATS, data, 4 * (at + d), Width.ORDER)
                        .intoArray(into, r * stride + d);
            }
            for (; d <= size - 4; d += 4) {
                FloatVector.fromMemorySegment(FOUR, data, 4 * (at + d), Width.ORDER)
                        .intoArray(into, r * stride + d);
            }
            for (; d < size; d++) {
                into[r * stride + d] = data.getAtIndex(JAVA_FLOAT, at + d);
            }
        }
    }

    /** The way back of {@link #load}, times {@code scale}. */
    static void store(
            float[] from, int fromAt, int stride, float scale, Matrix x, int row, int rows, int col, int size) {
        MemorySegment data = x.data();
        for (int r = 0; r < rows; r++) {
            long at = (long) (row + r) * x.cols() + col;
            int d = 0;
            for (; d <= size - LANES; d += LANES) {
                FloatVector.fromArray(FLOATS, from, fromAt + r * stride + d)
                        .mul(scale)
                        .intoMemorySegment(data, 4 * (at + d), Width.ORDER);
            }
            for (; d <= size - 4; d += 4) {
                FloatVector.fromArray(FOUR, from, fromAt + r * stride + d)
                        .mul(scale)
                        .intoMemorySegment(data, 4 * (at + d), Width.ORDER);
            }
            for (; d < size; d++) {
                data.setAtIndex(JAVA_FLOAT, at + d, from[fromAt + r * stride + d] * scale);
            }
        }
    }

    /** Rows become a tile: value d of row r goes to {@code to + d·TILE + r}. */
    static void transpose(float[] rows, int at, int stride, int count, int size, float[] tile, int to) {
        int d = 0;
        for (; d <= size - 8; d += 8) {
            transposeEight(rows, at + d, stride, count, tile, to + d * TILE);
        }
        for (; d < size; d++) {
            for (int r = 0; r < count; r++) {
                tile[to + d * TILE + r] = rows[at + r * stride + d];
            }
        }
    }

    private static void transposeEight(float[] rows, int at, int stride, int count, float[] tile, int to) {
        int from = at;
        for (int into = to; into < to + count; into++) {
            tile[into + 0 * TILE] = rows[from + 0];
            tile[into + 1 * TILE] = rows[from + 1];
            tile[into + 2 * TILE] = rows[from + 2];
            tile[into + 3 * TILE] = rows[from + 3];
            tile[into + 4 * TILE] = rows[from + 4];
            tile[into + 5 * TILE] = rows[from + 5];
            tile[into + 6 * TILE] = rows[from + 6];
            tile[into + 7 * TILE] = rows[from + 7];
            from += stride;
        }
    }

    /** A tile becomes rows. */
    static void transposeBack(float[] tile, int at, int count, int size, float[] rows, int to, int stride) {
        int d = 0;
        for (; d <= size - 8; d += 8) {
            transposeEightBack(tile, at + d * TILE, count, rows, to + d, stride);
        }
        for (; d < size; d++) {
            for (int r = 0; r < count; r++) {
                rows[to + r * stride + d] = tile[at + d * TILE + r];
            }
        }
    }

    private static void transposeEightBack(float[] tile, int at, int count, float[] rows, int to, int stride) {
        int into = to;
        for (int from = at; from < at + count; from++) {
            rows[into + 0] = tile[from + 0 * TILE];
            rows[into + 1] = tile[from + 1 * TILE];
            rows[into + 2] = tile[from + 2 * TILE];
            rows[into + 3] = tile[from + 3 * TILE];
            rows[into + 4] = tile[from + 4 * TILE];
            rows[into + 5] = tile[from + 5 * TILE];
            rows[into + 6] = tile[from + 6 * TILE];
            rows[into + 7] = tile[from + 7 * TILE];
            into += stride;
        }
    }
}
