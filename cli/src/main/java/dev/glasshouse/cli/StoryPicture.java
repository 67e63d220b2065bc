package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.stories.Document;
import dev.glasshouse.stories.Piece;
import dev.glasshouse.stories.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A document of the small world as people read it: a line a turn. With odds, what was chosen stands in brackets with its
 * information in bits behind it; all else had to come.
 */
final class StoryPicture {
    private static final double HARDLY = 0.05;

    private StoryPicture() {}

    static List<String> lines(Document document, boolean odds, Canvas canvas) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : document.pieces()) {
            String said = document.text().substring(piece.start(), piece.end());
            if (!odds || piece.forced() || piece.bits() < HARDLY) {
                text.append(said);
            } else {
                text.append(marked(said, piece.bits(), canvas));
            }
        }
        String turns = text.toString()
                .replace(Tags.END, "\n")
                .replace(Tags.USER, canvas.paint(Role.FAINT, "> "))
                .replace(Tags.ASSISTANT, "");
        List<String> lines = new ArrayList<>();
        for (String line : turns.split("\n")) {
            if (!line.isBlank()) {
                WordWrap wrap = new WordWrap(canvas.width());
                lines.addAll((wrap.accept(line) + wrap.finish())
                        .lines()
                        .map(String::stripTrailing)
                        .toList());
            }
        }
        if (odds) {
            lines.add(canvas.paint(
                    Role.FAINT,
                    String.format(
                            Locale.ROOT,
                            "%.1f bits chosen in %d characters; all else had to come",
                            document.bits(),
                            document.text().length())));
        }
        return lines;
    }

    /** Blanks at the ends stay outside of the brackets, so that lines break where words end. */
    private static String marked(String said, double bits, Canvas canvas) {
        String core = said.strip();
        if (core.isEmpty() || core.startsWith("<|") || core.endsWith("|>")) {
            return said;
        }
        int at = said.indexOf(core);
        String number = String.format(Locale.ROOT, bits < 9.95 ? "%.1f" : "%.0f", bits);
        return said.substring(0, at)
                + canvas.paint(Role.PICKED, "[" + core + "]")
                + canvas.paint(Role.FAINT, canvas.unicode() ? small(number) : "(" + number + ")")
                + said.substring(at + core.length());
    }

    private static String small(String number) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < number.length(); i++) {
            char digit = number.charAt(i);
            out.append(digit == '.' ? '·' : "₀₁₂₃₄₅₆₇₈₉".charAt(digit - '0'));
        }
        return out.toString();
    }
}
