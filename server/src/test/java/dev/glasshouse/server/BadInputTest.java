package dev.glasshouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.stories.StoryTeller;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients may send and do: errors are clear, the server lives on, nothing is left behind. */
class BadInputTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Once upon a time\"}]";
    private static TestServer server;
    private static String session;
    private static int head;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(options -> options.withLimits(Limits.DEFAULT.withTimes(
                Duration.ofMinutes(5), Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(1))));
        Json.ObjectValue made = TestServer.ok(server.post("/api/glass/sessions", "{\"text\":\"Once upon a time\"}"));
        session = "/api/glass/sessions/" + made.get("session").asString();
        head = made.get("head").asInt();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void refused(String path, String body, int status, String code, String param) throws Exception {
        HttpResponse<String> response = server.post(path, body);
        assertThat(response.statusCode())
                .as(path + " " + body + " " + response.body())
                .isEqualTo(status);
        Json.ObjectValue error =
                Json.parse(response.body()).asObject().get("error").asObject();
        assertThat(error.get("code").asString()).as(body).isEqualTo(code);
        assertThat(error.string("param").orElse("")).as(body + response.body()).isEqualTo(param);
        assertThat(error.get("message").asString()).isNotBlank();
    }

    @Test
    void jsonThatIsNone() throws Exception {
        for (String bad : List.of(
                "",
                "{",
                "[1,2",
                "{\"a\":1,}",
                "{\"messages\":[],\"messages\":[]}",
                "{a:1}",
                "nul",
                "{\"a\":01}",
                "\u0000",
                "{\"a\":\"\\ud800\"}",
                "[".repeat(1000) + "]".repeat(1000),
                "{}{}")) {
            refused(CHAT, bad, 400, "bad_json", "");
            refused(session + "/generate", bad, 400, "bad_json", "");
        }
        byte[] notUtf8 = "{\"text\":\"x\"}".getBytes(StandardCharsets.ISO_8859_1);
        notUtf8[9] = (byte) 0xff;
        try (Raw raw = new Raw(server.port())) {
            assertThat(raw.send(Raw.post(server.port(), "/api/glass/tokenize", notUtf8, "Connection: close\r\n"))
                            .rest())
                    .startsWith("HTTP/1.1 400")
                    .contains("bad_json")
                    .contains("UTF-8");
        }
        refused(CHAT, "[]", 400, "bad_request", "");
        refused(CHAT, "\"x\"", 400, "bad_request", "");
    }

    @Test
    void oddsOfTextsThatThatWorldCannotTell() throws Exception {
        String path = "/api/glass/odds";
        Json.ObjectValue other =
                TestServer.ok(server.post(path, "{\"text\":\"The weather report\",\"continuations\":[\" says\"]}"));
        assertThat(other.get("known").asBoolean()).isFalse();
        assertThat(other.get("next").asArray()).isEmpty();
        assertThat(other.get("p").asArray()).isEmpty();
        String whole = new StoryTeller(1).document(0).text();
        for (String over : List.of(whole, whole + "<|user|>Who")) {
            Json.ObjectValue after = TestServer.ok(server.post(
                    path,
                    Json.object()
                            .put("text", over)
                            .put("continuations", List.of(Json.of(" x")))
                            .build()
                            .write()));
            assertThat(after.get("known").asBoolean()).isFalse();
            assertThat(after.get("p").asArray()).isEmpty();
        }
        refused(path, "{}", 400, "bad_request", "text");
        refused(path, "{\"text\":\"" + "a".repeat(8001) + "\"}", 400, "bad_request", "text");
        refused(path, "{\"text\":\"\",\"continuations\":[\"\"]}", 400, "bad_request", "continuations");
        refused(path, "{\"text\":\"\",\"continuations\":[1]}", 400, "bad_request", "continuations[0]");
    }

    @Test
    void membersOfChatCompletions() throws Exception {
        for (Map.Entry<String, String> bad : Map.ofEntries(
                        Map.entry("\"max_tokens\":0", "max_tokens"),
                        Map.entry("\"max_tokens\":-5", "max_tokens"),
                        Map.entry("\"max_tokens\":1e400", "max_tokens"),
                        Map.entry("\"max_tokens\":99999999999999999999999", "max_tokens"),
                        Map.entry("\"max_tokens\":1.5", "max_tokens"),
                        Map.entry("\"max_tokens\":\"5\"", "max_tokens"),
                        Map.entry("\"temperature\":\"hot\"", "temperature"),
                        Map.entry("\"temperature\":1e999999999", "temperature"),
                        Map.entry("\"temperature\":-2", "temperature"),
                        Map.entry("\"top_p\":1.01", "top_p"),
                        Map.entry("\"top_k\":[]", "top_k"),
                        Map.entry("\"seed\":1.5", "seed"),
                        Map.entry("\"seed\":-2", "seed"),
                        Map.entry("\"samplers\":[\"magic\"]", "samplers"),
                        Map.entry("\"logit_bias\":{\"x\":1}", "logit_bias"),
                        Map.entry("\"logit_bias\":[1]", "logit_bias"),
                        Map.entry("\"logprobs\":1", "logprobs"),
                        Map.entry("\"logprobs\":true,\"top_logprobs\":21", "top_logprobs"),
                        Map.entry("\"top_logprobs\":2", "top_logprobs"),
                        Map.entry("\"stream\":\"yes\"", "stream"),
                        Map.entry("\"stop\":[1]", "stop[0]"),
                        Map.entry("\"n\":2", "n"),
                        Map.entry("\"tools\":[{}]", "tools"),
                        Map.entry("\"tool_choice\":\"required\"", "tool_choice"),
                        Map.entry("\"response_format\":{\"type\":\"json_object\"}", "response_format"),
                        Map.entry("\"audio\":{}", "audio"),
                        Map.entry("\"modalities\":[\"audio\"]", "modalities"),
                        Map.entry("\"model\":5", "model"))
                .entrySet()) {
            refused(CHAT, "{" + MESSAGES + "," + bad.getKey() + "}", 400, "bad_request", bad.getValue());
        }
        for (Map.Entry<String, String> bad : Map.of(
                        "{}", "messages",
                        "{\"messages\":[]}", "messages",
                        "{\"messages\":\"hi\"}", "messages",
                        "{\"messages\":[5]}", "messages[0]",
                        "{\"messages\":[{\"role\":\"user\"}]}", "messages[0].content",
                        "{\"messages\":[{\"content\":\"x\"}]}", "messages[0].role",
                        "{\"messages\":[{\"role\":\"boss\",\"content\":\"x\"}]}", "messages[0].role",
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}",
                                "messages[0].content")
                .entrySet()) {
            refused(CHAT, bad.getKey(), 400, "bad_request", bad.getValue());
        }
        refused(CHAT, "{\"model\":\"gpt-4\"," + MESSAGES + "}", 404, "no_model", "");
        refused(CHAT, "{\"model\":\"/etc/passwd\"," + MESSAGES + "}", 404, "no_model", "");
        refused(CHAT, "{\"model\":\"../../x\"," + MESSAGES + "}", 404, "no_model", "");
    }

    @Test
    void membersOfTheNativeRoutes() throws Exception {
        String from = "\"from\":" + head;
        refused(session + "/generate", "{}", 400, "bad_request", "from");
        refused(session + "/generate", "{\"from\":9999}", 404, "no_node", "");
        refused(session + "/generate", "{\"from\":-1}", 400, "bad_request", "from");
        refused(session + "/generate", "{" + from + ",\"nonsense\":1}", 400, "bad_request", "nonsense");
        refused(
                session + "/generate",
                "{" + from + ",\"settings\":{\"tempo\":1}}",
                400,
                "bad_request",
                "settings.tempo");
        refused(session + "/generate", "{" + from + ",\"top\":201}", 400, "bad_request", "top");
        refused(session + "/step", "{" + from + ",\"pick\":100000}", 400, "bad_request", "pick");
        refused(session + "/append", "{" + from + ",\"ids\":[5,-1]}", 400, "bad_request", "ids[1]");
        refused(session + "/append", "{" + from + ",\"ids\":[99999]}", 400, "bad_request", "ids");
        refused(session + "/append", "{" + from + "}", 400, "bad_request", "");
        refused(session + "/prompt", "{\"text\":\"a\",\"ids\":[1]}", 400, "bad_request", "");
        refused(session + "/tree", "{\"node\":1,\"width\":17,\"depth\":1}", 400, "bad_request", "width");
        refused(session + "/draws", "{\"node\":1,\"count\":10001}", 400, "bad_request", "count");
        refused(session + "/attention", "{\"node\":1,\"layer\":99,\"head\":0}", 400, "bad_request", "layer");
        refused(session + "/lens", "{\"node\":1,\"target\":512000}", 400, "bad_request", "target");
        refused("/api/glass/sessions/" + "0".repeat(32) + "/step", "{\"from\":0}", 404, "no_session", "");
        refused("/api/glass/models/load", "{\"name\":\"https://evil.example/x.gguf\"}", 404, "no_model", "");
        refused("/api/glass/models/load", "{\"name\":\"/etc/passwd\"}", 404, "no_model", "");
    }

    @Test
    void promptsBeyondTheContext() throws Exception {
        String text = "Once upon a time ".repeat(2000);
        refused(CHAT, "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}", 400, "context_full", "");
        refused("/api/glass/sessions", "{\"text\":\"" + text + "\"}", 400, "context_full", "");
        refused("/api/glass/score", "{\"text\":\"" + text + "\"}", 400, "context_full", "");
        refused(session + "/append", "{\"from\":" + head + ",\"text\":\"" + text + "\"}", 400, "context_full", "");
        HttpResponse<String> large = server.post(CHAT, "{\"x\":\"" + "y".repeat(Limits.DEFAULT.bodyBytes()) + "\"}");
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(TestServer.code(large)).isEqualTo("too_large");
    }

    @Test
    void tracesThatWereEdited() throws Exception {
        int end = server.events(server.posting(session + "/generate", "{\"from\":" + head + ",\"max_tokens\":4}"))
                .getLast()
                .json()
                .get("head")
                .asInt();
        String trace = server.get(session + "/trace?node=" + end).body();
        assertThat(server.ok("/api/glass/replay", "{\"trace\":" + trace + "}")
                        .get("same")
                        .asBoolean())
                .isTrue();
        refused("/api/glass/replay", "{\"trace\":{}}", 400, "trace_invalid", "");
        refused("/api/glass/sessions", "{\"trace\":{\"glasshouse_trace\":99}}", 400, "trace_invalid", "");
        refused(
                "/api/glass/replay",
                "{\"trace\":" + trace.replaceFirst("\"prompt\":\\[", "\"prompt\":[7,") + "}",
                400,
                "trace_invalid",
                "");
        String foreign = trace.replaceFirst("\"sha256\":\"[0-9a-f]{8}", "\"sha256\":\"00000000");
        refused("/api/glass/replay", "{\"trace\":" + foreign + "}", 409, "trace_other_model", "");
        refused("/api/glass/sessions", "{\"trace\":" + foreign + "}", 409, "trace_other_model", "");
        // Every digit that was changed is found: as damage, as another model, or as a difference.
        Random random = new Random(11);
        for (int i = 0; i < 40; i++) {
            int at = random.nextInt(trace.indexOf("\"steps\""), trace.length());
            if (Character.isDigit(trace.charAt(at))) {
                char other = (char) ('0' + (trace.charAt(at) - '0' + 1) % 10);
                HttpResponse<String> response = server.post(
                        "/api/glass/replay",
                        "{\"trace\":" + trace.substring(0, at) + other + trace.substring(at + 1) + "}");
                assertThat(response.statusCode()).as(response.body()).isIn(200, 400, 409);
            }
        }
    }

    @Test
    void bodiesThatWouldFillTheHeap() throws Exception {
        String head = "POST /api/glass/tokenize HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                + "\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (Map.Entry<String, String> chunk : Map.of(
                        "7fffffff", "413", // two GiB: refused before the second byte is kept
                        "zz", "400",
                        "-5", "400")
                .entrySet()) {
            try (Raw raw = new Raw(server.port())) {
                raw.send(head + chunk.getKey() + "\r\n{\"text\"");
                assertThat(raw.until("}}"))
                        .as(chunk.getKey())
                        .startsWith("HTTP/1.1 " + chunk.getValue())
                        .contains("\"error\"");
            }
        }
        try (Raw raw = new Raw(server.port())) {
            raw.send(head);
            // The length of a chunk without an end: 96 MiB do not get in.
            byte[] part = "a".repeat(1 << 20).getBytes(StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 96; i++) {
                            raw.send(part);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        refused("/api/glass/tokenize", "{\"text\":\"" + "a".repeat(Prompts.MAX_TEXT + 1) + "\"}", 413, "too_large", "");
        refused(session + "/prompt", "{\"text\":\"" + "a".repeat(Prompts.MAX_TEXT + 1) + "\"}", 413, "too_large", "");
        refused("/api/glass/tokenize", "{\"x\":[" + "0,".repeat(Bodies.VALUES) + "0]}", 413, "too_large", "");
        // Commas in a text are no values.
        assertThat(server.post("/api/glass/tokenize", "{\"text\":\"" + "\\\",".repeat(Prompts.MAX_TEXT / 4) + "\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBodyThatIsTooLargeIsAnsweredThoughTheClientIsStillSending() throws Exception {
        byte[] body = new byte[Limits.DEFAULT.bodyBytes() + (4 << 20)];
        try (Raw raw = new Raw(server.port())) {
            raw.send(Raw.post(server.port(), "/api/glass/tokenize", body, ""));
            assertThat(raw.until("}}")).startsWith("HTTP/1.1 413").contains("too_large");
        }
    }

    @Test
    void biasesOfTokensThatAreNone() throws Exception {
        refused(CHAT, "{" + MESSAGES + ",\"logit_bias\":{\"100000\":1}}", 400, "bad_request", "logit_bias");
        refused(
                session + "/generate",
                "{\"from\":" + head + ",\"settings\":{\"logit_bias\":{\"100000\":1}}}",
                400,
                "bad_request",
                "logit_bias");
    }

    @Test
    void aStreamEndsWithItsLastChunkOnAConnectionThatCloses() throws Exception {
        for (String path : List.of(session + "/generate", CHAT)) {
            String body = "{" + (path.equals(CHAT) ? MESSAGES + ",\"stream\":true" : "\"from\":" + head)
                    + ",\"max_tokens\":2}";
            try (Raw raw = new Raw(server.port())) {
                raw.send(Raw.post(server.port(), path, body.getBytes(StandardCharsets.UTF_8), "Connection: close\r\n"));
                assertThat(raw.rest()).as(path).endsWith("\r\n0\r\n\r\n");
            }
        }
    }

    @Test
    void aMethodThatIsNone() throws Exception {
        try (Raw raw = new Raw(server.port())) {
            raw.send("G<>T /health HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n\r\n");
            assertThat(raw.rest()).startsWith("HTTP/1.1 400").contains("bad_request");
        }
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static List<String> tokens(String settings) throws Exception {
        List<String> tokens = new ArrayList<>();
        server.events(server.posting(
                        CHAT, "{" + MESSAGES + ",\"stream\":true,\"max_tokens\":120,\"seed\":5" + settings + "}"))
                .forEach(event -> tokens.add(event.data().replaceAll("\"(id|created)\":(\"[^\"]*\"|[0-9]+)", "")));
        return tokens;
    }

    @Test
    void leavingAtAnyByteHarmsNobody() throws Exception {
        List<String> expected = tokens("");
        int threads = Thread.activeCount();
        CompletableFuture<List<String>> other = CompletableFuture.supplyAsync(() -> {
            try {
                return tokens("");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        byte[] body = ("{" + MESSAGES + ",\"stream\":true,\"max_tokens\":400}").getBytes(StandardCharsets.UTF_8);
        byte[] request = Raw.post(server.port(), CHAT, body, "");
        for (int cut = 0; cut <= request.length; cut += 3) {
            try (Raw raw = new Raw(server.port())) {
                raw.send(java.util.Arrays.copyOf(request, cut));
                if (cut % 2 == 0) {
                    raw.socket.setSoLinger(true, 0); // leaves with a reset
                }
            }
        }
        for (int read = 1; read < 3000; read += 611) {
            try (Raw raw = new Raw(server.port())) {
                raw.send(request);
                raw.socket.getInputStream().readNBytes(read);
            }
        }
        assertThat(other.get()).isEqualTo(expected);
        eventually(() -> server.server.active() == 0);
        assertThat(tokens("")).isEqualTo(expected);
        eventually(() -> server.server.watchedConnections() <= 3);
        eventually(() -> Thread.activeCount() <= threads + 8);
    }

    @Test
    void aClientThatLeavesWhileItWaitsFreesItsPlace() throws Exception {
        byte[] body = ("{" + MESSAGES + ",\"max_tokens\":400,\"temperature\":1.5}").getBytes(StandardCharsets.UTF_8);
        List<Raw> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(new Raw(server.port()).send(Raw.post(server.port(), CHAT, body, "")));
        }
        for (Raw client : clients) {
            client.close();
        }
        eventually(() -> server.server.active() == 0);
    }

    @Test
    void slowAndBigHeadersAreCutOff() throws Exception {
        try (Raw raw = new Raw(server.port())) {
            raw.send("GET /health HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\nX-Slow: ");
            assertThat(raw.rest()).doesNotStartWith("HTTP/1.1 200");
        }
        try (Raw raw = new Raw(server.port())) {
            raw.send("POST " + CHAT + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                    + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
            assertThat(raw.rest()).doesNotStartWith("HTTP/1.1 200");
        }
        for (String bad : List.of(
                "GET /health HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\nX: " + "y".repeat(40_000)
                        + "\r\n\r\n",
                "GET /" + "y".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /health HTTP/1.1\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")) {
            try (Raw raw = new Raw(server.port())) {
                raw.send(bad);
                raw.socket.shutdownOutput();
                assertThat(restOrReset(raw))
                        .as(bad.substring(0, Math.min(20, bad.length())))
                        .doesNotStartWith("HTTP/1.1 2");
            }
        }
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }

    private static String restOrReset(Raw raw) {
        try {
            return raw.rest();
        } catch (IOException reset) {
            return "";
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        int open = server.server.watchedConnections();
        try (Raw raw = new Raw(server.port())) {
            raw.socket.setReceiveBufferSize(1024);
            for (int i = 0; i < 400; i++) {
                raw.send("GET /api/glass/openapi.json HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n\r\n");
            }
            // So many documents (30 MB) do not fit the buffers of both ends: the server stops writing, and after a
            // while waiting.
            Thread.sleep(5000);
            raw.socket.setSoTimeout(15_000);
            assertThat(restOrReset(raw).split("HTTP/1.1 200").length).isLessThan(401);
        }
        eventually(() -> server.server.watchedConnections() <= open + 3);
    }

    @Test
    void aRunThatNobodyHearsIsCancelled() throws Exception {
        byte[] body =
                ("{\"from\":" + head + ",\"ignore_end\":true,\"max_tokens\":400}").getBytes(StandardCharsets.UTF_8);
        try (Raw raw = new Raw(server.port())) {
            raw.send(Raw.post(server.port(), session + "/generate", body, "")).until("event: step");
        }
        eventually(() -> server.server.active() == 0);
        List<Json> runs = TestServer.ok(server.get(session)).get("runs").asArray();
        assertThat(runs).allMatch(run -> !run.asObject().get("running").asBoolean());
    }
}
