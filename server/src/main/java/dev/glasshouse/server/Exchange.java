package dev.glasshouse.server;

import dev.glasshouse.weights.Json;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** One request and its answer. */
final class Exchange {
    private final ServerRequest request;
    private final ServerResponse response;
    private final Connection connection;
    private final Map<String, String> parameters;
    private final int holder;
    private final Bodies bodies;
    private final Limits limits;
    private Optional<EventStream> events = Optional.empty();

    Exchange(
            ServerRequest request,
            ServerResponse response,
            Connection connection,
            Map<String, String> parameters,
            int holder,
            Bodies bodies,
            Limits limits) {
        this.request = request;
        this.response = response;
        this.connection = connection;
        this.parameters = parameters;
        this.holder = holder;
        this.bodies = bodies;
        this.limits = limits;
    }

    /** A parameter of the path. */
    String path(String name) {
        return Optional.ofNullable(parameters.get(name)).orElseThrow();
    }

    /** A parameter of the query. */
    Optional<String> query(String name) {
        return request.query().first(name).asOptional();
    }

    /** Whose request it is: the number of the key it was sent with. */
    int holder() {
        return holder;
    }

    Limits limits() {
        return limits;
    }

    Connection connection() {
        return connection;
    }

    /** The members of the body. */
    Fields body() throws IOException, InterruptedException {
        Fields fields = Fields.of(bodies.read(request));
        arrived();
        return fields;
    }

    /** The whole request is here: from now on the client may only wait, read or leave. */
    void arrived() {
        connection.unlimited();
        connection.listenForLeaving();
    }

    void json(Json json) {
        json(200, json);
    }

    void json(int status, Json json) {
        response.status(Status.create(status));
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        bytes(json.write().getBytes(StandardCharsets.UTF_8));
    }

    void noContent() {
        response.status(Status.NO_CONTENT_204);
        connection.limit(limits.stall());
        response.send();
        connection.unlimited();
    }

    /** Sends a body whose headers are set. */
    void bytes(byte[] body) {
        connection.limit(limits.stall());
        if (request.prologue().method().text().equals("HEAD")) {
            response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
            response.send();
        } else {
            response.send(body);
        }
        connection.unlimited();
    }

    void header(String name, String value) {
        response.header(name, value);
    }

    /** Begins an answer of server-sent events. */
    EventStream events() {
        EventStream stream = new EventStream(response, connection, limits);
        events = Optional.of(stream);
        return stream;
    }

    /** The events that have begun, if any. */
    Optional<EventStream> begun() {
        return events;
    }
}
