package dev.glasshouse.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A file server on this machine that can misbehave in the ways that real ones do. */
final class FileServer implements AutoCloseable {
    /** What the server does with one request for a file's bytes. */
    interface Behaviour {
        void answer(HttpExchange exchange, byte[] file) throws IOException;
    }

    record Asked(String path, Optional<String> range, Optional<String> ifRange, Optional<String> authorization) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final AtomicLong served = new AtomicLong();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    volatile boolean ranges = true;
    volatile String tag = "\"one\"";
    /** Milliseconds of rest after each 64 KiB. */
    volatile int rest;
    /** The connection is cut after this many bytes of a body, once for each. */
    final List<Long> cuts = new CopyOnWriteArrayList<>();

    FileServer() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    FileServer(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    void put(String path, byte[] bytes) {
        files.put(path, bytes);
    }

    void on(String path, Behaviour behaviour) {
        behaviours.put(path, behaviour);
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        asked.add(new Asked(
                path,
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-Range")),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))));
        try (exchange) {
            byte[] file = files.getOrDefault(path, new byte[0]);
            Behaviour behaviour = behaviours.get(path);
            if (behaviour != null) behaviour.answer(exchange, file);
            else if (files.containsKey(path)) file(exchange, file);
            else exchange.sendResponseHeaders(404, -1);
        }
    }

    /** One connection brings that many bytes, the many after it none: more than the client and the JDK under it try. */
    void breakAfter(long bytes) {
        cuts.add(bytes);
        for (int i = 0; i < 40; i++) cuts.add(0L);
    }

    /** The ordinary answer: whole or in part. */
    void file(HttpExchange exchange, byte[] file) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        if (!tag.isEmpty()) exchange.getResponseHeaders().set("ETag", tag);
        int from = 0;
        int to = file.length;
        int status = 200;
        if (ranges && range != null && (ifRange == null || ifRange.equals(tag))) {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            from = Integer.parseInt(ends[0]);
            if (from >= file.length) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            to = Math.min(file.length, Integer.parseInt(ends[1]) + 1);
            status = 206;
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + file.length);
        }
        exchange.sendResponseHeaders(status, to - from);
        body(exchange.getResponseBody(), file, from, to);
    }

    private void body(OutputStream out, byte[] file, int from, int to) throws IOException {
        long most = to - from > 1 && !cuts.isEmpty() ? cuts.removeFirst() : Long.MAX_VALUE;
        for (int at = from; at < to; ) {
            int step = (int) Math.min(Math.min(1 << 16, to - at), most - (at - from));
            if (step <= 0) throw new IOException("cut");
            out.write(file, at, step);
            out.flush();
            at += step;
            served.addAndGet(step);
            try {
                Thread.sleep(rest);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    static Behaviour status(int status) {
        return (exchange, file) -> exchange.sendResponseHeaders(status, -1);
    }

    static Behaviour text(String body) {
        return (exchange, file) -> {
            byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    static Behaviour redirect(String to) {
        return (exchange, file) -> {
            exchange.getResponseHeaders().set("Location", to);
            exchange.sendResponseHeaders(302, -1);
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
