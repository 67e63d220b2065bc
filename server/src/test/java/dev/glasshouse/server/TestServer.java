package dev.glasshouse.server;

import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A server with the real model {@code tiny} at a free port, a store of its own, and a client. */
final class TestServer implements AutoCloseable {
    final GlassServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path home;

    private TestServer(UnaryOperator<ServerOptions> change) throws IOException {
        home = Files.createTempDirectory("glass-server");
        HubSettings hub =
                HubSettings.of(Map.of("HOME", home.toString(), "PATH", "")).withHome(home);
        ServerOptions options = ServerOptions.defaults().at("127.0.0.1", 0).withHub(hub);
        server = GlassServer.start(change.apply(options));
    }

    static TestServer start() throws IOException {
        return new TestServer(options -> options);
    }

    static TestServer start(UnaryOperator<ServerOptions> change) throws IOException {
        return new TestServer(change);
    }

    /** One event of a stream. */
    record Event(int id, String name, String data) {
        Json.ObjectValue json() {
            return Json.parse(data).asObject();
        }
    }

    int port() {
        return server.port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(posting(path, json));
    }

    HttpRequest.Builder posting(String path, String json) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8));
    }

    /** The answer of a request that succeeds. */
    Json.ObjectValue ok(String path, String json) throws IOException, InterruptedException {
        return ok(post(path, json));
    }

    static Json.ObjectValue ok(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return Json.parse(response.body()).asObject();
    }

    /** The "code" of an error. */
    static String code(HttpResponse<String> response) {
        return Json.parse(response.body())
                .asObject()
                .get("error")
                .asObject()
                .get("code")
                .asString();
    }

    /** The events of a stream, read to its end. */
    List<Event> events(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return parse(response.body());
    }

    static List<Event> parse(String stream) {
        List<Event> events = new ArrayList<>();
        for (String frame : stream.split("\n\n")) {
            int id = -1;
            String name = "";
            StringBuilder data = new StringBuilder();
            for (String line : frame.split("\n")) {
                if (line.startsWith("id: ")) {
                    id = Integer.parseInt(line.substring(4));
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring(6));
                }
            }
            if (!data.isEmpty()) {
                events.add(new Event(id, name, data.toString()));
            }
        }
        return events;
    }

    @Override
    public void close() {
        client.close();
        server.close();
        try (var files = Files.walk(home)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
