package dev.glasshouse.engine;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.weights.GlassException;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How to run a model. None of this changes an answer, but for {@code kv}: F16 and Q8_0 round keys and values.
 *
 * @param threads threads that compute
 * @param kv how keys and values are stored in the cache
 * @param context positions a sequence can hold; empty: as many as the model was trained for and the memory allows
 * @param kernels which kernels
 * @param chunk prompt tokens computed at once; a cancel is heard between chunks
 * @param sequences how many sequences keep their state at the same time
 * @param memory bytes that the engine may use; empty: what is free
 */
public record EngineOptions(
        int threads,
        KvType kv,
        OptionalInt context,
        KernelChoice kernels,
        int chunk,
        int sequences,
        OptionalLong memory) {
    private static final int MAX_THREADS = 1024;
    private static final int MAX_CHUNK = 8192;
    private static final int MAX_SEQUENCES = 4096;

    public EngineOptions {
        range("threads", threads, 1, MAX_THREADS);
        range("chunk", chunk, 1, MAX_CHUNK);
        range("sequences", sequences, 1, MAX_SEQUENCES);
        context.ifPresent(positions -> range("context", positions, 2, Integer.MAX_VALUE - 64));
    }

    private static void range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new GlassException(
                    "The option " + name + " must be from " + least + " to " + most + ", not " + value + ".");
        }
    }

    /** All processors, an F16 cache, one sequence, and everything else by itself. */
    public static EngineOptions defaults() {
        return new EngineOptions(
                Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS),
                KvType.F16,
                OptionalInt.empty(),
                KernelChoice.AUTO,
                256,
                1,
                OptionalLong.empty());
    }

    /** These with another number of threads. */
    public EngineOptions withThreads(int newThreads) {
        return new EngineOptions(newThreads, kv, context, kernels, chunk, sequences, memory);
    }

    /** These with another type of cache. */
    public EngineOptions withKv(KvType newKv) {
        return new EngineOptions(threads, newKv, context, kernels, chunk, sequences, memory);
    }

    /** These with a context of that many positions. */
    public EngineOptions withContext(int positions) {
        return new EngineOptions(threads, kv, OptionalInt.of(positions), kernels, chunk, sequences, memory);
    }

    /** These with other kernels. */
    public EngineOptions withKernels(KernelChoice newKernels) {
        return new EngineOptions(threads, kv, context, newKernels, chunk, sequences, memory);
    }

    /** These with chunks of another length. */
    public EngineOptions withChunk(int newChunk) {
        return new EngineOptions(threads, kv, context, kernels, newChunk, sequences, memory);
    }

    /** These with another number of sequences. */
    public EngineOptions withSequences(int newSequences) {
        return new EngineOptions(threads, kv, context, kernels, chunk, newSequences, memory);
    }

    /** These with a bound on the memory. */
    public EngineOptions withMemory(long bytes) {
        return new EngineOptions(threads, kv, context, kernels, chunk, sequences, OptionalLong.of(bytes));
    }
}
