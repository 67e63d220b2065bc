package dev.glasshouse.kernels;

/** How keys and values are stored in the cache. */
public enum KvType {
    /** Exact. */
    F32,
    /** Half precision, round to nearest even; the default. */
    F16,
    /** Blocks of 32 values along the head: an F16 scale and 32 signed bytes, as in the weight type Q8_0. */
    Q8_0
}
