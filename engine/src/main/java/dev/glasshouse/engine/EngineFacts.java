package dev.glasshouse.engine;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.network.DecoderSpec;
import dev.glasshouse.weights.ModelFacts;
import java.util.Optional;

/**
 * What an open engine is.
 *
 * @param model facts of the model's files
 * @param spec its architecture
 * @param memory what it takes and the context that follows from it
 * @param kv type of the cache
 * @param kernels what computes, for people
 * @param slower why faster kernels do not run and what that costs
 * @param threads threads that compute
 * @param loadNanos time that loading took
 */
public record EngineFacts(
        ModelFacts model,
        DecoderSpec spec,
        MemoryPlan memory,
        KvType kv,
        String kernels,
        Optional<String> slower,
        int threads,
        long loadNanos) {
    /** Positions that a sequence can hold. */
    public int context() {
        return memory.context();
    }
}
