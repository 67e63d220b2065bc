package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a byte-level BPE vocabulary shall be like.
 *
 * @param vocabulary entries wanted: special tokens, 256 bytes, merges; a text with too few different pairs gives fewer
 * @param split how text is cut into words
 * @param specialTokens control tokens, which get the first ids in this order
 * @param minimumCount a pair seen less often is not merged; 0 and 1 merge every pair
 * @param end the special token that ends a text or a turn, if any
 * @param begin the special token that begins a text, if any; it is named in the files but never added by itself
 */
public record BpeOptions(
        int vocabulary,
        WordSplit split,
        List<String> specialTokens,
        long minimumCount,
        Optional<String> end,
        Optional<String> begin) {
    /** Larger vocabularies than any in use. */
    private static final int MAXIMUM = 1 << 20;

    /** @throws GlassException if the numbers or names cannot make a vocabulary */
    public BpeOptions {
        specialTokens = List.copyOf(specialTokens);
        if (vocabulary < 256 + specialTokens.size() || vocabulary > MAXIMUM) {
            throw new GlassException(
                    "A vocabulary of " + vocabulary + " entries is not possible: it needs 256 for bytes and "
                            + specialTokens.size() + " for special tokens, and may have at most " + MAXIMUM + ".");
        }
        if (minimumCount < 0) {
            throw new GlassException("The minimum count of a pair cannot be " + minimumCount + "; give 0 or more.");
        }
        checkNames(specialTokens, end, begin);
    }

    static void checkNames(List<String> specialTokens, Optional<String> end, Optional<String> begin) {
        for (String name : specialTokens) {
            // A name of one character could be that of a byte.
            if (name.length() < 2 || name.length() > 200 || !Utf8.repair(name).equals(name)) {
                throw new GlassException(
                        "The special token \"" + name + "\" must have 2 to 200 characters of Unicode.");
            }
        }
        if (new LinkedHashSet<>(specialTokens).size() != specialTokens.size()) {
            throw new GlassException("A special token is named twice in " + specialTokens + ".");
        }
        for (Optional<String> name : List.of(end, begin)) {
            if (name.isPresent() && !specialTokens.contains(name.get())) {
                throw new GlassException("The token \"" + name.get() + "\" is not among the special tokens "
                        + specialTokens + "; add it to them.");
            }
        }
    }

    /** A vocabulary with GPT-2's split whose texts end with {@code <|endoftext|>}. */
    public static BpeOptions of(int vocabulary) {
        return of(vocabulary, WordSplit.GPT2, List.of("<|endoftext|>"), "<|endoftext|>");
    }

    /** A vocabulary that merges every pair, with special tokens of which one ends a text or a turn. */
    public static BpeOptions of(int vocabulary, WordSplit split, List<String> specialTokens, String end) {
        return new BpeOptions(vocabulary, split, specialTokens, 0, Optional.of(end), Optional.empty());
    }
}
