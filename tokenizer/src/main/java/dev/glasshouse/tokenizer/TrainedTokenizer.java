package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Metadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A byte-level vocabulary of our own training, in the forms that others read: {@code tokenizer.json} with {@code tokenizer_config.json}
 * (Hugging Face), pairs of GGUF metadata, and the {@link Tokenizer} itself. All give the same ids.
 */
public final class TrainedTokenizer {
    /** An entry of the vocabulary that stands for structure. */
    private final Set<String> special;

    private final WordSplit split;
    private final List<String> names;
    private final List<Merges.Pair> merges;
    private final Optional<String> end;
    private final Optional<String> begin;
    private final Tokenizer tokenizer;

    private TrainedTokenizer(
            WordSplit split,
            List<String> names,
            List<Merges.Pair> merges,
            Set<String> special,
            Optional<String> end,
            Optional<String> begin) {
        this.split = split;
        this.names = List.copyOf(names);
        this.merges = List.copyOf(merges);
        this.special = Set.copyOf(special);
        this.end = end;
        this.begin = begin;
        this.tokenizer = Tokenizer.ofTokenizerJson(tokenizerJson(), configJson(Optional.empty()));
    }

    static TrainedTokenizer bytePair(BpeOptions options, PairLearner.Result result) {
        List<Merges.Pair> merges = new ArrayList<>(result.merges().length);
        for (long pair : result.merges()) {
            merges.add(new Merges.Pair(
                    result.names().get((int) (pair >>> 32)), result.names().get((int) pair)));
        }
        return new TrainedTokenizer(
                options.split(),
                result.names(),
                merges,
                new HashSet<>(options.specialTokens()),
                options.end(),
                options.begin());
    }

    static TrainedTokenizer bytes(BpeOptions options, WordCounter words) {
        boolean[] seen = new boolean[256];
        for (int word = 0; word < words.size(); word++) {
            for (int i = 0; i < words.length(word); i++) {
                seen[words.byteAt(word, i)] = true;
            }
        }
        List<String> names = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            if (seen[value]) {
                names.add(String.valueOf(ByteLevel.character(value)));
            }
        }
        names.addAll(options.specialTokens());
        if (names.isEmpty()) {
            throw new GlassException("There is no text to take a vocabulary from.");
        }
        return new TrainedTokenizer(
                options.split(),
                names,
                List.of(),
                new HashSet<>(options.specialTokens()),
                options.end(),
                options.begin());
    }

    /**
     * Reads back what {@link #tokenizerJson()} and {@link #configJson} gave.
     *
     * @throws GlassException if it is another kind of tokenizer than those trained here
     */
    public static TrainedTokenizer read(Json tokenizerJson, Json configJson) {
        Json.ObjectValue root = tokenizerJson.asObject();
        Json.ObjectValue model = root.get("model").asObject();
        Json.ObjectValue vocabulary = model.get("vocab").asObject();
        int size = vocabulary.members().size();
        String[] names = new String[size];
        vocabulary.members().forEach((name, id) -> {
            if (id.asInt() < 0 || id.asInt() >= size) {
                throw new GlassException("The tokenizer.json's id " + id.asInt() + " is outside the vocabulary of "
                        + size + " entries.");
            }
            names[id.asInt()] = name;
        });
        if (Arrays.asList(names).contains(null)) {
            throw new GlassException("The tokenizer.json gives one id to two entries.");
        }
        List<Merges.Pair> merges = new ArrayList<>();
        for (Json merge : model.get("merges").asArray()) {
            merges.add(JsonTokenizer.pair(merge));
        }
        Set<String> special = new HashSet<>();
        for (Json token : root.array("added_tokens").orElse(List.of())) {
            special.add(token.asObject().get("content").asString());
        }
        Json.ObjectValue config = configJson.asObject();
        for (WordSplit split : WordSplit.values()) {
            TrainedTokenizer read = new TrainedTokenizer(
                    split, List.of(names), merges, special, config.string("eos_token"), config.string("bos_token"));
            if (read.tokenizerJson().write().equals(tokenizerJson.write())) {
                return read;
            }
        }
        throw new GlassException(
                "The tokenizer.json is not one that this program trained: it has other parts around its"
                        + " vocabulary. Train one with `glass tokenizer train`.");
    }

    /** The tokenizer that does the work. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The special token that ends a text or a turn. */
    public Optional<String> end() {
        return end;
    }

    /** Entries, special tokens included; ids run from 0. */
    public int size() {
        return names.size();
    }

    /** The merges, best first, each as its two entries in GPT-2's visible bytes with a space between. */
    public List<String> merges() {
        return merges.stream().map(pair -> pair.left() + " " + pair.right()).toList();
    }

    /** The special tokens in the order of their ids. */
    public List<String> specialTokens() {
        return names.stream().filter(special::contains).toList();
    }

    /** How text is cut into words. */
    public WordSplit split() {
        return split;
    }

    /** Hugging Face's {@code tokenizer.json}. */
    public Json tokenizerJson() {
        Json.ObjectBuilder vocabulary = Json.object();
        for (int id = 0; id < names.size(); id++) {
            vocabulary.put(names.get(id), id);
        }
        List<Json> pairs = new ArrayList<>();
        for (Merges.Pair pair : merges) {
            pairs.add(Json.of(List.of(Json.of(pair.left()), Json.of(pair.right()))));
        }
        List<Json> added = new ArrayList<>();
        for (int id = 0; id < names.size(); id++) {
            if (special.contains(names.get(id))) {
                added.add(Json.object()
                        .put("id", id)
                        .put("content", names.get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true)
                        .build());
            }
        }
        return Json.object()
                .put("version", "1.0")
                .put("truncation", Json.ofNull())
                .put("padding", Json.ofNull())
                .put("added_tokens", added)
                .put("normalizer", Json.ofNull())
                .put("pre_tokenizer", preTokenizer())
                .put("post_processor", Json.ofNull())
                .put("decoder", byteLevel(true))
                .put(
                        "model",
                        Json.object()
                                .put("type", "BPE")
                                .put("dropout", Json.ofNull())
                                .put("unk_token", Json.ofNull())
                                .put("continuing_subword_prefix", Json.ofNull())
                                .put("end_of_word_suffix", Json.ofNull())
                                .put("fuse_unk", false)
                                .put("byte_fallback", false)
                                .put("ignore_merges", split.ignoresMerges())
                                .put("vocab", vocabulary.build())
                                .put("merges", pairs)
                                .build())
                .build();
    }

    private Json preTokenizer() {
        if (split == WordSplit.GPT2) {
            return byteLevel(true);
        }
        Json cut = Json.object()
                .put("type", "Split")
                .put(
                        "pattern",
                        Json.object().put("Regex", WordSplit.LLAMA3_PATTERN).build())
                .put("behavior", "Isolated")
                .put("invert", false)
                .build();
        return Json.object()
                .put("type", "Sequence")
                .put("pretokenizers", List.of(cut, byteLevel(false)))
                .build();
    }

    private static Json byteLevel(boolean regex) {
        return Json.object()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", regex)
                .build();
    }

    /**
     * Hugging Face's {@code tokenizer_config.json}.
     *
     * @param chatTemplate Jinja source of the chat's format
     */
    public Json configJson(Optional<String> chatTemplate) {
        Json.ObjectBuilder config = Json.object().put("tokenizer_class", "PreTrainedTokenizerFast");
        begin.ifPresent(name -> config.put("bos_token", name));
        end.ifPresent(name -> config.put("eos_token", name));
        config.put("add_bos_token", false).put("add_eos_token", false).put("clean_up_tokenization_spaces", false);
        chatTemplate.ifPresent(template -> config.put("chat_template", template));
        return config.build();
    }

    /**
     * The pairs {@code tokenizer.ggml.*} of a GGUF file.
     *
     * @param chatTemplate Jinja source of the chat's format, for {@code tokenizer.chat_template}
     */
    public Metadata metadata(Optional<String> chatTemplate) {
        int[] types = new int[names.size()];
        for (int id = 0; id < types.length; id++) {
            types[id] = special.contains(names.get(id)) ? 3 : 1;
        }
        Metadata.Builder pairs = Metadata.builder()
                .put("tokenizer.ggml.model", "gpt2")
                .put("tokenizer.ggml.pre", split.gguf())
                .putStrings("tokenizer.ggml.tokens", names)
                .putInt32s("tokenizer.ggml.token_type", types)
                .putStrings("tokenizer.ggml.merges", merges());
        begin.ifPresent(name -> pairs.putUint32("tokenizer.ggml.bos_token_id", names.indexOf(name)));
        end.ifPresent(name -> pairs.putUint32("tokenizer.ggml.eos_token_id", names.indexOf(name)));
        pairs.put("tokenizer.ggml.add_bos_token", false).put("tokenizer.ggml.add_eos_token", false);
        chatTemplate.ifPresent(template -> pairs.put("tokenizer.chat_template", template));
        return pairs.build();
    }
}
