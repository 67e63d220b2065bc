package dev.glasshouse.kernels;

/** One product of a group that shares its input: {@code y = x · weightᵀ}, y of x.rows() × weight.rows(). */
public record Product(PackedWeight weight, Matrix y) {
    /**
     * One product.
     *
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public Product {
        if (y.cols() != weight.rows()) {
            throw new IllegalArgumentException(
                    "a weight of " + weight.rows() + " outputs cannot fill rows of " + y.cols());
        }
    }
}
