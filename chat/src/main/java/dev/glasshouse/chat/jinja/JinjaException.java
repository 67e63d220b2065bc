package dev.glasshouse.chat.jinja;

import dev.glasshouse.weights.GlassException;
import java.io.Serial;

/** What is wrong with a template, or with what it was given; {@link #line()} is 0 until the place is known. */
public final class JinjaException extends GlassException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final int line;
    private final boolean raised;

    private JinjaException(String message, String reason, int line, boolean raised) {
        super(message);
        this.reason = reason;
        this.line = line;
        this.raised = raised;
    }

    JinjaException(String reason) {
        this(reason, reason, 0, false);
    }

    /** An error of the template's own wording: its call of {@code raise_exception}. */
    static JinjaException raisedByTemplate(String reason) {
        return new JinjaException(reason, reason, 0, true);
    }

    JinjaException at(int where) {
        if (line != 0) {
            return this;
        }
        String message = raised
                ? "The chat template refuses these messages (line " + where + "): " + reason
                : "The chat template fails at line " + where + ": " + reason;
        return new JinjaException(message, reason, where, raised);
    }

    /** The error without its place. */
    public String reason() {
        return reason;
    }

    /** The line of the template, counted from 1. */
    public int line() {
        return line;
    }

    /** Whether the template itself refused, by {@code raise_exception}. */
    public boolean raised() {
        return raised;
    }
}
