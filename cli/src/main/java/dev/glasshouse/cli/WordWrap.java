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
                wordColumns += columns(c);
                if (wordColumns >= width || columns(c) == 2) {
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

    /** Columns that a character takes: two for those of East Asian scripts and pictures, none for combining marks. */
    private static int columns(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff00 && c <= 0xff60)
                || (c >= 0x1f300 && c <= 0x1faff)
                || (c >= 0x20000 && c <= 0x3fffd);
        return wide ? 2 : 1;
    }
}
