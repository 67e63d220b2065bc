package dev.glasshouse.cli;

/** Breaks a stream of text between words at the width of a terminal; the last word is held back until it is whole. */
final class WordWrap {
    private final int width;
    private final StringBuilder word = new StringBuilder();
    private int column;
    private int wordColumns;

    /** @param width columns; 0 or less does not wrap */
    WordWrap(int width) {
        this.width = width;
    }

    /** Takes more text and returns what can be printed now. */
    String accept(String text) {
        if (width <= 0) {
            return text;
        }
        StringBuilder ready = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                release(ready);
                ready.append('\n');
                column = 0;
            } else if (c == ' ') {
                release(ready);
                if (column < width) {
                    ready.append(' ');
                    column++;
                }
            } else {
                word.appendCodePoint(c);
                wordColumns += Columns.of(c);
                if (wordColumns >= width || Columns.of(c) == 2) {
                    release(ready);
                }
            }
        });
        return ready.toString();
    }

    /** Returns what was held back. */
    String finish() {
        StringBuilder ready = new StringBuilder();
        release(ready);
        return ready.toString();
    }

    private void release(StringBuilder ready) {
        if (wordColumns > 0 && column > 0 && column + wordColumns > width) {
            ready.append('\n');
            column = 0;
        }
        ready.append(word);
        column += wordColumns;
        word.setLength(0);
        wordColumns = 0;
    }
}
