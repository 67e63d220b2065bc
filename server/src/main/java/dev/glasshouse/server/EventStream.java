package dev.glasshouse.server;

import dev.glasshouse.weights.Json;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** An answer of server-sent events. A client that does not read is cut off after a while. */
final class EventStream {
    private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final long PING_NANOS = 10_000_000_000L;

    private final ServerResponse response;
    private final OutputStream out;
    private final Connection connection;
    private final Limits limits;
    private long lastWrite = System.nanoTime();

    EventStream(ServerResponse response, Connection connection, Limits limits) {
        this.response = response;
        this.connection = connection;
        this.limits = limits;
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header("X-Accel-Buffering", "no");
        out = response.outputStream();
    }

    /** A frame without a name, as OpenAI sends them. */
    void data(String data) {
        write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A frame with a name. */
    void event(String name, Json data) {
        write(("event: " + name + "\ndata: " + data.write() + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A frame with a number and a name. */
    void event(int number, String name, Json data) {
        write(("id: " + number + "\nevent: " + name + "\ndata: " + data.write() + "\n\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Nothing was told for a while: sees whether the client is still there, and now and then shows that the server is. */
    void quiet() {
        if (connection.gone()) {
            throw new ClientGone();
        }
        if (System.nanoTime() - lastWrite > PING_NANOS) {
            write(PING);
        }
    }

    private void write(byte[] frame) {
        if (connection.gone()) {
            throw new ClientGone();
        }
        connection.limit(limits.stall());
        try {
            out.write(frame);
            out.flush();
        } catch (IOException | RuntimeException e) {
            throw new ClientGone();
        }
        connection.unlimited();
        lastWrite = System.nanoTime();
    }

    /** Says that this was all: a client that does not hear so takes the answer for one that was cut off. */
    void end() {
        connection.limit(limits.stall());
        try {
            if (response instanceof RoutingResponse routing) {
                routing.commit();
            }
        } catch (RuntimeException e) {
            throw new ClientGone();
        }
        connection.unlimited();
    }
}
