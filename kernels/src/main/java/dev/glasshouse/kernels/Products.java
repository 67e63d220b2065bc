package dev.glasshouse.kernels;

import java.util.List;

/** Checks that every implementation makes at the entry, so that its loops need none. */
public final class Products {
    private Products() {}

    /**
     * Sees that {@code y = x · weightᵀ} fits.
     *
     * @throws IllegalArgumentException if a shape does not fit
     */
    public static void check(Matrix x, PackedWeight weight, Matrix y) {
        if (x.cols() != weight.cols() || y.cols() != weight.rows() || x.rows() != y.rows()) {
            throw new IllegalArgumentException("x of " + x.rows() + " × " + x.cols() + " times a weight of "
                    + weight.cols() + " inputs and " + weight.rows() + " outputs does not give y of " + y.rows() + " × "
                    + y.cols());
        }
    }

    /**
     * Sees that the arguments of {@link Kernels#multiplyGrouped} fit together.
     *
     * @throws IllegalArgumentException if a shape or an end does not fit
     */
    public static void checkGrouped(Matrix x, List<? extends PackedWeight> experts, int[] ends, Matrix y) {
        int last = 0;
        for (int i = 0; i < ends.length; i++) {
            if (ends[i] < last) {
                throw new IllegalArgumentException("expert " + i + " ends at row " + ends[i] + ", before " + last);
            }
            last = ends[i];
        }
        if (experts.size() != ends.length || last != x.rows() || y.rows() != x.rows()) {
            throw new IllegalArgumentException(experts.size() + " experts with " + ends.length + " ends, the last "
                    + last + ", for x of " + x.rows() + " and y of " + y.rows() + " rows");
        }
        for (PackedWeight expert : experts) {
            if (expert.cols() != x.cols() || expert.rows() != y.cols()) {
                throw new IllegalArgumentException("an expert of " + expert.cols() + " inputs and " + expert.rows()
                        + " outputs does not map " + x.cols() + " to " + y.cols());
            }
        }
    }

    /**
     * Sees that a lookup fits.
     *
     * @throws IllegalArgumentException if the shape of {@code out} does not fit
     * @throws IndexOutOfBoundsException if an id is no row of the table
     */
    public static void checkLookup(PackedWeight table, int[] ids, Matrix out) {
        if (out.rows() != ids.length || out.cols() != table.cols()) {
            throw new IllegalArgumentException(
                    ids.length + " rows of " + table.cols() + " do not fill " + out.rows() + " × " + out.cols());
        }
        for (int id : ids) {
            if (id < 0 || id >= table.rows()) {
                throw new IndexOutOfBoundsException("id " + id + " of a table of " + table.rows());
            }
        }
    }

    /**
     * Sees that the bytes of a weight fit its shape.
     *
     * @throws IllegalArgumentException if they do not
     */
    public static void checkBytes(dev.glasshouse.weights.TensorType type, int rows, int cols, long byteSize) {
        long needed = Math.multiplyExact(type.bytes(cols), (long) rows);
        if (rows < 1 || cols < 1 || byteSize != needed) {
            throw new IllegalArgumentException(
                    type + " weights of " + rows + " × " + cols + " take " + needed + " bytes, not " + byteSize);
        }
    }
}
