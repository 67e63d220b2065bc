package dev.glasshouse.kernels.vector;

/** Being built. */
final class VectorKernels {
    private VectorKernels() {}
}
