package dev.glasshouse.cli;

import dev.glasshouse.weights.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command prints: results on {@code out}, everything else on {@code err}; whether these are terminals, how wide
 * they are and whether colours are wanted (NO_COLOR, CLICOLOR_FORCE, TERM=dumb are honoured).
 */
final class Console {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean inputTerminal;
    private final boolean outTerminal;
    private final boolean errTerminal;
    private final int width;
    private final Canvas canvas;

    Console(
            PrintStream out,
            PrintStream err,
            boolean inputTerminal,
            boolean outTerminal,
            boolean errTerminal,
            int width,
            boolean colour) {
        this(
                out,
                err,
                inputTerminal,
                outTerminal,
                errTerminal,
                width,
                new Canvas(width, colour ? ColourLevel.SIXTEEN : ColourLevel.NONE, true));
    }

    Console(
            PrintStream out,
            PrintStream err,
            boolean inputTerminal,
            boolean outTerminal,
            boolean errTerminal,
            int width,
            Canvas canvas) {
        this.out = out;
        this.err = err;
        this.inputTerminal = inputTerminal;
        this.outTerminal = outTerminal;
        this.errTerminal = errTerminal;
        this.width = width;
        this.canvas = canvas;
    }

    /** The console of this process: the launcher says what is a terminal and how wide it is. */
    @SuppressWarnings("SystemConsoleNull") // some console providers of JDK 25 still give none
    static Console ofProcess() {
        String fallback = System.console() != null && System.console().isTerminal() ? "012" : "";
        String terminals = System.getProperty("glass.terminals", fallback);
        boolean outTerminal = terminals.contains("1");
        boolean errTerminal = terminals.contains("2");
        int width = Integer.getInteger("glass.columns", 80);
        return new Console(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                terminals.contains("0"),
                outTerminal,
                errTerminal,
                width <= 0 ? 80 : width,
                canvas(System.getenv(), outTerminal && errTerminal, width <= 0 ? 80 : width));
    }

    /** The kernel's own console and dumb terminals have few glyphs. */
    private static Canvas canvas(Map<String, String> environment, boolean terminal, int width) {
        String term = environment.getOrDefault("TERM", "");
        boolean few = terminal && (term.equals("dumb") || term.equals("linux"));
        return new Canvas(width, ColourLevel.of(environment, terminal), !few);
    }

    static boolean wantsColour(Map<String, String> environment, boolean terminal) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return false;
        }
        String force = environment.getOrDefault("CLICOLOR_FORCE", "0");
        if (!force.isEmpty() && !force.equals("0")) {
            return true;
        }
        return terminal && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /** Whether a person types into stdin. */
    boolean inputTerminal() {
        return inputTerminal;
    }

    boolean outTerminal() {
        return outTerminal;
    }

    boolean errTerminal() {
        return errTerminal;
    }

    /** Columns. */
    int width() {
        return width;
    }

    boolean colour() {
        return canvas.colour() != ColourLevel.NONE;
    }

    /** What pictures are drawn on. */
    Canvas canvas() {
        return canvas;
    }

    /** A JSON value on one line of stdout. */
    void json(Json value) {
        out.println(value.write());
    }

    /** A line on stderr for people. */
    void note(String text) {
        err.println(text);
    }

    /** An error on stderr: what, where, what to do. */
    void error(String message) {
        err.println(paint("1;31", "glass:") + " " + message);
    }

    /** {@code text} in a style where colours are wanted: an SGR code such as "1" (bold), "2" (faint), "36" (cyan). */
    String paint(String sgr, String text) {
        return colour() ? "\u001b[" + sgr + "m" + text + "\u001b[0m" : text;
    }

    String bold(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }
}
