package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads Hugging Face's {@code tokenizer.json}: {@code model} (BPE or Unigram), {@code added_tokens}, and the pipeline of
 * {@code normalizer}, {@code pre_tokenizer}, {@code post_processor} (what is added at the ends) and {@code decoder} (from which only the
 * handling of spaces is taken: the rest follows from the vocabulary).
 */
final class JsonTokenizer {
    /** More than any vocabulary has. */
    private static final int MAXIMUM_ID = 1 << 24;

    private final Json.ObjectValue root;
    private final Json.ObjectValue model;
    private final String kind;

    JsonTokenizer(Json json) {
        if (!(json instanceof Json.ObjectValue object)) {
            throw new GlassException("The tokenizer.json is not a JSON object.");
        }
        root = object;
        model = root.object("model").orElseThrow(() -> new GlassException("The tokenizer.json has no model."));
        // Old files leave the type out; then it is BPE if there are merges.
        kind = model.string("type").orElse(model.find("merges").isPresent() ? "BPE" : "");
        if (!kind.equals("BPE") && !kind.equals("Unigram")) {
            throw new GlassException(
                    "The tokenizer.json's model is of type \"" + kind + "\"; supported are BPE and Unigram.");
        }
    }

    TokenizerSpec load() {
        List<Json> added = root.array("added_tokens").orElse(List.of());
        Entries entries = kind.equals("BPE") ? bpeEntries(added) : unigramEntries(added);
        boolean byteLevel = JsonComponents.mentions(root, "pre_tokenizer", "ByteLevel")
                || JsonComponents.mentions(root, "decoder", "ByteLevel");
        OptionalInt unknown = unknown(entries);
        // Byte entries are marked before names are read, so that <0x0A> is a byte and not text.
        if (model.bool("byte_fallback").orElse(false)) {
            for (int id = 0; id < entries.size(); id++) {
                if (entries.kinds[id] == TokenKind.NORMAL && Entries.byteValue(entries.names[id]) >= 0) {
                    entries.kinds[id] = TokenKind.BYTE;
                }
            }
        }
        NavigableSet<Integer> ends = entries.endsByName();
        Vocabulary vocabulary = byteLevel ? entries.byteLevel() : entries.sentencePiece("");
        JsonComponents.Ends post = JsonComponents.ends(root.object("post_processor"), entries.size());
        post.eos().ifPresent(ends::add);
        return new TokenizerSpec(
                vocabulary,
                addedTokens(added, entries),
                JsonComponents.normalizer(root),
                JsonComponents.preTokenizer(root.object("pre_tokenizer")),
                kind.equals("BPE") ? bpe(vocabulary, byteLevel, unknown) : unigram(vocabulary, unknown),
                !byteLevel,
                !byteLevel && JsonComponents.stripsLeadingSpace(root.object("decoder")),
                false,
                post.bos(),
                post.eos(),
                post.bos().isPresent(),
                post.eos().isPresent(),
                ends);
    }

    /** With the {@code tokenizer_config.json} that lies beside it. */
    TokenizerSpec load(Json config) {
        TokenizerSpec spec = load();
        if (!(config instanceof Json.ObjectValue object)) {
            throw new GlassException("The tokenizer_config.json is not a JSON object.");
        }
        OptionalInt bos = named(spec, object, "bos_token");
        OptionalInt eos = named(spec, object, "eos_token");
        return spec.withEnds(
                bos.isPresent() ? bos : spec.bos(),
                eos.isPresent() ? eos : spec.eos(),
                object.bool("add_bos_token").orElse(spec.addBos()),
                object.bool("add_eos_token").orElse(spec.addEos()));
    }

    private static OptionalInt named(TokenizerSpec spec, Json.ObjectValue config, String key) {
        Optional<Json> value = config.find(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        Optional<String> name =
                switch (value.get()) {
                    case Json.StringValue string -> Optional.of(string.text());
                    case Json.ObjectValue object -> object.string("content");
                    default -> Optional.empty();
                };
        return name.isEmpty() ? OptionalInt.empty() : spec.vocabulary().idOf(name.get());
    }

    private Entries bpeEntries(List<Json> added) {
        Map<String, Json> vocabulary = model.object("vocab")
                .orElseThrow(() -> new GlassException("The tokenizer.json's model has no vocab."))
                .members();
        int size = 0;
        for (Json id : vocabulary.values()) {
            size = Math.max(size, id(id) + 1);
        }
        Entries entries = entries(vocabulary.size(), size, added);
        for (Map.Entry<String, Json> entry : vocabulary.entrySet()) {
            int id = id(entry.getValue());
            entries.names[id] = entry.getKey();
            entries.kinds[id] = TokenKind.NORMAL;
        }
        add(entries, added);
        return entries;
    }

    private Entries unigramEntries(List<Json> added) {
        List<Json> vocabulary =
                model.array("vocab").orElseThrow(() -> new GlassException("The tokenizer.json's model has no vocab."));
        Entries entries = entries(vocabulary.size(), vocabulary.size(), added);
        for (int id = 0; id < vocabulary.size(); id++) {
            if (!(vocabulary.get(id) instanceof Json.ArrayValue pair)
                    || pair.elements().size() != 2
                    || !(pair.elements().get(0) instanceof Json.StringValue name)
                    || !(pair.elements().get(1) instanceof Json.NumberValue score)
                    || !Float.isFinite((float) score.asDouble())) {
                throw new GlassException("Entry " + id + " of the tokenizer.json's vocab is not a name and a score.");
            }
            entries.names[id] = name.text();
            entries.scores[id] = (float) score.asDouble();
            entries.kinds[id] = TokenKind.NORMAL;
        }
        add(entries, added);
        return entries;
    }

    private static Entries entries(int count, int size, List<Json> added) {
        int needed = size;
        for (Json token : added) {
            needed = Math.max(needed, id(object(token).get("id")) + 1);
        }
        // Ids are nearly dense in every real vocabulary; a huge one among few entries would only ask for memory.
        if (needed > 2L * (count + added.size()) + 65_536) {
            throw new GlassException("The tokenizer.json has " + (count + added.size()) + " entries but the id "
                    + (needed - 1) + "; the file is broken.");
        }
        Entries entries = new Entries(needed);
        Arrays.fill(entries.kinds, TokenKind.UNUSED);
        return entries;
    }

    private static void add(Entries entries, List<Json> added) {
        for (Json json : added) {
            Json.ObjectValue token = object(json);
            int id = id(token.get("id"));
            entries.names[id] = content(token);
            entries.kinds[id] = token.bool("special").orElse(false) ? TokenKind.CONTROL : TokenKind.USER_DEFINED;
        }
    }

    private static Json.ObjectValue object(Json json) {
        if (json instanceof Json.ObjectValue object) {
            return object;
        }
        throw new GlassException("An added token of the tokenizer.json is not an object.");
    }

    private static String content(Json.ObjectValue token) {
        return token.string("content")
                .orElseThrow(() -> new GlassException("An added token of the tokenizer.json has no content."));
    }

    private static int id(Json json) {
        if (json instanceof Json.NumberValue number && number.asLong() >= 0 && number.asLong() < MAXIMUM_ID) {
            return (int) number.asLong();
        }
        throw new GlassException(
                "The tokenizer.json has an id that is no whole number from 0 to " + (MAXIMUM_ID - 1) + ".");
    }

    private OptionalInt unknown(Entries entries) {
        long stated = model.integer("unk_id").orElse(-1);
        int id = stated >= 0 && stated < entries.size() ? (int) stated : -1;
        Optional<String> name = model.string("unk_token");
        for (int i = 0; i < entries.size() && id < 0 && name.isPresent(); i++) {
            id = entries.names[i].equals(name.get()) ? i : -1;
        }
        if (id < 0 || id >= entries.size()) {
            return OptionalInt.empty();
        }
        entries.kinds[id] = TokenKind.UNKNOWN;
        return OptionalInt.of(id);
    }

    private AddedTokens addedTokens(List<Json> added, Entries entries) {
        List<AddedTokens.Entry> all = new ArrayList<>();
        for (Json json : added) {
            Json.ObjectValue token = object(json);
            int id = id(token.get("id"));
            all.add(new AddedTokens.Entry(
                    id,
                    content(token),
                    entries.guarded(id),
                    token.bool("lstrip").orElse(false),
                    token.bool("rstrip").orElse(false),
                    token.bool("single_word").orElse(false)));
        }
        return new AddedTokens(all);
    }

    private SubwordModel bpe(Vocabulary vocabulary, boolean byteLevel, OptionalInt unknown) {
        for (String key : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!model.string(key).orElse("").isEmpty()) {
                throw new GlassException("The tokenizer.json's model uses " + key + ", which is not supported.");
            }
        }
        List<Json> merges = model.array("merges")
                .orElseThrow(() -> new GlassException("The tokenizer.json's model has no merges."));
        PairTable table = Merges.table(vocabulary, merges.size(), i -> pair(merges.get(i)));
        boolean fallback = model.bool("byte_fallback").orElse(false);
        return new BytePairModel(
                vocabulary,
                table,
                byteLevel
                        ? BytePairModel.Symbols.BYTES
                        : fallback ? BytePairModel.Symbols.CHARACTERS_ELSE_BYTES : BytePairModel.Symbols.CHARACTERS,
                model.bool("ignore_merges").orElse(false),
                unknown.orElse(-1),
                model.bool("fuse_unk").orElse(false));
    }

    static Merges.Pair pair(Json merge) {
        if (merge instanceof Json.StringValue string) {
            return Merges.split(string.text());
        }
        if (merge instanceof Json.ArrayValue array
                && array.elements().size() == 2
                && array.elements().get(0) instanceof Json.StringValue left
                && array.elements().get(1) instanceof Json.StringValue right) {
            return new Merges.Pair(left.text(), right.text());
        }
        throw new GlassException("A merge of the tokenizer.json is neither a string nor a pair of strings.");
    }

    private SubwordModel unigram(Vocabulary vocabulary, OptionalInt unknown) {
        return new UnigramModel(
                vocabulary, unknown.orElse(-1), model.bool("byte_fallback").orElse(false));
    }
}
