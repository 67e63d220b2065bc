package dev.glasshouse.hub;

import dev.glasshouse.weights.GgufHeader;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Metadata;
import dev.glasshouse.weights.TensorInfo;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a model file's header tells before the file is fetched.
 *
 * @param architecture e.g. {@code llama}
 * @param parameters how many weights: the sum of the tensors' shapes; empty where only the first part of several was read
 * @param layers transformer blocks
 * @param context the longest context it was made for, in tokens
 * @param kvWidth K and V numbers that one token takes in all layers together; windowed layers count in full
 * @param licence what the file itself says about its terms
 */
public record HeaderFacts(
        String architecture,
        OptionalLong parameters,
        OptionalInt layers,
        OptionalInt context,
        OptionalLong kvWidth,
        Optional<Licence> licence) {
    /** Scratch memory, the tokenizer and the JVM itself: bytes measured on small models, rounded up. */
    private static final long OVERHEAD = 300L << 20;

    /**
     * Bytes of memory that running it takes: the file, a KV cache in F16 for {@code tokens} tokens, and the rest. Empty
     * where the header does not give the cache's width.
     */
    OptionalLong memory(long fileSize, int tokens) {
        if (kvWidth.isEmpty()) return OptionalLong.empty();
        long held = Math.min(tokens, context.orElse(tokens));
        try {
            long cache = Math.multiplyExact(2 * held, kvWidth.getAsLong());
            return OptionalLong.of(Math.addExact(Math.addExact(fileSize, OVERHEAD), cache));
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    static HeaderFacts of(GgufHeader header) {
        Metadata metadata = header.metadata();
        String architecture = metadata.string("general.architecture").orElse("unknown");
        OptionalInt layers = positive(metadata, architecture + ".block_count");
        OptionalLong parameters = OptionalLong.of(parameters(header));
        if (metadata.integer("split.count").orElse(1) > 1) parameters = OptionalLong.empty();
        return new HeaderFacts(
                architecture,
                parameters,
                layers,
                positive(metadata, architecture + ".context_length"),
                layers.isEmpty() ? OptionalLong.empty() : kvWidth(metadata, architecture, layers.getAsInt()),
                metadata.string("general.license")
                        .map(id -> Licence.of(
                                id, metadata.string("general.license.name"), metadata.string("general.license.link"))));
    }

    private static long parameters(GgufHeader header) {
        try {
            return header.tensors().stream().mapToLong(TensorInfo::elements).reduce(0, Math::addExact);
        } catch (ArithmeticException e) {
            throw new GlassException("The header's tensors cannot be that large.", e);
        }
    }

    private static OptionalInt positive(Metadata metadata, String key) {
        long value = metadata.integer(key).orElse(0);
        return value > 0 && value < 1L << 31 ? OptionalInt.of((int) value) : OptionalInt.empty();
    }

    /** Heads may be one number for all layers or a list with one for each. */
    private static OptionalLong kvWidth(Metadata metadata, String architecture, int layers) {
        String attention = architecture + ".attention.";
        OptionalInt heads = first(metadata, attention + "head_count");
        OptionalInt width = positive(metadata, architecture + ".embedding_length");
        if (heads.isEmpty() || width.isEmpty()) return OptionalLong.empty();
        long usual = width.getAsInt() / heads.getAsInt();
        OptionalInt key = positive(metadata, attention + "key_length");
        OptionalInt value = positive(metadata, attention + "value_length");
        long perHead = (key.isPresent() ? key.getAsInt() : usual) + (value.isPresent() ? value.getAsInt() : usual);
        long kvHeads = 0;
        String kv = attention + "head_count_kv";
        if (metadata.length(kv).isPresent()) {
            for (long count : metadata.integers(kv).orElse(new long[0])) kvHeads += Math.clamp(count, 0, 1 << 20);
        } else {
            OptionalInt all = positive(metadata, kv);
            kvHeads = (long) (all.isPresent() ? all.getAsInt() : heads.getAsInt()) * layers;
        }
        try {
            return OptionalLong.of(Math.multiplyExact(kvHeads, perHead));
        } catch (ArithmeticException e) {
            throw new GlassException("The header's head counts cannot be right.", e);
        }
    }

    private static OptionalInt first(Metadata metadata, String key) {
        if (metadata.length(key).isEmpty()) return positive(metadata, key);
        long[] all = metadata.integers(key).orElse(new long[0]);
        return all.length > 0 && all[0] > 0 && all[0] < 1L << 20 ? OptionalInt.of((int) all[0]) : OptionalInt.empty();
    }
}
