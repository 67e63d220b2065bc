package dev.glasshouse.server;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;

/** A connection of Helidon that says when it ends. */
final class WatchedConnection implements ServerConnection {
    private final ServerConnection inner;
    private final Connection connection;

    WatchedConnection(ServerConnection inner, Connection connection) {
        this.inner = inner;
        this.connection = connection;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            inner.handle(limit);
        } finally {
            connection.ended();
        }
    }

    @Override
    public Duration idleTime() {
        return inner.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        inner.close(interrupt);
    }
}
