package dev.glasshouse;

import java.io.Serial;

/** Something was asked of a session that was closed. */
public final class SessionClosedException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1L;

    SessionClosedException() {
        super("the session is closed");
    }
}
