package dev.glasshouse.kernels;

import java.lang.foreign.MemorySegment;

/** The definition of the cache and of attention. */
@SuppressWarnings("DoNotCallSuggester")
final class ScalarAttention {
    private ScalarAttention() {}

    static void store(KvLayout layout, Matrix k, Matrix v, MemorySegment[] blocks, int[] slots) {
        throw new UnsupportedOperationException("being built");
    }

    static void attend(Attention attention) {
        throw new UnsupportedOperationException("being built");
    }
}
