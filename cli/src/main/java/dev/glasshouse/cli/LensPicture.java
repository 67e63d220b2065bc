package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.engine.LensRow;
import dev.glasshouse.sampling.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What each layer would say, a line for each, and how a chosen token fares on the way up. */
final class LensPicture {
    private static final int MARGIN = 7;
    private static final int LAYER = 9;
    private static final int RANK = 7;
    private static final int BAR = 12;

    private LensPicture() {}

    static List<String> lines(List<LensRow> rows, TokenNames names, Canvas canvas) {
        List<String> lines = new ArrayList<>();
        lines.add(canvas.paint(Role.STRONG, "lens")
                + canvas.paint(Role.FAINT, "   what each layer would say if it were the last; early layers often"));
        lines.add(canvas.paint(Role.FAINT, "       read as nonsense: a way of reading, not a thought"));
        int target = rows.getLast().target();
        String name =
                Columns.fit(names.visible(target, canvas), 8, canvas.ellipsis()).strip();
        int texts = canvas.width() - MARGIN - LAYER - 2 - 8 - 2 - RANK - 2 - BAR;
        lines.add(canvas.paint(
                Role.FAINT,
                " ".repeat(MARGIN) + Columns.fit("layer", LAYER, "") + Columns.fit("likeliest", texts, "") + "  "
                        + Columns.right(name, 8) + "  " + Columns.right("rank", RANK)));
        int leads = leadsFrom(rows);
        for (LensRow row : rows) {
            boolean led = row.targetRank() == 1;
            String layer = row.depth() == 0 ? "input" : String.valueOf(row.depth());
            String line = (row.depth() == leads ? canvas.glyph("▶", ">") : " ") + " ".repeat(MARGIN - 1)
                    + Columns.fit(layer, LAYER, "")
                    + Columns.fit(likeliest(row, texts, names, canvas), texts, canvas.ellipsis())
                    + "  " + Columns.right(Canvas.percent(row.targetProbability()), 8)
                    + "  " + Columns.right(Numbers.whole(row.targetRank()), RANK);
            lines.add((led ? canvas.paint(Role.PICKED, line) : line)
                    + "  "
                    + canvas.paint(
                            Role.BAR, canvas.bar(row.targetProbability(), BAR).stripTrailing()));
        }
        if (leads >= 0) {
            lines.add(canvas.paint(
                    Role.FAINT,
                    " ".repeat(MARGIN) + name + " leads from " + (leads == 0 ? "the input" : "layer " + leads)
                            + " to the end"));
        }
        return lines.stream().map(String::stripTrailing).collect(Collectors.toList());
    }

    /** As many of the likeliest as fit. */
    private static String likeliest(LensRow row, int columns, TokenNames names, Canvas canvas) {
        StringBuilder text = new StringBuilder();
        for (Candidate candidate : row.top()) {
            String part = (text.isEmpty() ? "" : "  ") + names.visible(candidate.id(), canvas) + " "
                    + Canvas.percent(candidate.probability());
            if (!text.isEmpty() && Columns.of(text + part) > columns) {
                break;
            }
            text.append(part);
        }
        return text.toString();
    }

    /** The depth from which the target leads in every row up to the last; −1 if it does not lead in the end. */
    static int leadsFrom(List<LensRow> rows) {
        int from = -1;
        for (LensRow row : rows.reversed()) {
            if (row.targetRank() != 1) {
                break;
            }
            from = row.depth();
        }
        return from;
    }
}
