package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Splits by a regular expression: the way for patterns without a {@link Scanner}, and what the tests compare the scanners with. Its
 * character classes are those of the JDK (hence the flag {@code UNICODE_CHARACTER_CLASS}: without it {@code \s} misses a dozen spaces).
 */
final class RegexSplitter implements PreTokenizer {
    /** What becomes of the text that the pattern matches; the names are those of tokenizer.json. */
    enum Behavior {
        ISOLATED,
        REMOVED,
        MERGED_WITH_PREVIOUS,
        MERGED_WITH_NEXT,
        CONTIGUOUS
    }

    private final Pattern pattern;
    private final Behavior behavior;
    private final boolean invert;

    RegexSplitter(String regex, Behavior behavior, boolean invert) {
        this.pattern = compile(regex);
        this.behavior = behavior;
        this.invert = invert;
    }

    /** A pattern from a tokenizer's file. @throws GlassException if it is none */
    static Pattern compile(String regex) {
        try {
            return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES);
        } catch (PatternSyntaxException e) {
            throw new GlassException(
                    "The tokenizer's pattern " + shown(regex) + " cannot be used here: " + e.getDescription(), e);
        }
    }

    private static String shown(String regex) {
        return regex.length() <= 300 ? regex : regex.substring(0, 300) + "…";
    }

    /** A pattern whose matches, and what lies between them, are pieces. */
    static RegexSplitter isolated(String regex) {
        return new RegexSplitter(regex, Behavior.ISOLATED, false);
    }

    /**
     * Text that counts how often the expression looks at it: a file's pattern can be written, by accident or on purpose, so that it takes
     * time beyond any measure. The patterns in use look at a character a few dozen times.
     */
    private static final class MeteredText implements CharSequence {
        private final char[] text;
        private final int from;
        private final int to;
        private long looksLeft;

        MeteredText(char[] text, int from, int to) {
            this.text = text;
            this.from = from;
            this.to = to;
            this.looksLeft = 1_000_000 + 1_000L * (to - from);
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            if (--looksLeft < 0) {
                throw new GlassException("The tokenizer's pattern takes too long for this text of " + (to - from)
                        + " characters; pass it in smaller parts.");
            }
            return text[from + index];
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new String(text, from + start, end - start);
        }

        @Override
        public String toString() {
            return new String(text, from, to - from);
        }
    }

    @Override
    public void split(char[] text, int from, int to, IntList pieces) {
        Matcher matcher = pattern.matcher(new MeteredText(text, from, to));
        // Pairs of start and end; the sign of the third number says whether the stretch is a delimiter.
        IntList stretches = new IntList();
        int last = from;
        try {
            while (matcher.find()) {
                int start = from + matcher.start();
                int end = from + matcher.end();
                if (start > last) {
                    stretch(stretches, last, start, invert);
                }
                // A match without length (a lookahead alone) is a place to cut.
                if (end > start) {
                    stretch(stretches, start, end, !invert);
                }
                last = end;
            }
        } catch (StackOverflowError e) {
            throw tooLong(pattern, e);
        }
        if (last < to) {
            stretch(stretches, last, to, invert);
        }
        emit(stretches, pieces);
    }

    /** The text with another in place of every match. @throws GlassException if that takes too long */
    static String replaceAll(Pattern pattern, String text, String replacement) {
        char[] characters = text.toCharArray();
        try {
            return pattern.matcher(new MeteredText(characters, 0, characters.length))
                    .replaceAll(Matcher.quoteReplacement(replacement));
        } catch (StackOverflowError e) {
            throw tooLong(pattern, e);
        }
    }

    private static GlassException tooLong(Pattern pattern, StackOverflowError cause) {
        return new GlassException(
                "The text is too long for the tokenizer's pattern " + shown(pattern.pattern())
                        + "; pass it in smaller parts.",
                cause);
    }

    private static void stretch(IntList stretches, int start, int end, boolean delimiter) {
        stretches.add(start, end);
        stretches.add(delimiter ? 1 : 0);
    }

    private void emit(IntList stretches, IntList pieces) {
        int count = stretches.size() / 3;
        int open = -1;
        for (int i = 0; i < count; i++) {
            int start = stretches.get(3 * i);
            int end = stretches.get(3 * i + 1);
            boolean delimiter = stretches.get(3 * i + 2) == 1;
            boolean nextDelimiter = i + 1 < count && stretches.get(3 * i + 5) == 1;
            switch (behavior) {
                case ISOLATED -> pieces.add(start, end);
                case REMOVED -> {
                    if (!delimiter) {
                        pieces.add(start, end);
                    }
                }
                case MERGED_WITH_PREVIOUS -> {
                    // A delimiter closes the piece that a stretch before it has opened.
                    open = open < 0 ? start : open;
                    if (delimiter || !nextDelimiter) {
                        pieces.add(open, end);
                        open = -1;
                    }
                }
                case MERGED_WITH_NEXT -> {
                    open = open < 0 ? start : open;
                    if (!delimiter || nextDelimiter || i + 1 == count) {
                        pieces.add(open, end);
                        open = -1;
                    }
                }
                case CONTIGUOUS -> {
                    open = open < 0 ? start : open;
                    if (i + 1 == count || nextDelimiter != delimiter) {
                        pieces.add(open, end);
                        open = -1;
                    }
                }
            }
        }
    }
}
