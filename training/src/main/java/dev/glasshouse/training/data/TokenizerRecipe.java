package dev.glasshouse.training.data;

import dev.glasshouse.tokenizer.BpeOptions;
import dev.glasshouse.tokenizer.BpeTrainer;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.tokenizer.WordSplit;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How a tokenizer is learnt from the documents of some sources, so that anyone can learn it again.
 *
 * @param documents the first so many documents of the sources, in order; 0: all
 */
public record TokenizerRecipe(Method method, BpeOptions options, long documents) {
    /** What the entries are. */
    public enum Method {
        /** Bytes, and merges of the pairs seen most often. */
        BPE,
        /** The bytes that the text has, without merges; of the options the special tokens count. */
        BYTES;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws GlassException if the number of documents is impossible */
    public TokenizerRecipe {
        if (documents < 0) {
            throw new GlassException("A tokenizer cannot be learnt from " + documents + " documents.");
        }
    }

    /**
     * Learns the tokenizer.
     *
     * @param threads threads that count words; the result does not depend on it
     * @throws GlassException if a source cannot be read
     */
    public TrainedTokenizer learn(List<? extends DataSource> sources, int threads) {
        // Concatenated, not flat-mapped: an iterator over that reads a whole source into the heap.
        try (Stream<List<TextPart>> all =
                        sources.stream().map(DataSource::open).reduce(Stream.empty(), Stream::concat);
                Stream<List<TextPart>> texts = documents == 0 ? all : all.limit(documents)) {
            return switch (method) {
                case BPE -> BpeTrainer.train(options, texts, threads);
                case BYTES -> BpeTrainer.bytesOf(texts, options.specialTokens(), options.end(), threads);
            };
        }
    }

    Json json() {
        return Json.object()
                .put("method", method.label())
                .put("vocabulary", options.vocabulary())
                .put("split", options.split().label())
                .put("special", options.specialTokens().stream().map(Json::of).toList())
                .put("minimum_count", options.minimumCount())
                .put("end", options.end().map(Json::of).orElse(Json.ofNull()))
                .put("begin", options.begin().map(Json::of).orElse(Json.ofNull()))
                .put("documents", documents)
                .build();
    }

    /** Reads {@link #json()}. @throws GlassException saying what is wrong, as the end of a sentence */
    static TokenizerRecipe of(Json json) {
        Json.ObjectValue object = json.asObject();
        String method = object.get("method").asString();
        String split = object.get("split").asString();
        return new TokenizerRecipe(
                named(Method.values(), Method::label, method, "method of learning a tokenizer"),
                new BpeOptions(
                        object.get("vocabulary").asInt(),
                        named(WordSplit.values(), WordSplit::label, split, "split"),
                        object.get("special").asArray().stream()
                                .map(Json::asString)
                                .toList(),
                        object.get("minimum_count").asLong(),
                        object.string("end"),
                        object.string("begin")),
                object.get("documents").asLong());
    }

    private static <T> T named(T[] values, Function<T, String> label, String name, String what) {
        return Arrays.stream(values)
                .filter(value -> label.apply(value).equals(name))
                .findFirst()
                .orElseThrow(() -> new GlassException("\"" + name + "\" is no " + what + "."));
    }
}
