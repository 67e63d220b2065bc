package dev.glasshouse.server;

import java.io.Serial;

/** There is something at this path, but not for this method. */
final class MethodNotAllowed extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String allow;

    MethodNotAllowed(String allow) {
        super(allow, null, false, false);
        this.allow = allow;
    }

    /** The methods that are allowed, for the header of that name. */
    String allow() {
        return allow;
    }
}
