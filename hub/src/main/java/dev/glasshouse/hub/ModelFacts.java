package dev.glasshouse.hub;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a model file's header tells before the file is fetched.
 *
 * @param architecture e.g. {@code llama}
 * @param parameters how many weights: the sum of the tensors' shapes
 * @param layers transformer blocks
 * @param context the longest context it was made for, in tokens
 * @param kvWidth K and V numbers a token takes in all layers together
 */
public record ModelFacts(
        String architecture, OptionalLong parameters, OptionalInt layers, OptionalInt context, OptionalLong kvWidth) {
    /** Scratch memory, the tokenizer and the JVM itself: bytes measured on small models, rounded up. */
    private static final long OVERHEAD = 300L << 20;

    /**
     * Bytes of memory that running it takes: the file, a KV cache in F16 for {@code tokens} tokens, and the rest. Empty
     * where the header does not give the cache's width.
     */
    OptionalLong memory(long fileSize, int tokens) {
        if (kvWidth.isEmpty()) return OptionalLong.empty();
        long held = Math.min(tokens, context.orElse(tokens));
        return OptionalLong.of(Math.addExact(fileSize + OVERHEAD, Math.multiplyExact(2 * held, kvWidth.getAsLong())));
    }
}
