package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Metadata;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Text to ids and back, for one vocabulary. Immutable and safe for use by several threads.
 *
 * <p>The way of a text: added entries (control tokens where the text may hold them) are taken out; each stretch between them is normalised,
 * cut into pieces by the pre-tokeniser, and each piece becomes ids by the subword model. Results depend on nothing but the vocabulary: the
 * character classes used are pinned to one version of Unicode.
 */
public final class Tokenizer {
    private final TokenizerSpec spec;
    private final Vocabulary vocabulary;
    private final int[] endOfGeneration;

    Tokenizer(TokenizerSpec spec) {
        this.spec = spec;
        this.vocabulary = spec.vocabulary();
        this.endOfGeneration =
                spec.endOfGeneration().stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The tokenizer in a GGUF file's metadata (keys {@code tokenizer.ggml.*}).
     *
     * @throws GlassException if there is none, it is broken, or of a kind that is not supported
     */
    public static Tokenizer of(Metadata gguf) {
        return new Tokenizer(new GgufTokenizer(gguf).load());
    }

    /**
     * The tokenizer of a Hugging Face {@code tokenizer.json}. What to add at both ends is taken from its post-processor.
     *
     * @throws GlassException if it is broken or uses a component that is not supported
     */
    public static Tokenizer ofTokenizerJson(Json tokenizer) {
        return new Tokenizer(new JsonTokenizer(tokenizer).load());
    }

    /**
     * As {@link #ofTokenizerJson(Json)}, with the {@code tokenizer_config.json} beside it: its {@code bos_token}, {@code eos_token},
     * {@code add_bos_token} and {@code add_eos_token} count.
     */
    public static Tokenizer ofTokenizerJson(Json tokenizer, Json config) {
        return new Tokenizer(new JsonTokenizer(tokenizer).load(config));
    }

    /**
     * The tokenizer in a SentencePiece {@code .model} file (BPE or unigram).
     *
     * @throws GlassException if it is broken or of another model type
     */
    public static Tokenizer ofSentencePieceModel(byte[] model) {
        return new Tokenizer(new SentencePieceTokenizer(model).load());
    }

    /** The same tokenizer with more ids that end generation, such as the {@code eos_token_id} list of a generation_config.json. */
    public Tokenizer withEndOfGeneration(int... ids) {
        TreeSet<Integer> all = new TreeSet<>(spec.endOfGeneration());
        for (int id : ids) {
            all.add(checked(id));
        }
        return new Tokenizer(spec.withEndOfGeneration(all));
    }

    /**
     * The ids of a text, with nothing added at its ends.
     *
     * @param special whether the names of control tokens in the text mean those tokens; false for text from users
     */
    public int[] encode(String text, boolean special) {
        return encode(List.of(new TextPart(text, special)), false);
    }

    /**
     * The ids of a prompt. Parts are read as one text: the result equals that of the joined text, except that added tokens are looked for
     * within runs of parts of equal trust only, and control tokens only in those that may hold them.
     *
     * @param addEnds whether to add what this vocabulary wants at both ends (see {@link #addsBos()} and {@link #addsEos()}); where the text
     *     already begins with BOS, or ends with EOS, none is added
     */
    public int[] encode(List<TextPart> parts, boolean addEnds) {
        IntList ids = new IntList();
        if (addEnds && spec.addBos() && spec.bos().isPresent()) {
            ids.add(spec.bos().getAsInt());
        }
        int offset = ids.size();
        new Encoder(spec, ids).split(parts);
        if (addEnds && spec.addEos() && spec.eos().isPresent()) {
            int eos = spec.eos().getAsInt();
            if (ids.size() == offset || ids.get(ids.size() - 1) != eos) {
                ids.add(eos);
            }
        }
        int[] result = ids.toArray();
        boolean twice = offset == 1 && result.length > 1 && result[1] == result[0];
        return twice ? Arrays.copyOfRange(result, 1, result.length) : result;
    }

    /** The text of ids, control tokens left out; bytes that are not UTF-8 become U+FFFD. */
    public String decode(int[] ids) {
        return decode(ids, false);
    }

    /** The text of ids; a leading space that the vocabulary puts before every text is removed. */
    public String decode(int[] ids, boolean showControl) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean strip = spec.stripsLeadingSpace();
        for (int id : ids) {
            TokenKind kind = kind(id);
            if (kind == TokenKind.CONTROL && !showControl) {
                continue;
            }
            int skip = 0;
            if (strip && (kind == TokenKind.NORMAL || kind == TokenKind.USER_DEFINED)) {
                int most = spec.stripsAllLeadingSpaces() ? vocabulary.length(id) : 1;
                while (skip < Math.min(most, vocabulary.length(id)) && vocabulary.byteAt(id, skip) == ' ') {
                    skip++;
                }
            }
            bytes.write(vocabulary.bytes(id), skip, vocabulary.length(id) - skip);
            // A control token does not begin the text.
            strip &= kind == TokenKind.CONTROL || (spec.stripsAllLeadingSpaces() && bytes.size() == 0);
        }
        StringBuilder text = new StringBuilder();
        Utf8.decode(bytes.toByteArray(), 0, bytes.size(), true, text);
        return text.toString();
    }

    /** A decoder of a text that goes on from what was there before: no leading space is removed, control tokens are left out. */
    public StreamDecoder streamDecoder() {
        return new StreamDecoder(this, false);
    }

    /** As {@link #streamDecoder()}, with control tokens as their names if wanted. */
    public StreamDecoder streamDecoder(boolean showControl) {
        return new StreamDecoder(this, showControl);
    }

    /** The number of ids; they run from 0. */
    public int size() {
        return vocabulary.size();
    }

    /** The bytes an id stands for; for control tokens, those of its name. @throws GlassException for an id outside the vocabulary */
    public byte[] bytes(int id) {
        return vocabulary.bytes(checked(id));
    }

    /** The entry as the vocabulary spells it, such as {@code ▁the}, {@code Ġthe} or {@code <0x0A>}, for display. */
    public String piece(int id) {
        return vocabulary.name(checked(id));
    }

    /** What an id is. @throws GlassException for an id outside the vocabulary */
    public TokenKind kind(int id) {
        return vocabulary.kind(checked(id));
    }

    /** The score of an id, where the vocabulary has scores; else 0. */
    public float score(int id) {
        return vocabulary.score(checked(id));
    }

    /** The id of the entry that the vocabulary spells like this. */
    public OptionalInt idOf(String piece) {
        return vocabulary.idOf(piece);
    }

    /** The id that begins a text. */
    public OptionalInt bos() {
        return spec.bos();
    }

    /** The id that ends a text. */
    public OptionalInt eos() {
        return spec.eos();
    }

    /** Whether a text begins with BOS in this vocabulary's training. */
    public boolean addsBos() {
        return spec.addBos() && spec.bos().isPresent();
    }

    /** Whether a text ends with EOS in this vocabulary's training. */
    public boolean addsEos() {
        return spec.addEos() && spec.eos().isPresent();
    }

    /** Every id that ends a generation (end of text, of turn, of message), ascending. */
    public int[] endOfGeneration() {
        return endOfGeneration.clone();
    }

    /** Whether an id ends a generation. */
    public boolean isEndOfGeneration(int id) {
        return Arrays.binarySearch(endOfGeneration, id) >= 0;
    }

    private int checked(int id) {
        if (id < 0 || id >= vocabulary.size()) {
            throw new GlassException("The token id " + id + " is outside the vocabulary, which runs from 0 to "
                    + (vocabulary.size() - 1) + ".");
        }
        return id;
    }
}
