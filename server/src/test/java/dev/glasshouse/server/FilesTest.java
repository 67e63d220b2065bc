package dev.glasshouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page's files: tags, packing, policy, and no way out of their folder. */
class FilesTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void thePageRunsNoOtherScripts() throws Exception {
        HttpResponse<String> page = server.get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertThat(policy).startsWith("default-src 'none'; script-src 'self'").doesNotContain("unsafe");
        Matcher inline = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page.body());
        while (inline.find()) {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(inline.group(1).getBytes(StandardCharsets.UTF_8));
            assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
        }
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
    }

    @Test
    void tagsSaveBytes() throws Exception {
        String tag = server.get("/index.html").headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> same = server.send(server.request("/").header("If-None-Match", "W/\"x\", " + tag));
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(server.send(server.request("/").header("If-None-Match", "\"x\""))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void filesArePacked() throws Exception {
        byte[] plain = server.bytes(server.request("/")).body();
        HttpResponse<byte[]> packed = server.bytes(server.request("/").header("Accept-Encoding", "br, gzip;q=0.5"));
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .isEqualTo(plain);
        assertThat(server.bytes(server.request("/").header("Accept-Encoding", "gzip;q=0"))
                        .headers()
                        .firstValue("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void headHasNoBody() throws Exception {
        for (String path : List.of("/", "/health", "/v1/models")) {
            HttpResponse<String> head =
                    server.send(server.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertThat(head.statusCode()).as(path).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(server.get(path).body().getBytes(StandardCharsets.UTF_8))
                    .hasSize(Integer.parseInt(
                            head.headers().firstValue("Content-Length").orElseThrow()));
        }
    }

    @Test
    void noPathLeadsOut() throws Exception {
        for (String path : List.of(
                "/../module-info.class",
                "/%2e%2e/module-info.class",
                "/js/..%2f..%2fdev/glasshouse/server/openapi.json",
                "/..%5cmodule-info.class",
                "/dev/glasshouse/server/openapi.json",
                "/js",
                "/js/",
                "/nothing.js",
                "/.hidden",
                "//etc/passwd",
                "/%00")) {
            try (Raw raw = new Raw(server.port())) {
                String answer = raw.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                                + "\r\nConnection: close\r\n\r\n")
                        .rest();
                assertThat(answer).as(path).matches("(?s)HTTP/1.1 (404|400) .*\"code\".*");
            }
        }
    }

    @Test
    void otherMethodsAreNamed() throws Exception {
        HttpResponse<String> wrong = server.get("/v1/chat/completions");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("Allow")).contains("OPTIONS, POST");
        assertThat(TestServer.code(wrong)).isEqualTo("method_not_allowed");
        HttpResponse<String> page = server.post("/index.html", "{}");
        assertThat(page.statusCode()).isEqualTo(405);
        assertThat(page.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    }
}
