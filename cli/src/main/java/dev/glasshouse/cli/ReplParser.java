package dev.glasshouse.cli;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Cuts a line of the chat prompt for JLine: {@code """} opens a text of several lines that the next {@code """} closes;
 * words, for completion, are separated by blanks.
 */
final class ReplParser implements Parser {
    static final String QUOTES = "\"\"\"";

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        String text = line.strip();
        boolean open = text.startsWith(QUOTES) && text.indexOf(QUOTES, QUOTES.length()) < 0;
        if (open && context != ParseContext.COMPLETE) {
            throw new EOFError(-1, -1, "the text is not closed by \"\"\"");
        }
        return new Line(line, cursor);
    }

    /** The message that a line means: what stands between the triple quotes, or the line itself. */
    static String message(String line) {
        String text = line.strip();
        if (text.startsWith(QUOTES)) {
            int end = text.indexOf(QUOTES, QUOTES.length());
            return text.substring(QUOTES.length(), end < 0 ? text.length() : end)
                    .strip();
        }
        return text;
    }

    private record Line(String line, int cursor) implements CompletingParsedLine {
        @Override
        public String word() {
            return words().get(wordIndex());
        }

        @Override
        public int wordCursor() {
            String before = line.substring(0, Math.min(cursor, line.length()));
            return before.length() - (before.lastIndexOf(' ') + 1);
        }

        @Override
        public int wordIndex() {
            String before = line.substring(0, Math.min(cursor, line.length()));
            return Math.min((int) before.chars().filter(c -> c == ' ').count(), words().size() - 1);
        }

        @Override
        public List<String> words() {
            return List.of(line.split(" ", -1));
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return wordCursor();
        }

        @Override
        public int rawWordLength() {
            return word().length();
        }
    }
}
