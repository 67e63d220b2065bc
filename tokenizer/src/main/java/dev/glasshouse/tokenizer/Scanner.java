package dev.glasshouse.tokenizer;

import static dev.glasshouse.tokenizer.UnicodeClasses.LETTER;
import static dev.glasshouse.tokenizer.UnicodeClasses.NUMBER;
import static dev.glasshouse.tokenizer.UnicodeClasses.SPACE;

/**
 * What the hand-written pre-tokenisers share. Each is one regular expression whose alternatives cover every character, so that a text is
 * cut by asking for the end of the next piece until it is used up. Each takes time linear in the text.
 */
abstract class Scanner implements PreTokenizer {
    /** The end of the piece that begins at {@code at}; {@code at < to}. */
    abstract int next(char[] text, int at, int to);

    @Override
    public final void split(char[] text, int from, int to, IntList pieces) {
        for (int at = from; at < to; ) {
            int end = next(text, at, to);
            pieces.add(at, end);
            at = end;
        }
    }

    static int codePoint(char[] text, int at, int to) {
        char c = text[at];
        if (Character.isHighSurrogate(c) && at + 1 < to && Character.isLowSurrogate(text[at + 1])) {
            return Character.toCodePoint(c, text[at + 1]);
        }
        return c;
    }

    static int classAt(char[] text, int at, int to) {
        return UnicodeClasses.of(codePoint(text, at, to));
    }

    static int width(char[] text, int at, int to) {
        return Character.isHighSurrogate(text[at]) && at + 1 < to && Character.isLowSurrogate(text[at + 1]) ? 2 : 1;
    }

    /** The end of the longest run of characters of the given classes that begins at {@code at}. */
    static int run(char[] text, int at, int to, int classes) {
        while (at < to) {
            char c = text[at];
            if (Character.isSurrogate(c)) {
                if ((classAt(text, at, to) & classes) == 0) {
                    return at;
                }
                at += width(text, at, to);
            } else if ((UnicodeClasses.of(c) & classes) == 0) {
                return at;
            } else {
                at++;
            }
        }
        return at;
    }

    /** As {@link #run}, at most {@code limit} characters. */
    static int run(char[] text, int at, int to, int classes, int limit) {
        for (int i = 0; i < limit && at < to && (classAt(text, at, to) & classes) != 0; i++) {
            at += width(text, at, to);
        }
        return at;
    }

    /** The end of a contraction ('s 't 're 've 'm 'll 'd) at {@code at}, or {@code at} if there is none. */
    static int contraction(char[] text, int at, int to, boolean anyCase) {
        if (at + 1 >= to || text[at] != '\'') {
            return at;
        }
        char a = fold(text[at + 1], anyCase);
        if (a == 's' || a == 't' || a == 'm' || a == 'd') {
            return at + 2;
        }
        if (at + 2 >= to) {
            return at;
        }
        char b = fold(text[at + 2], anyCase);
        boolean two = (a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l');
        return two ? at + 3 : at;
    }

    private static char fold(char c, boolean anyCase) {
        if (anyCase && c >= 'A' && c <= 'Z') {
            return (char) (c + ('a' - 'A'));
        }
        // U+017F, the long s, is the one other character that matches one of these letters when case is ignored.
        return anyCase && c == '\u017F' ? 's' : c;
    }

    /** {@code \s+(?!\S)|\s+} for the run of spaces {@code [at, end)}: leaves the last one to the word that follows. */
    static int spaces(int at, int end, int to) {
        return end == to || end - at == 1 ? end : end - 1;
    }

    /** {@code \s*[\r\n]+|\s+(?!\S)|\s+}. */
    static int spacesOrLines(char[] text, int at, int to) {
        int end = run(text, at, to, SPACE);
        for (int last = end - 1; last >= at; last--) {
            if (text[last] == '\n' || text[last] == '\r') {
                return last + 1;
            }
        }
        return spaces(at, end, to);
    }

    static int newlines(char[] text, int at, int to, boolean slash) {
        while (at < to && (text[at] == '\r' || text[at] == '\n' || (slash && text[at] == '/'))) {
            at++;
        }
        return at;
    }

    /** GPT-2: {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}. */
    static final class Gpt2 extends Scanner {
        @Override
        int next(char[] text, int at, int to) {
            int contraction = contraction(text, at, to, false);
            if (contraction > at) {
                return contraction;
            }
            int start = text[at] == ' ' && at + 1 < to ? at + 1 : at;
            int first = classAt(text, start, to);
            if ((first & LETTER) != 0) {
                return run(text, start, to, LETTER);
            }
            if ((first & NUMBER) != 0) {
                return run(text, start, to, NUMBER);
            }
            if ((first & SPACE) == 0) {
                return run(text, start, to, ~(SPACE | LETTER | NUMBER));
            }
            return spaces(at, run(text, at, to, SPACE), to);
        }
    }

    /**
     * GPT-4 (cl100k), Llama 3, Qwen 2:
     * {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}, with
     * another number of digits, or {@code [\p{L}\p{M}]} in place of {@code \p{L}} in the second and fourth alternative (Qwen 3.5).
     */
    static final class Cl100k extends Scanner {
        private final int digits;
        private final int letters;

        Cl100k(int digits, boolean marks) {
            this.digits = digits;
            this.letters = marks ? LETTER | UnicodeClasses.MARK : LETTER;
        }

        @Override
        int next(char[] text, int at, int to) {
            int contraction = contraction(text, at, to, true);
            if (contraction > at) {
                return contraction;
            }
            char c = text[at];
            int first = classAt(text, at, to);
            if ((first & letters) != 0) {
                return run(text, at, to, letters);
            }
            if ((first & NUMBER) != 0) {
                return run(text, at, to, NUMBER, digits);
            }
            int second = at + width(text, at, to);
            int secondClass = second < to ? classAt(text, second, to) : 0;
            if ((secondClass & letters) != 0 && c != '\r' && c != '\n') {
                return run(text, second, to, letters);
            }
            int others = ~(SPACE | letters | NUMBER);
            if ((first & SPACE) == 0) {
                return newlines(text, run(text, at, to, others), to, false);
            }
            if (c == ' ' && (secondClass & others) != 0) {
                return newlines(text, run(text, second, to, others), to, false);
            }
            return spacesOrLines(text, at, to);
        }
    }

    /**
     * GPT-4o (o200k), Llama 4, gpt-oss: with U = {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}, W = {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}, P =
     * {@code [^\r\n\p{L}\p{N}]}, C = {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)}:
     * {@code P?U*W+C?|P?U+W*C?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+}. Tekken (Mistral) has no C and one digit.
     */
    static final class O200k extends Scanner {
        private static final int UPPER = LETTER & ~UnicodeClasses.LOWER | UnicodeClasses.MARK;
        private static final int LOWER = LETTER & ~(UnicodeClasses.UPPER | UnicodeClasses.TITLE) | UnicodeClasses.MARK;
        private static final int BOTH = UPPER & LOWER;
        private final int digits;
        private final boolean contractions;

        O200k(int digits, boolean contractions) {
            this.digits = digits;
            this.contractions = contractions;
        }

        @Override
        int next(char[] text, int at, int to) {
            char c = text[at];
            int first = classAt(text, at, to);
            int second = at + width(text, at, to);
            boolean prefix = (first & (LETTER | NUMBER)) == 0 && c != '\r' && c != '\n';
            int word = prefix ? upperThenLower(text, second, to) : -1;
            if (word < 0) {
                word = upperThenLower(text, at, to);
            }
            if (word < 0 && prefix) {
                word = run(text, second, to, UPPER) > second ? run(text, second, to, UPPER) : -1;
            }
            if (word < 0 && (first & UPPER) != 0) {
                word = run(text, at, to, UPPER);
            }
            if (word >= 0) {
                return contractions ? contraction(text, word, to, true) : word;
            }
            if ((first & NUMBER) != 0) {
                return run(text, at, to, NUMBER, digits);
            }
            int others = ~(SPACE | LETTER | NUMBER);
            int start = c == ' ' && second < to && (classAt(text, second, to) & others) != 0 ? second : at;
            if ((classAt(text, start, to) & others) != 0) {
                return newlines(text, run(text, start, to, others), to, true);
            }
            return spacesOrLines(text, at, to);
        }

        /** The end of {@code U*W+} at {@code at}, or -1; a U gives back what a W needs. */
        private static int upperThenLower(char[] text, int at, int to) {
            int end = run(text, at, to, UPPER);
            int lower = run(text, end, to, LOWER);
            if (lower > end) {
                return lower;
            }
            while (end > at) {
                int before = end - 1;
                if (before > at
                        && Character.isLowSurrogate(text[before])
                        && Character.isHighSurrogate(text[before - 1])) {
                    before--;
                }
                if ((classAt(text, before, to) & BOTH) != 0) {
                    return end;
                }
                end = before;
            }
            return -1;
        }
    }
}
