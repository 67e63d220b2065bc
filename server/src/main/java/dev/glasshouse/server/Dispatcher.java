package dev.glasshouse.server;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** The way of every request: who asks, what answers, and what becomes of failures. */
final class Dispatcher implements Handler {
    private static final System.Logger LOG = System.getLogger("dev.glasshouse.server");

    private final Router router;
    private final Guard guard;
    private final Limits limits;
    private final Bodies bodies;
    private final Assets assets = new Assets();
    private final StaticFiles files = new StaticFiles(assets);
    private final BooleanSupplier draining;
    private final IntSupplier port;
    private final AtomicInteger inProgress = new AtomicInteger();

    Dispatcher(Router router, Guard guard, Limits limits, BooleanSupplier draining, IntSupplier port) {
        this.router = router;
        this.guard = guard;
        this.limits = limits;
        this.bodies = new Bodies(limits.bodyBytes());
        this.draining = draining;
        this.port = port;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Connection connection = Connections.current();
        Exchange exchange = new Exchange(request, response, connection, Map.of(), 0, bodies, limits);
        inProgress.incrementAndGet();
        try {
            secure(response);
            exchange = route(request, response, exchange);
            exchange.begun().ifPresent(EventStream::end);
        } catch (ClientGone e) {
            throw new CloseConnectionException("the client left");
        } catch (MethodNotAllowed e) {
            response.header(HeaderNames.ALLOW, e.allow());
            fail(
                    response,
                    exchange,
                    new ApiException(ErrorCode.METHOD_NOT_ALLOWED, "This path knows " + e.allow() + "."));
        } catch (Throwable e) {
            if (connection.gone()) {
                throw new CloseConnectionException("the client left", e);
            }
            ApiException told = ApiException.of(e);
            if (told.code() == ErrorCode.INTERNAL) {
                LOG.log(System.Logger.Level.ERROR, "a request failed", e);
            }
            fail(response, exchange, told);
        } finally {
            inProgress.decrementAndGet();
            connection.limit(limits.idle());
        }
        if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            discard(request, connection);
            throw new CloseConnectionException("the last request of a connection");
        }
    }

    /** Reads what the client is still sending, for a moment: a socket closed before loses the answer, too. */
    private static void discard(ServerRequest request, Connection connection) {
        if (request.content().consumed()) {
            return;
        }
        connection.limit(Connection.LINGER);
        try (InputStream in = request.content().inputStream()) {
            byte[] rest = new byte[1 << 16];
            while (in.read(rest) >= 0) {
                // not wanted
            }
        } catch (IOException | RuntimeException e) {
            connection.lingers();
        }
    }

    /** Requests that are being answered. */
    int inProgress() {
        return inProgress.get();
    }

    private Exchange route(ServerRequest request, ServerResponse response, Exchange early) throws Throwable {
        ServerRequestHeaders headers = request.headers();
        String host = headers.first(HeaderNames.HOST).orElse("");
        String path = request.prologue().uriPath().rawPath();
        String method = request.prologue().method().text();
        boolean api = path.startsWith("/api/") || path.startsWith("/v1/");
        guard.host(host, port.getAsInt());
        Optional<String> origin = guard.origin(headers, host, api);
        if (!guard.openToOthers()) {
            origin = Optional.empty();
        } else {
            response.header(HeaderNames.VARY, "Origin");
        }
        origin.ifPresent(name -> {
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, name);
            response.header(HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After");
        });
        List<String> segments = Route.segments(path);
        if (method.equals("OPTIONS")) {
            options(response, segments, headers, origin.isPresent());
            return early;
        }
        Optional<Router.Match> match = router.find(method, segments);
        if (match.isEmpty()) {
            if (!api && files.serve(request, response, path, early)) {
                return early;
            }
            throw new ApiException(
                    ErrorCode.NOT_FOUND,
                    "There is nothing at this path; GET /api/glass/openapi.json tells" + " what there is.");
        }
        Route route = match.get().route();
        int holder = route.open() ? 0 : guard.holder(headers);
        if (draining.getAsBoolean() && !route.open()) {
            response.header(HeaderNames.CONNECTION, "close");
            response.header(HeaderNames.RETRY_AFTER, "5");
            throw new ApiException(ErrorCode.DRAINING, "The server is about to end and takes no more requests.");
        }
        Exchange exchange = new Exchange(
                request, response, Connections.current(), match.get().parameters(), holder, bodies, limits);
        try {
            if (!method.equals("POST")) {
                exchange.arrived();
            }
            route.handler().handle(exchange);
        } catch (Throwable e) {
            if (exchange.begun().isPresent() && !(e instanceof ClientGone)) {
                ApiException told = ApiException.of(e);
                if (told.code() == ErrorCode.INTERNAL) {
                    LOG.log(System.Logger.Level.ERROR, "a stream failed", e);
                }
                exchange.begun().get().event("error", told.toJson());
                return exchange;
            }
            throw e;
        }
        return exchange;
    }

    /** What other methods a path knows; to a listed page of another site, what it may send. */
    private void options(
            ServerResponse response, List<String> segments, ServerRequestHeaders headers, boolean otherSite) {
        String allow;
        try {
            router.find("OPTIONS", segments);
            allow = "GET, HEAD, OPTIONS";
        } catch (MethodNotAllowed e) {
            allow = e.allow();
        }
        response.header(HeaderNames.ALLOW, allow);
        if (otherSite && headers.contains(HeaderNames.ACCESS_CONTROL_REQUEST_METHOD)) {
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, allow);
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type");
            response.header(HeaderNames.ACCESS_CONTROL_MAX_AGE, "600");
        }
        response.status(Status.NO_CONTENT_204);
        response.send();
    }

    private void secure(ServerResponse response) {
        response.header("Content-Security-Policy", assets.policy());
        response.header("X-Content-Type-Options", "nosniff");
        response.header("X-Frame-Options", "DENY");
        response.header("Referrer-Policy", "no-referrer");
        response.header("Cross-Origin-Opener-Policy", "same-origin");
        response.header("Cross-Origin-Resource-Policy", guard.openToOthers() ? "cross-origin" : "same-origin");
        response.header("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    }

    private static void fail(ServerResponse response, Exchange exchange, ApiException failure) {
        if (response.isSent()) {
            throw new CloseConnectionException("an answer failed after it began");
        }
        if (failure.code() == ErrorCode.QUEUE_FULL) {
            response.header(HeaderNames.RETRY_AFTER, "2");
        }
        if (failure.code() == ErrorCode.UNAUTHORIZED) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        if (failure.code() == ErrorCode.TOO_LARGE) {
            response.header(HeaderNames.CONNECTION, "close");
        }
        try {
            exchange.json(failure.status(), failure.toJson());
        } catch (RuntimeException e) {
            throw new CloseConnectionException("the client left", e);
        }
    }
}
