package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Metadata;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads the tokenizer of a GGUF file. The keys and what holds where one is missing are llama.cpp's (llama-vocab.cpp):
 * {@code tokenizer.ggml.model} is {@code llama} (SentencePiece BPE), {@code gpt2} (byte-level BPE, cut as {@code tokenizer.ggml.pre} says),
 * {@code gemma4} (BPE over characters) or {@code t5} (unigram).
 */
final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";

    private final Metadata metadata;

    GgufTokenizer(Metadata metadata) {
        this.metadata = metadata;
    }

    TokenizerSpec load() {
        String model = metadata.string(PREFIX + "model")
                .orElseThrow(
                        () -> new GlassException(
                                "The file carries no tokenizer (key tokenizer.ggml.model is missing), so text cannot be turned into ids."));
        return switch (model) {
            case "llama" -> sentencePiece();
            case "t5" -> unigram();
            case "gpt2" -> bytePair(metadata.string(PREFIX + "pre").orElse("default"));
            case "gemma4" -> bytePair("gemma4");
            default ->
                throw new GlassException("The file's tokenizer is of kind \"" + model
                        + "\" (key tokenizer.ggml.model); supported are llama, gpt2, gemma4 and t5.");
        };
    }

    private TokenizerSpec sentencePiece() {
        Entries entries = entries();
        NavigableSet<Integer> ends = entries.endsByName();
        Vocabulary vocabulary = entries.sentencePiece("");
        int unknown = special("unknown_token_id", 0, entries.size()).orElse(-1);
        boolean prefix = flag("add_space_prefix", true);
        return spec(
                entries,
                ends,
                vocabulary,
                prefix ? Normalizer.prepend(" ") : Normalizer.NONE,
                PreTokenizer.WHOLE,
                new ScoredPairModel(vocabulary, unknown, true),
                true,
                prefix,
                special("bos_token_id", 1, entries.size()),
                special("eos_token_id", 2, entries.size()),
                flag("add_bos_token", true),
                flag("add_eos_token", false));
    }

    private TokenizerSpec unigram() {
        Entries entries = entries();
        NavigableSet<Integer> ends = entries.endsByName();
        Vocabulary vocabulary = entries.sentencePiece(" \u2047 ");
        int unknown = special("unknown_token_id", 2, entries.size()).orElse(-1);
        byte[] charsmap = metadata.integers(PREFIX + "precompiled_charsmap")
                .map(GgufTokenizer::bytes)
                .orElseGet(() -> new byte[0]);
        boolean prefix = flag("add_space_prefix", true);
        boolean squeeze = flag("remove_extra_whitespaces", false);
        return spec(
                entries,
                ends,
                vocabulary,
                new SentencePieceNormalizer(charsmap, prefix, squeeze, false),
                PreTokenizer.WHOLE,
                new UnigramModel(vocabulary, unknown, vocabulary.byteId('a') >= 0),
                true,
                prefix,
                special("bos_token_id", -1, entries.size()),
                special("eos_token_id", 1, entries.size()),
                flag("add_bos_token", false),
                flag("add_eos_token", true));
    }

    private TokenizerSpec bytePair(String pre) {
        PreTokenizers.Profile profile = PreTokenizers.byName(pre);
        Entries entries = entries();
        NavigableSet<Integer> ends = entries.endsByName();
        List<String> merges = metadata.strings(PREFIX + "merges")
                .orElseThrow(() -> new GlassException(
                        "The file's tokenizer has no list of merges (key tokenizer.ggml.merges is missing)."));
        boolean characters = profile.sentencePieceSpaces();
        Vocabulary vocabulary = characters ? entries.sentencePiece("") : entries.byteLevel();
        PairTable table = Merges.table(vocabulary, merges.size(), i -> Merges.split(merges.get(i)));
        SubwordModel model = new BytePairModel(
                vocabulary,
                table,
                characters ? BytePairModel.Symbols.CHARACTERS_ELSE_BYTES : BytePairModel.Symbols.BYTES,
                profile.ignoreMerges(),
                characters ? special("unknown_token_id", -1, entries.size()).orElse(-1) : -1,
                true);
        boolean prefix = flag("add_space_prefix", false);
        Normalizer normalizer = prefix ? Normalizer.prepend(" ") : Normalizer.NONE;
        return spec(
                entries,
                ends,
                vocabulary,
                normalizer,
                profile.splitter(),
                model,
                characters,
                prefix,
                special("bos_token_id", -1, entries.size()),
                special("eos_token_id", -1, entries.size()),
                flag("add_bos_token", profile.addBos()) || pre.equals("gemma4"),
                flag("add_eos_token", false));
    }

    private TokenizerSpec spec(
            Entries entries,
            NavigableSet<Integer> ends,
            Vocabulary vocabulary,
            Normalizer normalizer,
            PreTokenizer splitter,
            SubwordModel model,
            boolean sentencePieceSpaces,
            boolean stripsLeadingSpace,
            OptionalInt bos,
            OptionalInt eos,
            boolean addBos,
            boolean addEos) {
        eos.ifPresent(ends::add);
        for (String key : List.of("eot_token_id", "eom_token_id")) {
            special(key, -1, entries.size()).ifPresent(ends::add);
        }
        return new TokenizerSpec(
                vocabulary,
                entries.addedTokens(),
                normalizer,
                splitter,
                model,
                sentencePieceSpaces,
                stripsLeadingSpace,
                false,
                bos,
                eos,
                addBos,
                addEos,
                ends);
    }

    private Entries entries() {
        List<String> names = metadata.strings(PREFIX + "tokens")
                .orElseThrow(() -> new GlassException(
                        "The file's tokenizer has no vocabulary (key tokenizer.ggml.tokens is missing)."));
        Entries entries = new Entries(names.size());
        for (int id = 0; id < names.size(); id++) {
            entries.names[id] = names.get(id);
        }
        if (metadata.elementType(PREFIX + "scores")
                .filter(type -> type == Metadata.ValueType.INT32)
                .isPresent()) {
            long[] scores = metadata.integers(PREFIX + "scores").orElseGet(() -> new long[0]);
            checkLength("scores", scores.length, names.size());
            for (int id = 0; id < names.size(); id++) {
                entries.scores[id] = scores[id];
            }
        } else if (metadata.has(PREFIX + "scores")) {
            float[] scores = metadata.floats(PREFIX + "scores").orElseGet(() -> new float[0]);
            checkLength("scores", scores.length, names.size());
            System.arraycopy(scores, 0, entries.scores, 0, names.size());
        }
        if (metadata.has(PREFIX + "token_type")) {
            long[] types = metadata.integers(PREFIX + "token_type").orElseGet(() -> new long[0]);
            checkLength("token_type", types.length, names.size());
            for (int id = 0; id < names.size(); id++) {
                entries.kinds[id] = kind(types[id]);
            }
        }
        return entries;
    }

    private static void checkLength(String key, int length, int wanted) {
        if (length < wanted) {
            throw new GlassException("The file's tokenizer has " + wanted + " entries but " + PREFIX + key
                    + " has only " + length + "; the file is broken.");
        }
    }

    static TokenKind kind(long type) {
        return switch ((int) type) {
            case 1 -> TokenKind.NORMAL;
            case 2 -> TokenKind.UNKNOWN;
            case 3 -> TokenKind.CONTROL;
            case 4 -> TokenKind.USER_DEFINED;
            case 6 -> TokenKind.BYTE;
            default -> TokenKind.UNUSED;
        };
    }

    /** A special id; the fallback where the key is missing, none where the fallback lies outside the vocabulary. */
    private OptionalInt special(String key, int fallback, int size) {
        OptionalLong stated = metadata.integer(PREFIX + key);
        if (stated.isEmpty()) {
            return fallback >= 0 && fallback < size ? OptionalInt.of(fallback) : OptionalInt.empty();
        }
        long id = stated.getAsLong();
        // Some writers use the largest unsigned number for "none".
        if (id == 0xFFFF_FFFFL || id == -1) {
            return OptionalInt.empty();
        }
        if (id < 0 || id >= size) {
            throw new GlassException("The key " + PREFIX + key + " is " + id + ", outside the vocabulary of " + size
                    + " entries; the file is broken.");
        }
        return OptionalInt.of((int) id);
    }

    private boolean flag(String key, boolean fallback) {
        return metadata.bool(PREFIX + key).orElse(fallback);
    }

    private static byte[] bytes(long[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
