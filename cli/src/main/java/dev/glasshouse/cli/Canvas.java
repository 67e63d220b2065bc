package dev.glasshouse.cli;

import java.util.Locale;

/**
 * What pictures are drawn on: pure data, so that the same step on the same canvas is always the same text.
 *
 * @param width columns
 * @param colour colours there are
 * @param unicode whether glyphs beyond ASCII can be shown
 */
record Canvas(int width, ColourLevel colour, boolean unicode) {
    /** A share from here on has at least a sliver of a bar: it is not "<0.1%". */
    private static final double LEAST_SHOWN = 0.0005;

    private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

    /** What a piece of a picture is; the colour never says anything that the text does not. */
    enum Role {
        /** What was picked. */
        PICKED("1;36"),
        /** Bars and gauges. */
        BAR("36"),
        /** Heads, explanations, what is switched off or cut. */
        FAINT("2"),
        /** Titles. */
        STRONG("1"),
        /** Control tokens. */
        CONTROL("35"),
        /** What a person must not overlook. */
        WARNING("33");

        private final String sgr;

        Role(String sgr) {
            this.sgr = sgr;
        }
    }

    Canvas {
        width = Math.clamp(width, 40, 400);
    }

    /** The same with ASCII characters only. */
    Canvas withoutUnicode() {
        return new Canvas(width, colour, false);
    }

    String paint(Role role, String text) {
        return paint(role.sgr, text);
    }

    String paint(String sgr, String text) {
        return colour == ColourLevel.NONE || text.isEmpty() || sgr.isEmpty()
                ? text
                : "\u001b[" + sgr + "m" + text + "\u001b[0m";
    }

    /** The first of the two where it can be shown, else the second. */
    String glyph(String beyondAscii, String ascii) {
        return unicode ? beyondAscii : ascii;
    }

    String arrow() {
        return glyph("→", "->");
    }

    String ellipsis() {
        return glyph("…", "~");
    }

    /** {@code share} (0…1) of {@code cells} columns, in eighths of a cell; empty cells are blank, in ASCII dashes. */
    String bar(double share, int cells) {
        double bounded = Double.isNaN(share) ? 0 : Math.clamp(share, 0, 1);
        if (!unicode) {
            int full = (int) Math.round(bounded * cells);
            return "#".repeat(full) + "-".repeat(cells - full);
        }
        int eighths = (int) Math.round(bounded * cells * 8);
        if (eighths == 0 && bounded >= LEAST_SHOWN) {
            eighths = 1;
        }
        StringBuilder text = new StringBuilder("█".repeat(eighths / 8));
        if (eighths % 8 != 0) {
            text.append(EIGHTHS.charAt(eighths % 8));
        }
        return text + " ".repeat(cells - text.length());
    }

    /** A token as people can see it, see {@link TokenText#visible(byte[], boolean)}. */
    String token(byte[] bytes) {
        return TokenText.visible(bytes, unicode);
    }

    /** A share as people read it, to one digit: "71.3%", "&lt;0.1%" for what is there but less. */
    static String percent(double share) {
        if (share > 0 && share < LEAST_SHOWN) {
            return "<0.1%";
        }
        return String.format(Locale.ROOT, "%.1f%%", share * 100);
    }
}
