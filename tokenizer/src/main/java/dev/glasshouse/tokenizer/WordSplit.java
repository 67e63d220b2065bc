package dev.glasshouse.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** How text is cut into the words inside which byte-pair encoding is trained and used. */
public enum WordSplit {
    /** GPT-2's: a word with the space before it, numbers, punctuation. */
    GPT2("gpt2", "gpt-2", false),
    /** Llama 3's: as GPT-4's, numbers in groups of at most three digits; a word that is an entry is taken whole. */
    LLAMA3("llama3", "llama-bpe", true);

    static final String LLAMA3_PATTERN =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private final String label;
    private final String gguf;
    private final boolean ignoresMerges;

    WordSplit(String label, String gguf, boolean ignoresMerges) {
        this.label = label;
        this.gguf = gguf;
        this.ignoresMerges = ignoresMerges;
    }

    /** The name in configurations and on the command line. */
    public String label() {
        return label;
    }

    /** The name in {@code tokenizer.ggml.pre}. */
    String gguf() {
        return gguf;
    }

    /** Whether a word that is an entry is taken whole, without a look at the merges. */
    boolean ignoresMerges() {
        return ignoresMerges;
    }

    /**
     * Cuts a long text into pieces of {@code size} characters or a little more, at places where every split of this type ends a word
     * whatever stands around: between an ASCII letter and a space. The words and ids of the pieces are those of the text.
     */
    public static List<String> pieces(String text, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size " + size);
        }
        if (text.length() <= size) {
            return List.of(text);
        }
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (text.length() - from > size) {
            int cut = text.indexOf(' ', from + size);
            while (cut >= 0 && !letter(text.charAt(cut - 1))) {
                cut = text.indexOf(' ', cut + 1);
            }
            if (cut < 0) {
                break;
            }
            pieces.add(text.substring(from, cut));
            from = cut;
        }
        pieces.add(text.substring(from));
        return pieces;
    }

    private static boolean letter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** A splitter; it may be used by one thread at a time. */
    Scanner scanner() {
        return this == GPT2 ? new Scanner.Gpt2() : new Scanner.Cl100k(3, false);
    }
}
