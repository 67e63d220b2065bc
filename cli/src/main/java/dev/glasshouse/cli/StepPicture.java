package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One step of a trace as lines of text: its head, its candidates, the draw, and the meters. A pure function of the step, the
 * names of the tokens and the canvas.
 */
final class StepPicture {
    private static final int GAUGE = 10;

    private StepPicture() {}

    /**
     * @param number of the step in its run, from 1
     * @param context positions that the cache could hold
     * @param most candidates to show
     */
    static List<String> lines(Trace.Step step, int number, int context, int most, TokenNames names, Canvas canvas) {
        List<String> lines = new ArrayList<>();
        lines.add(head(step, number, names, canvas));
        lines.addAll(CandidatePicture.lines(step.sampling(), most, names, canvas));
        lines.addAll(DrawPicture.lines(step.sampling(), names, canvas));
        lines.add(meters(step, context, canvas));
        return lines;
    }

    private static String head(Trace.Step step, int number, TokenNames names, Canvas canvas) {
        StepRecord sampling = step.sampling();
        String token = names.visible(step.token().id(), canvas);
        List<String> facts = List.of(
                "position " + Numbers.whole(step.position()),
                entropy(sampling),
                "as of " + choices(StrictMath.pow(2, sampling.entropy())) + " equal choices");
        String title = "step " + number;
        return canvas.paint(Role.STRONG, title) + "  " + canvas.paint(Role.PICKED, token)
                + canvas.paint(Role.FAINT, fitting(title.length() + 2 + Columns.of(token), facts, canvas));
    }

    static String entropy(StepRecord record) {
        return String.format(Locale.ROOT, "entropy %.2f bits", record.entropy());
    }

    /** As many of the facts as fit behind what is there already. */
    static String fitting(int used, List<String> facts, Canvas canvas) {
        StringBuilder text = new StringBuilder();
        for (String fact : facts) {
            String part = (text.isEmpty() ? "  " : ", ") + fact;
            if (used + text.length() + part.length() > canvas.width()) {
                break;
            }
            text.append(part);
        }
        return text.toString();
    }

    static String choices(double count) {
        return count < 9.95 ? String.format(Locale.ROOT, "%.1f", count) : Numbers.whole(Math.round(count));
    }

    /** How full the context is, and where the time went. */
    static String meters(Trace.Step step, int context, Canvas canvas) {
        double share = context <= 0 ? 0 : (double) step.cacheUsed() / context;
        List<String> facts = new ArrayList<>(List.of(
                Numbers.whole(step.cacheUsed()) + " of " + Numbers.whole(context) + " tokens",
                ProgressBar.bytes(step.cacheBytes())));
        if (step.forwardNanos() > 0) {
            facts.add(String.format(Locale.ROOT, "network %.1f ms", step.forwardNanos() / 1e6));
            facts.add(String.format(Locale.ROOT, "sampling %.1f ms", step.samplingNanos() / 1e6));
            facts.add(String.format(
                    Locale.ROOT, "%.0f tokens/s", 1e9 / (step.forwardNanos() + (double) step.samplingNanos())));
        }
        String gauge = "ctx    " + canvas.glyph("▕", "[") + canvas.bar(share, GAUGE) + canvas.glyph("▏", "]");
        return canvas.paint(Role.FAINT, gauge + fitting(Columns.of(gauge), facts, canvas));
    }
}
