package dev.glasshouse.kernels;

import dev.glasshouse.weights.TensorType;

/**
 * A weight matrix in the form that one {@link Kernels} wants it: opaque to everyone else, read-only, and the only
 * resident copy. It maps {@code cols} inputs to {@code rows} outputs.
 */
public interface PackedWeight {
    /** The type it was packed from. */
    TensorType type();

    /** Outputs. */
    int rows();

    /** Inputs. */
    int cols();

    /** Bytes of memory it holds. */
    long bytes();
}
