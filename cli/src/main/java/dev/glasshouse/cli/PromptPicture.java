package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.engine.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Tokens with their ids below them, as many on a line as fit; control tokens stand in brackets. */
final class PromptPicture {
    private static final int MARGIN = 7;

    private PromptPicture() {}

    /** @param first the position of the first token; if given, a third line tells the positions */
    static List<String> lines(String title, List<Trace.Token> tokens, OptionalInt first, Canvas canvas) {
        List<String> lines = new ArrayList<>();
        String name = title;
        int at = 0;
        while (at < tokens.size()) {
            StringBuilder texts = new StringBuilder();
            StringBuilder ids = new StringBuilder();
            StringBuilder places = new StringBuilder();
            int used = MARGIN;
            int begin = at;
            while (at < tokens.size()) {
                Trace.Token token = tokens.get(at);
                String text = visible(token, canvas);
                String id = String.valueOf(token.id());
                String place = first.isPresent() ? String.valueOf(first.getAsInt() + at) : "";
                int wanted = Math.max(Columns.of(text), Math.max(id.length(), place.length()));
                int width = Math.min(canvas.width() - MARGIN, wanted);
                if (used + width > canvas.width() && at > begin) {
                    break;
                }
                String fitted = Columns.fit(text, width, canvas.ellipsis());
                texts.append(token.control() ? canvas.paint(Role.CONTROL, fitted) : fitted)
                        .append("  ");
                ids.append(Columns.fit(id, width, "")).append("  ");
                places.append(Columns.fit(place, width, "")).append("  ");
                used += width + 2;
                at++;
            }
            lines.add(canvas.paint(Role.STRONG, Columns.fit(name, MARGIN, ""))
                    + texts.toString().stripTrailing());
            lines.add(canvas.paint(
                    Role.FAINT,
                    Columns.fit(first.isPresent() ? "id" : "", MARGIN, "")
                            + ids.toString().stripTrailing()));
            if (first.isPresent()) {
                lines.add(canvas.paint(
                        Role.FAINT,
                        Columns.fit("at", MARGIN, "") + places.toString().stripTrailing()));
            }
            name = "";
        }
        return lines;
    }

    static String visible(Trace.Token token, Canvas canvas) {
        String text = canvas.token(token.bytes());
        return token.control() && !text.startsWith("<") && !text.startsWith("[") ? "<" + text + ">" : text;
    }
}
