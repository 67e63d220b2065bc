package dev.glasshouse.cli;

/** How many columns of a terminal text takes. Escape sequences are not text: measure before painting. */
final class Columns {
    private Columns() {}

    /** Two for characters of East Asian scripts and pictures, none for combining marks, else one. */
    static int of(int c) {
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

    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    /** The text in exactly {@code columns} columns: filled with blanks, or cut with {@code mark} as its last column. */
    static String fit(String text, int columns, String mark) {
        if (of(text) <= columns) {
            return text + " ".repeat(columns - of(text));
        }
        StringBuilder cut = new StringBuilder();
        int used = 0;
        int room = columns - of(mark);
        for (int c : text.codePoints().toArray()) {
            if (used + of(c) > room) {
                break;
            }
            cut.appendCodePoint(c);
            used += of(c);
        }
        String marked = room < 0 ? "" : cut + mark;
        return marked + " ".repeat(Math.max(0, columns - of(marked)));
    }

    /** The text at the right of {@code columns} columns. */
    static String right(String text, int columns) {
        return " ".repeat(Math.max(0, columns - of(text))) + text;
    }
}
