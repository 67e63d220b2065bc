package dev.glasshouse.kernels;

/** Checks that every implementation of {@link TrainingKernels} makes at the entry, so that its loops need none. */
public final class TrainingShapes {
    private TrainingShapes() {}

    /** Sees that {@code c = a·bᵀ} fits. */
    public static void productNT(Matrix a, Matrix b, Matrix c) {
        product(a.rows(), a.cols(), b.cols(), b.rows(), c);
    }

    /** Sees that {@code c = a·b} fits. */
    public static void productNN(Matrix a, Matrix b, Matrix c) {
        product(a.rows(), a.cols(), b.rows(), b.cols(), c);
    }

    /** Sees that {@code c = aᵀ·b} fits. */
    public static void productTN(Matrix a, Matrix b, Matrix c) {
        product(a.cols(), a.rows(), b.rows(), b.cols(), c);
    }

    private static void product(int n, int k, int otherK, int m, Matrix c) {
        if (k != otherK || c.rows() != n || c.cols() != m) {
            throw new IllegalArgumentException("a product of " + n + " × " + k + " and " + otherK + " × " + m
                    + " does not give " + c.rows() + " × " + c.cols());
        }
    }

    /** Sees that {@code sums} is one row as long as those of {@code x}. */
    public static void sums(Matrix x, Matrix sums) {
        if (sums.rows() != 1 || sums.cols() != x.cols()) {
            throw new IllegalArgumentException(
                    "sums of " + sums.rows() + " × " + sums.cols() + " over rows of " + x.cols());
        }
    }

    /**
     * Sees that {@code x} has a row for each id.
     *
     * @throws IllegalArgumentException if it has not
     * @throws IndexOutOfBoundsException if an id is no row of the table
     */
    public static void ids(Matrix table, int[] ids, Matrix x) {
        if (x.rows() != ids.length || x.cols() != table.cols()) {
            throw new IllegalArgumentException(
                    ids.length + " rows of " + table.cols() + " for " + x.rows() + " × " + x.cols());
        }
        for (int id : ids) {
            if (id < 0 || id >= table.rows()) {
                throw new IndexOutOfBoundsException("id " + id + " of a table of " + table.rows());
            }
        }
    }

    /** Sees that the arguments of a norm's backward pass fit. */
    public static void norm(Matrix x, float[] weight, Matrix dy, Matrix dx, Matrix dw) {
        Shapes.same(x, dy, dx);
        Shapes.norm(x, weight, weight, dx);
        sums(x, dw);
    }

    /** Sees that there is a key for each row and that the rate is in [0, 1). */
    public static void dropout(Matrix x, float rate, long[] rowKeys) {
        if (rowKeys.length < x.rows()) {
            throw new IllegalArgumentException(rowKeys.length + " keys for " + x.rows() + " rows");
        }
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("a dropout rate of " + rate + " is not in [0, 1)");
        }
    }
}
