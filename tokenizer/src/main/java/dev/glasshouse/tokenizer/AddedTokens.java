package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the added entries of a vocabulary in text, before anything else is cut: at each place from left to right the longest one.
 * Control entries count only where the text may hold them.
 */
final class AddedTokens {
    /**
     * One added entry.
     *
     * @param guarded whether it is found only in text that may hold control tokens
     * @param stripLeft whether it swallows white space before it; {@code stripRight}: after it
     * @param wholeWord whether it counts only where no letter, digit or underscore is beside it
     */
    record Entry(int id, String text, boolean guarded, boolean stripLeft, boolean stripRight, boolean wholeWord) {}

    /** Where the pieces of a text go, in order. */
    interface Sink {
        void text(String text, int from, int to);

        void token(int id);
    }

    /** All added tokens together; the largest vocabularies need some 200,000. */
    private static final int MAXIMUM_CHARACTERS = 1 << 24;

    private final Entry[] entries;
    private final PairTable children;
    /** Per node of the tree the entry that ends there, or -1. */
    private final int[] entryAt;

    private final boolean[] firstChars = new boolean[1 << 16];

    AddedTokens(List<Entry> entries) {
        this.entries = entries.stream().filter(entry -> !entry.text().isEmpty()).toArray(Entry[]::new);
        int characters = 1;
        for (Entry entry : this.entries) {
            characters += entry.text().length();
            if (characters > MAXIMUM_CHARACTERS || characters < 0) {
                throw new GlassException("The tokenizer's added tokens are longer than can be read.");
            }
        }
        this.children = new PairTable(characters);
        this.entryAt = new int[characters];
        Arrays.fill(entryAt, -1);
        int nodes = 1;
        for (int i = 0; i < this.entries.length; i++) {
            String text = this.entries[i].text();
            firstChars[text.charAt(0)] = true;
            int node = 0;
            for (int at = 0; at < text.length(); at++) {
                int child = child(node, text.charAt(at));
                if (child < 0) {
                    child = nodes++;
                    children.add(node, text.charAt(at), 0, child);
                }
                node = child;
            }
            if (entryAt[node] < 0) {
                entryAt[node] = i;
            }
        }
    }

    private int child(int node, char c) {
        return (int) children.find(node, c);
    }

    boolean isEmpty() {
        return entries.length == 0;
    }

    /** Cuts the text; {@code control} says whether guarded entries count. */
    void partition(String text, boolean control, Sink sink) {
        int done = 0;
        int length = text.length();
        for (int at = 0; at < length; ) {
            int found = firstChars[text.charAt(at)] ? longestAt(text, at, control) : -1;
            if (found < 0) {
                at++;
                continue;
            }
            Entry entry = entries[found];
            int left = at;
            if (entry.stripLeft()) {
                while (left > done && isSpace(text.charAt(left - 1))) {
                    left--;
                }
            }
            if (left > done) {
                sink.text(text, done, left);
            }
            sink.token(entry.id());
            at += entry.text().length();
            if (entry.stripRight()) {
                while (at < length && isSpace(text.charAt(at))) {
                    at++;
                }
            }
            done = at;
        }
        if (done < length) {
            sink.text(text, done, length);
        }
    }

    private int longestAt(String text, int at, boolean control) {
        int best = -1;
        int node = 0;
        for (int i = at; i < text.length(); i++) {
            node = child(node, text.charAt(i));
            if (node < 0) {
                break;
            }
            int entry = entryAt[node];
            if (entry >= 0 && (control || !entries[entry].guarded()) && fits(entries[entry], text, at, i + 1)) {
                best = entry;
            }
        }
        return best;
    }

    private static boolean fits(Entry entry, String text, int from, int to) {
        return !entry.wholeWord()
                || ((from == 0 || !isWord(text.charAt(from - 1))) && (to == text.length() || !isWord(text.charAt(to))));
    }

    private static boolean isSpace(char c) {
        return UnicodeClasses.of(c) == UnicodeClasses.SPACE;
    }

    private static boolean isWord(char c) {
        int word = UnicodeClasses.LETTER | UnicodeClasses.NUMBER | UnicodeClasses.MARK;
        return c == '_' || (UnicodeClasses.of(c) & word) != 0;
    }
}
