package dev.glasshouse.cli;

import dev.glasshouse.cli.CandidateTable.Cell;
import dev.glasshouse.cli.CandidateTable.Column;
import dev.glasshouse.cli.CandidateTable.Row;
import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.sampling.StageRecord;
import dev.glasshouse.sampling.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The candidates of one step as lines: token, id, probability before and after each active stage, a bar for the last one, all
 * others as one row, and how many each stage left and what it cut. Stages that do not fit are left out and named.
 */
final class CandidatePicture {
    private static final int MARGIN = 7;
    private static final int LEAST_BAR = 8;
    private static final int MOST_BAR = 40;
    private static final String ELSE = "everything else";

    private final Canvas canvas;
    private final TokenNames names;
    private final List<Row> rows;
    private final int picked;
    private final List<Integer> shown = new ArrayList<>();
    private final List<Column> columns;
    private final List<Integer> leftOut = new ArrayList<>();
    private final int idWidth;
    private final int tokenWidth;
    private final int barWidth;

    private CandidatePicture(CandidateTable table, TokenNames names, Canvas canvas) {
        this.canvas = canvas;
        this.names = names;
        rows = table.rows();
        picked = table.picked();
        columns = table.columns();
        idWidth = Math.max(
                2,
                rows.stream()
                        .mapToInt(row -> String.valueOf(row.id()).length())
                        .max()
                        .orElse(2));
        int widest = rows.stream()
                .mapToInt(row -> Columns.of(names.visible(row.id(), canvas)))
                .max()
                .orElse(0);
        // The row of all others has its name where token and id stand.
        int least = Math.max(8, ELSE.length() - idWidth - 2);
        for (int i = 0; i < columns.size(); i++) {
            shown.add(i);
        }
        while (free(least) < 0 && shown.size() > 2) {
            leaveOut();
        }
        int wanted = Math.clamp(widest, least, canvas.width() >= 110 ? 24 : 16);
        int spare = free(least) - LEAST_BAR - 2;
        tokenWidth = Math.max(least, Math.min(wanted, least + Math.max(0, spare)));
        barWidth = Math.min(MOST_BAR, free(tokenWidth) - 2);
    }

    /** @param most candidates at most */
    static List<String> lines(StepRecord step, int most, TokenNames names, Canvas canvas) {
        return new CandidatePicture(CandidateTable.of(step, most), names, canvas).lines();
    }

    private int free(int token) {
        int used = MARGIN + token + 2 + idWidth;
        for (int i : shown) {
            used += width(columns.get(i)) + 2;
        }
        return canvas.width() - used;
    }

    /** First a stage that changed nothing in this step, then the earliest. */
    private void leaveOut() {
        Integer out = shown.get(1);
        for (int i : shown.subList(1, shown.size() - 1)) {
            if (columns.get(i).cut() == 0 && same(i)) {
                out = i;
                break;
            }
        }
        shown.remove(/* element */ out);
        leftOut.add(out);
    }

    private boolean same(int column) {
        return rows.stream()
                .allMatch(row -> row.cells().get(column).equals(row.cells().get(column - 1)));
    }

    private static String head(Column column) {
        return column.stage().map(StageText::head).orElse("raw");
    }

    private static String value(Column column) {
        return column.stage().map(StageText::value).orElse("");
    }

    private static int width(Column column) {
        return Math.max(6, Math.max(head(column).length(), value(column).length()));
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(canvas.paint(Role.FAINT, headLine(false)));
        if (shown.size() > 1) {
            lines.add(canvas.paint(Role.FAINT, headLine(true)));
        }
        int before = 0;
        for (Row row : rows) {
            int rank = row.rank().orElse(0);
            if (rank > before + 1 && before > 0 || rank == 0 && before > 0) {
                lines.add(canvas.paint(Role.FAINT, "   " + canvas.glyph("⋮", ":")));
            }
            before = rank;
            lines.add(line(row));
        }
        lines.add(rest());
        if (shown.size() > 1) {
            lines.add(canvas.paint(Role.FAINT, sums("candidates left", false)));
            lines.add(canvas.paint(Role.FAINT, sums("cut by stage", true)));
        }
        if (rows.stream()
                .anyMatch(row -> shown.stream().anyMatch(i -> row.cells().get(i) instanceof Cell.Among))) {
            lines.add(canvas.paint(
                    Role.FAINT, " ".repeat(MARGIN) + canvas.glyph("↓", "v") + " counted in everything else there"));
        }
        if (!leftOut.isEmpty()) {
            leftOut.sort(null);
            String which = leftOut.stream()
                    .map(i -> columns.get(i).stage().map(StageRecord::name).orElse("raw"))
                    .collect(Collectors.joining(", "));
            String note = "no room here for " + which;
            lines.add(canvas.paint(
                    Role.FAINT, " ".repeat(MARGIN) + Columns.fit(note, canvas.width() - MARGIN, canvas.ellipsis())));
        }
        return lines.stream().map(String::stripTrailing).collect(Collectors.toList());
    }

    private String headLine(boolean values) {
        StringBuilder line = new StringBuilder(Columns.fit("", MARGIN, ""));
        line.append(Columns.fit(values ? "" : "token", tokenWidth, ""))
                .append("  ")
                .append(Columns.right(values ? "" : "id", idWidth));
        for (int i : shown) {
            Column column = columns.get(i);
            line.append("  ").append(Columns.right(values ? value(column) : head(column), width(column)));
        }
        return line.toString();
    }

    private String line(Row row) {
        boolean chosen = row.id() == picked;
        StringBuilder line = new StringBuilder();
        line.append(chosen ? canvas.glyph("▶", ">") : " ")
                .append(Columns.right(
                        row.rank().isPresent() ? String.valueOf(row.rank().getAsInt()) : canvas.glyph("–", "-"), 4))
                .append("  ");
        boolean control = names.token(row.id()).map(token -> token.control()).orElse(false);
        String token = Columns.fit(names.visible(row.id(), canvas), tokenWidth, canvas.ellipsis());
        StringBuilder numbers = new StringBuilder("  ").append(Columns.right(String.valueOf(row.id()), idWidth));
        boolean gone = false;
        for (int i : shown) {
            Cell cell = row.cells().get(i);
            gone = cell instanceof Cell.Cut;
            numbers.append("  ").append(Columns.right(text(cell), width(columns.get(i))));
        }
        if (chosen) {
            line.append(token).append(numbers);
            return canvas.paint(Role.PICKED, line.toString()) + bar(row.last(), gone);
        }
        if (gone) {
            line.append(token).append(numbers);
            return canvas.paint(Role.FAINT, line.toString()) + bar(0, true);
        }
        line.append(control ? canvas.paint(Role.CONTROL, token) : token).append(numbers);
        return line + bar(row.last(), false);
    }

    private String text(Cell cell) {
        return switch (cell) {
            case Cell.Share share -> Canvas.percent(share.p());
            case Cell.Cut cut -> "cut";
            case Cell.Among among -> canvas.glyph("↓", "v");
        };
    }

    private String bar(double share, boolean gone) {
        if (barWidth < 3) {
            return "";
        }
        return "  "
                + (gone
                        ? canvas.paint(Role.FAINT, canvas.glyph("·", "."))
                        : canvas.paint(Role.BAR, canvas.bar(share, barWidth).stripTrailing()));
    }

    private String rest() {
        StringBuilder line =
                new StringBuilder(" ".repeat(MARGIN)).append(Columns.fit(ELSE, tokenWidth + 2 + idWidth, ""));
        boolean gone = false;
        double last = 0;
        for (int i : shown) {
            Column column = columns.get(i);
            gone = column.others() == 0 && column.rest() == 0;
            last = column.rest();
            boolean there = columns.getFirst().others() > 0;
            line.append("  ")
                    .append(Columns.right(gone ? there ? "cut" : "none" : Canvas.percent(last), width(column)));
        }
        return gone ? canvas.paint(Role.FAINT, line.toString()) + bar(0, true) : line + bar(last, false);
    }

    private String sums(String name, boolean cut) {
        StringBuilder line =
                new StringBuilder(" ".repeat(MARGIN)).append(Columns.fit(name, tokenWidth + 2 + idWidth, ""));
        for (int i : shown) {
            Column column = columns.get(i);
            String text = !cut
                    ? Numbers.whole(column.kept())
                    : column.stage().isEmpty()
                            ? ""
                            : column.cut() == 0 ? canvas.glyph("–", "-") : Canvas.percent(column.cut());
            line.append("  ").append(Columns.right(text, width(column)));
        }
        return line.toString();
    }
}
