package dev.glasshouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may talk to the server: addresses, hosts, origins, keys. */
class GuardTest {
    private static String host(TestServer server, String host) throws Exception {
        try (Raw raw = new Raw(server.port())) {
            return raw.send("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    @Test
    void anAddressThatOthersReachNeedsAKey() {
        assertThatThrownBy(() -> GlassServer.start(ServerOptions.defaults().at("0.0.0.0", 0)))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("API key");
    }

    @Test
    void aTakenPortIsSaid() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertThatThrownBy(() -> GlassServer.start(ServerOptions.defaults().at("127.0.0.1", server.port())))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("another program");
        }
    }

    @Test
    void otherHostsAreRefused() throws Exception {
        try (TestServer server = TestServer.start(options ->
                options.withAccess(new Access(List.of(), List.of("chat.example", "other.example:8443"), List.of())))) {
            int port = server.port();
            for (String good : List.of(
                    "127.0.0.1:" + port,
                    "localhost:" + port,
                    "LOCALHOST:" + port,
                    "[::1]:" + port,
                    "chat.example",
                    "chat.example:80",
                    "other.example:8443")) {
                assertThat(host(server, good)).as(good).startsWith("HTTP/1.1 200");
            }
            for (String bad : List.of(
                    "evil.example",
                    "evil.example:" + port,
                    "127.0.0.1",
                    "localhost:1",
                    "127.0.0.1.evil.example:" + port,
                    "192.168.0.1:" + port,
                    "other.example:" + port)) {
                assertThat(host(server, bad)).as(bad).startsWith("HTTP/1.1 403").contains("forbidden_host");
            }
        }
    }

    private static HttpResponse<String> from(TestServer server, String origin) throws Exception {
        return server.send(server.request("/v1/models").header("Origin", origin));
    }

    @Test
    void pagesOfOtherSitesAreRefused() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertThat(from(server, "http://127.0.0.1:" + server.port()).statusCode())
                    .isEqualTo(200);
            for (String bad : List.of("http://evil.example", "null", "http://127.0.0.1:1", "file://")) {
                HttpResponse<String> refused = from(server, bad);
                assertThat(refused.statusCode()).as(bad).isEqualTo(403);
                assertThat(TestServer.code(refused)).isEqualTo("forbidden_origin");
                assertThat(refused.headers().firstValue("Access-Control-Allow-Origin"))
                        .isEmpty();
            }
            assertThat(server.send(server.request("/v1/models").header("Sec-Fetch-Site", "cross-site"))
                            .statusCode())
                    .isEqualTo(403);
            HttpResponse<String> form = server.send(server.request("/v1/chat/completions")
                    .header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"messages\":[]}")));
            assertThat(form.statusCode()).isEqualTo(415);
        }
    }

    @Test
    void listedOriginsMayReadAndArePreflighted() throws Exception {
        String friend = "https://chat.example";
        try (TestServer server = TestServer.start(
                options -> options.withAccess(new Access(List.of("secret"), List.of(), List.of(friend))))) {
            HttpResponse<String> preflight = server.send(server.request("/v1/chat/completions")
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("Origin", friend)
                    .header("Access-Control-Request-Method", "POST"));
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(friend);
            assertThat(preflight
                            .headers()
                            .firstValue("Access-Control-Allow-Methods")
                            .orElse(""))
                    .contains("POST");
            assertThat(preflight
                            .headers()
                            .firstValue("Access-Control-Allow-Headers")
                            .orElse(""))
                    .contains("Authorization");
            HttpResponse<String> read = server.send(
                    server.request("/v1/models").header("Origin", friend).header("Authorization", "Bearer secret"));
            assertThat(read.statusCode()).isEqualTo(200);
            assertThat(read.headers().firstValue("Access-Control-Allow-Origin")).contains(friend);
            assertThat(from(server, "https://evil.example").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void keysOpenTheInterfacesAndSessionsBelongToTheirKey() throws Exception {
        try (TestServer server = TestServer.start(
                options -> options.withAccess(new Access(List.of("one", "two"), List.of(), List.of())))) {
            assertThat(server.get("/v1/models").statusCode()).isEqualTo(401);
            assertThat(server.get("/api/glass/status").statusCode()).isEqualTo(401);
            for (String wrong : List.of("Bearer ", "Bearer three", "one", "Basic one", "Bearer one two")) {
                HttpResponse<String> refused =
                        server.send(server.request("/v1/models").header("Authorization", wrong));
                assertThat(refused.statusCode()).as(wrong).isEqualTo(401);
                assertThat(TestServer.code(refused)).isEqualTo("unauthorized");
            }
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            String session = TestServer.ok(server.send(server.posting("/api/glass/sessions", "{\"text\":\"Once\"}")
                            .header("Authorization", "Bearer one")))
                    .get("session")
                    .asString();
            HttpRequest.Builder read = server.request("/api/glass/sessions/" + session);
            assertThat(server.send(read.copy().header("Authorization", "Bearer one"))
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> other = server.send(read.copy().header("Authorization", "Bearer two"));
            assertThat(other.statusCode()).isEqualTo(404);
            assertThat(TestServer.code(other)).isEqualTo("no_session");
        }
    }
}
