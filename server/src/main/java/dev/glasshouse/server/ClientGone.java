package dev.glasshouse.server;

import java.io.Serial;

/** The client left: there is nobody to answer. */
final class ClientGone extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    ClientGone() {
        super("the client left", null, false, false);
    }
}
