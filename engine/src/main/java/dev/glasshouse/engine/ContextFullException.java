package dev.glasshouse.engine;

import dev.glasshouse.weights.GlassException;
import java.io.Serial;

/** A prompt that does not fit into the context, said before anything is computed. */
public final class ContextFullException extends GlassException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int needed;
    private final int context;

    ContextFullException(String what, int needed, int context) {
        super(what + " has " + needed + " tokens and the context holds " + context
                + ". Shorten it, drop older turns, or open the model with a larger context.");
        this.needed = needed;
        this.context = context;
    }

    /** Tokens of the prompt. */
    public int needed() {
        return needed;
    }

    /** Tokens that the context holds. */
    public int context() {
        return context;
    }
}
