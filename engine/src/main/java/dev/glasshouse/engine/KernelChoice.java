package dev.glasshouse.engine;

/** Which kernels to compute with. All give the same answers to the bit. */
public enum KernelChoice {
    /** The fastest that can run here. */
    AUTO,
    /** Those that define the results: about ten times slower, for comparisons. */
    SCALAR
}
