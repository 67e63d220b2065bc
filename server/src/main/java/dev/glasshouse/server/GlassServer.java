package dev.glasshouse.server;

import dev.glasshouse.weights.GlassException;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Serves open models over HTTP: OpenAI's routes under {@code /v1}, the glass box under {@code /api/glass}, its page at
 * {@code /}.
 *
 * <pre>{@code
 * try (GlassServer server = GlassServer.start(ServerOptions.defaults().withDefaultModel("tiny"))) {
 *     System.out.println(server.address());
 *     server.awaitEnd();
 * }
 * }</pre>
 */
public final class GlassServer implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofMillis(200);

    private static final System.Logger LOG = System.getLogger("dev.glasshouse.server");

    /** Kept, since JUL forgets the levels of loggers that nobody holds. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private final ServerOptions options;
    private final InetAddress address;
    private final WebServer web;
    private final Dispatcher dispatcher;
    private final Connections connections;
    private final Services services;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("glass-timer").factory());
    private Optional<Future<?>> sweeping = Optional.empty();
    private volatile boolean draining;
    private boolean closed;

    private GlassServer(ServerOptions options, InetAddress address) {
        this.options = options;
        this.address = address;
        connections = new Connections(options.limits());
        services = new Services(options, () -> draining);
        dispatcher = new Dispatcher(
                services.router(), new Guard(options, address), options.limits(), () -> draining, this::port);
        web = web();
    }

    /**
     * Starts to serve.
     *
     * @throws GlassException if the address is taken, or open to others without a key
     */
    public static GlassServer start(ServerOptions options) {
        InetAddress address = options.address();
        checkFree(options, address);
        HELIDON.setLevel(Level.SEVERE);
        GlassServer server = new GlassServer(options, address);
        try {
            server.web.start();
            if (!server.web.isRunning()) {
                throw taken(options);
            }
            server.sweeping = Optional.of(server.timer.scheduleWithFixedDelay(
                    server::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS));
            if (options.defaultModel().isPresent()) {
                server.services.preload();
            }
            return server;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /** Helidon only logs why it cannot listen. */
    private static void checkFree(ServerOptions options, InetAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, options.port()));
        } catch (IOException e) {
            throw taken(options);
        }
    }

    private static GlassException taken(ServerOptions options) {
        return new GlassException("Cannot listen at " + options.host() + ", port " + options.port()
                + ": another program has it, or it is not an address of this machine. Choose another port with --port"
                + " (0: any that is free).");
    }

    private WebServer web() {
        return WebServer.builder()
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .concurrencyLimitDiscoverServices(false)
                .addConnectionSelector(connections)
                .address(address)
                .port(options.port())
                .useNio(false)
                .maxTcpConnections(options.limits().connections())
                // A chunk is read whole before anybody can look at it.
                .maxPayloadSize(options.limits().bodyBytes())
                .shutdownGracePeriod(Duration.ofMillis(500))
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .directHandlers(direct())
                .routing(routing -> routing.any(dispatcher))
                .build();
    }

    /** What is wrong with a request before it is one. */
    private static DirectHandlers direct() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, (request, event, status, headers, message) -> {
                boolean tooLarge = status.code() == 413;
                if (tooLarge) {
                    Connections.current().lingers();
                }
                ApiException failure = new ApiException(
                        tooLarge ? ErrorCode.TOO_LARGE : ErrorCode.BAD_REQUEST,
                        tooLarge
                                ? "The body has more bytes than the server allows."
                                : "This is not a request of HTTP/1.1 as it should be.");
                // Failures of ours are told by the dispatcher: what fails here is what could not be read.
                return DirectHandler.TransportResponse.builder()
                        .status(status.code() == 500 ? Status.BAD_REQUEST_400 : status)
                        .headers(headers)
                        .keepAlive(false)
                        .header(HeaderNames.CONTENT_TYPE, "application/json")
                        .entity(failure.toJson().write().getBytes(StandardCharsets.UTF_8))
                        .build();
            });
        }
        return handlers.build();
    }

    /** A failure must not end the timer. */
    private void sweep() {
        try {
            connections.sweep();
            services.sweep();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the timer failed", e);
        }
    }

    /** Where the page is. */
    public URI address() {
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host) + ":"
                + port() + "/");
    }

    /** The port it listens at. */
    public int port() {
        return web.port();
    }

    /** Requests that compute or wait to. */
    public int active() {
        return services.active();
    }

    /** Sessions that are kept. */
    public int sessions() {
        return services.sessionCount();
    }

    /**
     * Takes no more requests, lets answers in progress go on for the time of the limits, then cancels them; closes.
     * Meanwhile {@code /health} says "draining".
     */
    public void drain() throws InterruptedException {
        draining = true;
        long end = System.nanoTime() + options.limits().drain().toNanos();
        while (active() + dispatcher.inProgress() > 0 && System.nanoTime() - end < 0) {
            Thread.sleep(50);
        }
        services.cancelAll();
        long cut = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (active() + dispatcher.inProgress() > 0 && System.nanoTime() - cut < 0) {
            Thread.sleep(20);
        }
        close();
    }

    /** Ends at once: answers in progress are cut off. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        draining = true;
        sweeping.ifPresent(timed -> timed.cancel(false));
        timer.shutdownNow();
        services.cancelAll();
        web.stop();
        services.close();
    }

    /** Connections that are waited for at present, for tests. */
    int watchedConnections() {
        return connections.watched();
    }

    /** All routes, for tests. */
    List<Route> routes() {
        return services.router().routes();
    }
}
