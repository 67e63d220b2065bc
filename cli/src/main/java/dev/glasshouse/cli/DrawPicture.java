package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.sampling.Draw;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.Slice;
import dev.glasshouse.sampling.StepRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The draws of one step as lines: the number u, where it came from, and the bar from 0 to 1 on which each candidate has as
 * much room as its probability, in the chain's order, with the point where u fell.
 */
final class DrawPicture {
    private static final int MARGIN = 7;

    private final Canvas canvas;
    private final TokenNames names;

    private DrawPicture(TokenNames names, Canvas canvas) {
        this.canvas = canvas;
        this.names = names;
    }

    /** A candidate's part of the bar. */
    record Part(OptionalInt id, double low, double high) {}

    static List<String> lines(StepRecord step, TokenNames names, Canvas canvas) {
        DrawPicture picture = new DrawPicture(names, canvas);
        List<String> lines = new ArrayList<>();
        for (Draw draw : step.draws()) {
            lines.addAll(picture.lines(draw, step));
        }
        if (step.draws().isEmpty()) {
            lines.add(picture.head("draw") + "none was needed");
        }
        picture.verdict(step).ifPresent(lines::add);
        return lines;
    }

    private String head(String name) {
        return canvas.paint(Role.STRONG, Columns.fit(name, MARGIN - 1, "")) + " ";
    }

    private List<String> lines(Draw draw, StepRecord step) {
        String origin = String.format(
                Locale.ROOT, "%s, seed %d, word %s", draw.generator(), draw.seed(), Numbers.whole(draw.position()));
        if (draw.place().isEmpty()) {
            boolean strikes = draw.u() <= draw.high();
            String verdict = String.format(
                    Locale.ROOT,
                    "u = %.4f %s %s: %s",
                    draw.u(),
                    strikes ? canvas.glyph("≤", "<=") : ">",
                    StageText.plain(draw.high()),
                    strikes ? "it strikes" : "it leaves all as they are");
            return List.of(head(draw.stage())
                    + verdict
                    + canvas.paint(
                            Role.FAINT, StepPicture.fitting(MARGIN + verdict.length(), List.of(origin), canvas)));
        }
        List<Part> parts = parts(draw, step);
        int cells = Math.min(canvas.width() - MARGIN - 4, 90);
        int point = Math.min(cells - 1, (int) Math.floor(draw.u() * cells));
        String target = parts.stream()
                .filter(part -> hit(part, draw))
                .findFirst()
                .map(Part::id)
                .filter(OptionalInt::isPresent)
                .map(id -> names.visible(id.getAsInt(), canvas))
                .orElse("place " + (draw.place().getAsInt() + 1));
        List<String> lines = new ArrayList<>();
        String fell = String.format(Locale.ROOT, "u = %.4f %s ", draw.u(), canvas.arrow());
        String room = String.format(Locale.ROOT, ", which has %.4f to %.4f", draw.low(), draw.high());
        int used = MARGIN + fell.length() + Columns.of(target) + room.length();
        boolean fits = used + origin.length() + 4 <= canvas.width();
        lines.add(head("draw")
                + fell
                + canvas.paint(Role.PICKED, target)
                + room
                + (fits ? canvas.paint(Role.FAINT, "  (" + origin + ")") : ""));
        if (!fits) {
            lines.add(" ".repeat(MARGIN) + canvas.paint(Role.FAINT, "(" + origin + ")"));
        }
        if (parts.size() > 1 || parts.getFirst().id().isPresent()) {
            lines.add(labels(parts, cells).stripTrailing());
        }
        lines.add(bar(parts, draw, cells, point));
        return lines;
    }

    /** The candidates' intervals, in order and without gaps; those that the record does not name have no id. */
    static List<Part> parts(Draw draw, StepRecord step) {
        List<Part> known = new ArrayList<>(named(draw, step));
        known.sort(Comparator.comparingDouble(Part::low));
        List<Part> parts = new ArrayList<>();
        double end = 0;
        for (Part part : known) {
            if (part.low() > end) {
                parts.add(new Part(OptionalInt.empty(), end, part.low()));
            }
            parts.add(part);
            end = Math.max(end, part.high());
        }
        if (end < 1 - 1e-9) {
            parts.add(new Part(OptionalInt.empty(), end, 1));
        }
        return parts;
    }

    private static List<Part> named(Draw draw, StepRecord step) {
        List<Part> named = new ArrayList<>();
        for (Slice slice : draw.slices()) {
            named.add(new Part(OptionalInt.of(slice.id()), slice.low(), slice.high()));
        }
        if (named.stream().noneMatch(part -> hit(part, draw))) {
            boolean own = step.by() == PickedBy.SAMPLED || step.by() == PickedBy.GREEDY;
            named.add(new Part(own ? OptionalInt.of(step.id()) : OptionalInt.empty(), draw.low(), draw.high()));
        }
        return named;
    }

    /** Whether u fell into this part. */
    private static boolean hit(Part part, Draw draw) {
        return part.low() == draw.low() && part.high() == draw.high();
    }

    private static int cell(double place, int cells) {
        return Math.clamp(Math.round(place * cells), 0, cells);
    }

    /** The tokens above their parts of the bar, where they have room. */
    private String labels(List<Part> parts, int cells) {
        StringBuilder line = new StringBuilder(" ".repeat(MARGIN + 1));
        for (Part part : parts) {
            int room = cell(part.high(), cells) - cell(part.low(), cells);
            String name = part.id().isPresent() ? names.visible(part.id().getAsInt(), canvas) : "";
            if (room <= 0) {
                continue;
            }
            boolean fits = Columns.of(name) < room || room >= 5;
            String text = fits ? Columns.fit(name, Math.max(0, room - 1), canvas.ellipsis()) + " " : " ".repeat(room);
            int left = Math.max(0, (room - Columns.of(text.stripTrailing())) / 2);
            String centred = " ".repeat(left) + text.stripTrailing();
            line.append(centred).append(" ".repeat(Math.max(0, room - Columns.of(centred))));
        }
        return line.toString();
    }

    private String bar(List<Part> parts, Draw draw, int cells, int point) {
        StringBuilder line = new StringBuilder(" ".repeat(MARGIN)).append(canvas.glyph("├", "|"));
        for (Part part : parts) {
            int from = cell(part.low(), cells);
            int to = cell(part.high(), cells);
            boolean hit = hit(part, draw);
            StringBuilder text = new StringBuilder();
            for (int at = from; at < to; at++) {
                String fill = part.id().isEmpty() && !hit ? canvas.glyph("┄", ".") : canvas.glyph("─", "-");
                boolean border = at == to - 1 && to < cells;
                text.append(at == point ? canvas.glyph("●", "O") : border ? canvas.glyph("┼", "+") : fill);
            }
            if (hit) {
                line.append(canvas.paint(Role.PICKED, text.toString()));
            } else if (from <= point && point < to) {
                line.append(text);
            } else {
                line.append(canvas.paint(Role.FAINT, text.toString()));
            }
        }
        return line.append(canvas.glyph("┤", "|")).toString();
    }

    private Optional<String> verdict(StepRecord step) {
        String token = names.visible(step.id(), canvas);
        return switch (step.by()) {
            case SAMPLED -> Optional.empty();
            case GREEDY ->
                Optional.of(" ".repeat(MARGIN)
                        + canvas.paint(Role.FAINT, "temperature 0 leaves the likeliest alone: every u gives it"));
            case USER ->
                Optional.of(
                        head("pick") + canvas.paint(Role.PICKED, token) + ", picked by a person; the draw stays made");
            case FORCED ->
                Optional.of(head("pick") + canvas.paint(Role.PICKED, token) + ", given; the draw stays made");
        };
    }
}
