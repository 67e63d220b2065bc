package dev.glasshouse.weights;

import java.io.Serial;

/**
 * An error that a user can cause or meet: a broken file, a full disk, an unknown name. The message is complete for a
 * person: it says what went wrong, where, and what to do. Programming errors are {@link IllegalArgumentException} and
 * {@link IllegalStateException} instead.
 */
public class GlassException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public GlassException(String message) {
        super(message);
    }

    public GlassException(String message, Throwable cause) {
        super(message, cause);
    }
}
