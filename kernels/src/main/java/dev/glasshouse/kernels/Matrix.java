package dev.glasshouse.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A row-major matrix of F32 outside the heap: {@code rows} rows of {@code cols} values, without gaps. Rows are mostly
 * tokens, columns features. A matrix is a view: several may share memory, none owns it.
 */
public record Matrix(MemorySegment data, int rows, int cols) {
    /**
     * A view of {@code data}.
     *
     * @throws IllegalArgumentException if the memory is not exactly {@code 4·rows·cols} bytes
     */
    public Matrix {
        if (rows < 0 || cols < 0 || data.byteSize() != 4L * rows * cols) {
            throw new IllegalArgumentException(
                    data.byteSize() + " bytes do not hold " + rows + " × " + cols + " floats");
        }
    }

    /** A matrix of zeros, aligned to 64 bytes, that lives as long as {@code arena}. */
    public static Matrix allocate(Arena arena, int rows, int cols) {
        return new Matrix(arena.allocate(4L * rows * cols, 64), rows, cols);
    }

    /** A view of {@code count} rows from row {@code first}. */
    public Matrix rows(int first, int count) {
        return new Matrix(data.asSlice(4L * first * cols, 4L * count * cols), count, cols);
    }

    /** The same memory as rows of another length. */
    public Matrix reshape(int newRows, int newCols) {
        return new Matrix(data, newRows, newCols);
    }

    /** One value. */
    public float get(int row, int col) {
        return data.getAtIndex(JAVA_FLOAT, (long) row * cols + col);
    }

    /** Sets one value. */
    public void set(int row, int col, float value) {
        data.setAtIndex(JAVA_FLOAT, (long) row * cols + col, value);
    }

    /** Copies one row of another matrix of the same width into a row of this one. */
    public void setRow(int row, Matrix source, int sourceRow) {
        MemorySegment.copy(source.data, 4L * sourceRow * cols, data, 4L * row * cols, 4L * cols);
    }

    /** Copies {@code values} into a row. */
    public void setRow(int row, float[] values) {
        MemorySegment.copy(values, 0, data, JAVA_FLOAT, 4L * row * cols, cols);
    }

    /** A copy of one row on the heap. */
    public float[] row(int row) {
        float[] values = new float[cols];
        MemorySegment.copy(data, JAVA_FLOAT, 4L * row * cols, values, 0, cols);
        return values;
    }
}
