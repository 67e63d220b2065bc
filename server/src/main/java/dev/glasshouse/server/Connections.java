package dev.glasshouse.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches connections: a client that sends its request too slowly, or does not read its answer, is cut off. Helidon reads
 * and handles a connection on one virtual thread, so that a thread-local tells the handler which connection is its own.
 */
final class Connections implements ServerConnectionSelector, Http1ConnectionListener {
    private static final ThreadLocal<Connection> CURRENT = new ThreadLocal<>();
    private static final int MAX_HEADERS = 16 << 10;
    private static final int MAX_PROLOGUE = 4 << 10;

    private final Set<Connection> watched = ConcurrentHashMap.newKeySet();
    private final Limits limits;
    private final Http1ConnectionSelector http;

    Connections(Limits limits) {
        this.limits = limits;
        http = Http1ConnectionSelector.builder()
                .config(Http1Config.builder()
                        .maxHeadersSize(MAX_HEADERS)
                        .maxPrologueLength(MAX_PROLOGUE)
                        .continueImmediately(true)
                        .addReceiveListener(this)
                        .build())
                .build();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData request) {
        return http.supports(request);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        Connection connection = new Connection(context.serverSocket(), this, 2L * limits.bodyBytes() + MAX_HEADERS);
        CURRENT.set(connection);
        connection.limit(limits.idle());
        return new WatchedConnection(http.connection(new WatchedContext(context, connection)), connection);
    }

    /** The first line of a request is here: the rest has to follow in time. */
    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
        current().begins();
        current().limit(limits.receive());
    }

    /** The connection that the calling thread handles. */
    static Connection current() {
        return CURRENT.get();
    }

    void watch(Connection connection) {
        watched.add(connection);
    }

    void unwatch(Connection connection) {
        watched.remove(connection);
    }

    /** Cuts those that are late. Called by a timer. */
    void sweep() {
        long now = System.nanoTime();
        watched.removeIf(connection -> {
            boolean late = connection.late(now);
            if (late) {
                connection.cut();
            }
            return late;
        });
    }

    int watched() {
        return watched.size();
    }
}
