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
            for (; d < size; d++) {
                data.setAtIndex(JAVA_FLOAT, at + d, from[fromAt + r * stride + d] * scale);
            }
        }
    }

    /** Rows become a tile: value d of row r goes to {@code to + d·TILE + r}. */
    static void transpose(float[] rows, int at, int stride, int count, int size, float[] tile, int to) {
        for (int r = 0; r < count; r++) {
            int from = at + r * stride;
            int into = to + r;
            for (int d = 0; d < size; d++) {
                tile[into + d * TILE] = rows[from + d];
            }
        }
    }

    /** A tile becomes rows. */
    static void transposeBack(float[] tile, int at, int count, int size, float[] rows, int to, int stride) {
        for (int r = 0; r < count; r++) {
            int from = at + r;
            int into = to + r * stride;
            for (int d = 0; d < size; d++) {
                rows[into + d] = tile[from + d * TILE];
            }
        }
    }
}
