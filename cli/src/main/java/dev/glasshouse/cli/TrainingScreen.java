package dev.glasshouse.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A training as a person sees it on stderr: on a terminal a picture that redraws itself, with the curve of the loss, how far it
 * is, the pace, the time left and the newest text; elsewhere a line for each twentieth.
 */
final class TrainingScreen implements AutoCloseable {
    private static final int CURVE_LINES = 8;
    private static final int LINES_ELSEWHERE = 20;
    private static final long REDRAW_NANOS = 250_000_000L;

    private final Console console;
    private final long steps;
    private double[] losses = new double[64];
    private int count;
    private String validation = "";
    private String sample = "";
    private String pace = "";
    private int drawn;
    private long lastDrawn;
    private long lastPart = -1;

    TrainingScreen(Console console, long steps) {
        this.console = console;
        this.steps = steps;
    }

    /** The losses of the steps that earlier sessions did. */
    void before(double[] earlier) {
        for (double loss : earlier) {
            add(loss);
        }
    }

    private void add(double loss) {
        if (count == losses.length) {
            losses = Arrays.copyOf(losses, count * 2);
        }
        losses[count++] = loss;
    }

    /** A step is done. */
    void step(long step, double loss, double tokensPerSecond, double secondsLeft) {
        add(loss);
        pace = (tokensPerSecond > 0 ? String.format(Locale.ROOT, "%,.0f tokens/s", tokensPerSecond) : "")
                + (step < steps && Double.isFinite(secondsLeft)
                        ? "  " + ProgressBar.duration(secondsLeft) + " left"
                        : "");
        if (console.errTerminal()) {
            long now = System.nanoTime();
            if (step >= steps || drawn == 0 || now - lastDrawn > REDRAW_NANOS) {
                lastDrawn = now;
                draw();
            }
        } else {
            long part = step * LINES_ELSEWHERE / Math.max(1, steps);
            if (part != lastPart || step == 1) {
                lastPart = part;
                console.note(String.format(Locale.ROOT, "step %,d of %,d  loss %.3f  %s", step, steps, loss, pace)
                        .stripTrailing());
            }
        }
    }

    /** The loss on text that the weights never saw. */
    void validation(long step, double loss, double bitsPerByte) {
        validation = String.format(Locale.ROOT, "validation %.3f (%.3f bits a byte)", loss, bitsPerByte);
        if (!console.errTerminal()) {
            console.note(String.format(Locale.ROOT, "step %,d  %s", step, validation));
        }
    }

    /** What the model wrote. */
    void sample(long step, String prompt, String text) {
        sample = (prompt + "|" + text)
                .replaceAll("<\\|[a-z_]+\\|>", " ")
                .replaceAll("\\p{Cntrl}", " ")
                .replaceAll("\\s+", " ")
                .strip();
        if (!console.errTerminal()) {
            console.note(String.format(Locale.ROOT, "step %,d  it wrote: ", step) + sample);
        }
    }

    /** Something that stays to be read. */
    void note(String text) {
        erase();
        console.note(text);
        if (console.errTerminal() && count > 0) {
            draw();
        }
    }

    private void draw() {
        List<String> lines = lines();
        StringBuilder out = new StringBuilder();
        if (drawn > 0) {
            out.append("\u001b[").append(drawn).append("A\r");
        }
        for (String line : lines) {
            out.append(line).append("\u001b[K\n");
        }
        for (int i = lines.size(); i < drawn; i++) {
            out.append("\u001b[K\n");
        }
        drawn = Math.max(drawn, lines.size());
        console.err().print(out);
        console.err().flush();
    }

    private void erase() {
        if (drawn > 0) {
            console.err().print("\u001b[" + drawn + "A\r\u001b[J");
            drawn = 0;
        }
    }

    /** The picture: every line fits the canvas. */
    List<String> lines() {
        Canvas canvas = console.canvas();
        int width = canvas.width() - 1;
        List<String> lines =
                new ArrayList<>(LossPicture.lines(Arrays.copyOf(losses, count), steps, CURVE_LINES, canvas));
        String place = String.format(
                Locale.ROOT,
                "step %,d of %,d %3d%% ",
                count,
                steps,
                steps <= 0 ? 100 : Math.min(100, count * 100L / steps));
        String facts = String.format(Locale.ROOT, "  loss %.3f", count == 0 ? 0 : losses[count - 1])
                + (pace.isEmpty() ? "" : "  " + pace);
        int room = width - place.length() - facts.length() - 2;
        lines.add(
                room < 5
                        ? Columns.fit(place + facts.strip(), width, canvas.ellipsis())
                                .stripTrailing()
                        : place
                                + canvas.glyph("▕", "[")
                                + canvas.paint(
                                        Canvas.Role.BAR,
                                        canvas.bar((double) count / Math.max(1, steps), Math.min(room, 24)))
                                + canvas.glyph("▏", "]")
                                + facts);
        for (String text : List.of(validation, sample)) {
            if (!text.isEmpty()) {
                lines.add(Columns.fit(text, width, canvas.ellipsis()).stripTrailing());
            }
        }
        return lines;
    }

    /** Leaves the last picture as it is. */
    @Override
    public void close() {
        if (console.errTerminal() && count > 0) {
            draw();
        }
    }
}
