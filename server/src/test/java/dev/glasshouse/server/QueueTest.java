package dev.glasshouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.weights.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bounds on what clients take together: places in the queue, sessions, time; and the end of the server. */
class QueueTest {
    private static final String CHAT = "/v1/chat/completions";

    /** A stream that ends with the context alone: the token that ends answers is banned. */
    static byte[] longAnswer(int port) {
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Once\"}],\"stream\":true,\"temperature\":1.5,\"logit_bias\":{\"2\":-100}}";
        return Raw.post(port, CHAT, body.getBytes(StandardCharsets.UTF_8), "");
    }

    @Test
    void aFullQueueSaysSoAndWhenToComeBack() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withLimits(Limits.DEFAULT.withRequests(1, 1)));
                Raw first = new Raw(server.port());
                Raw second = new Raw(server.port())) {
            first.send(longAnswer(server.port())).until("data: ");
            second.send(longAnswer(server.port())).until("data: ");
            HttpResponse<String> third =
                    server.post(CHAT, "{\"messages\":[{\"role\":\"user\",\"content\":\"Once\"}],\"max_tokens\":1}");
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(TestServer.code(third)).isEqualTo("queue_full");
            assertThat(third.headers()
                            .firstValue("Retry-After")
                            .map(Integer::parseInt)
                            .orElse(0))
                    .isPositive();
            first.socket.close();
            // The place of the one that left goes to the one that waits.
            assertThat(second.until("\"delta\":{\"content\"")).contains("\"content\"");
        }
    }

    @Test
    void sessionsAreBoundedAndTheOldestUnusedGoesFirst() throws Exception {
        try (TestServer server = TestServer.start(
                options -> options.withLimits(Limits.DEFAULT.withSessions(3, 256 << 20, Duration.ofMinutes(30))))) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.add(TestServer.ok(server.post("/api/glass/sessions", "{\"text\":\"Once upon\"}"))
                        .get("session")
                        .asString());
            }
            assertThat(ids.stream().distinct()).hasSize(5);
            assertThat(server.server.sessions()).isEqualTo(3);
            assertThat(server.get("/api/glass/sessions/" + ids.getFirst()).statusCode())
                    .isEqualTo(404);
            assertThat(server.get("/api/glass/sessions/" + ids.getLast()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void sessionsShrinkToTheirMemoryAndUnusedOnesEnd() throws Exception {
        try (TestServer server = TestServer.start(
                options -> options.withLimits(Limits.DEFAULT.withSessions(64, 1, Duration.ofMinutes(30))))) {
            server.post("/api/glass/sessions", "{\"text\":\"Once upon\"}");
            for (int i = 0; i < 100 && server.server.sessions() > 0; i++) {
                Thread.sleep(50);
            }
            assertThat(server.server.sessions()).isZero();
        }
    }

    @Test
    void aRequestThatTakesTooLongEnds() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withLimits(Limits.DEFAULT.withTimes(
                Duration.ofMillis(1), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10))))) {
            Json.ObjectValue made = TestServer.ok(server.post("/api/glass/sessions", "{\"text\":\"Once upon\"}"));
            List<TestServer.Event> events = server.events(server.posting(
                    "/api/glass/sessions/" + made.get("session").asString() + "/generate",
                    "{\"from\":" + made.get("head").asInt() + ",\"ignore_end\":true,\"settings\":{\"seed\":1}}"));
            // The timer looks five times a second; by then the model may have filled its context.
            assertThat(events.getLast().json().write()).containsAnyOf("time_limit", "context_full", "longer than");
        }
    }

    @Test
    void drainingLetsAnswersFinishAndRefusesNewOnes() throws Exception {
        try (TestServer server = TestServer.start()) {
            List<TestServer.Event> expected = answer(server);
            Raw client = new Raw(server.port());
            byte[] body = ("{\"messages\":[{\"role\":\"user\",\"content\":\"Once\"}],\"seed\":3,\"max_tokens\":300,"
                            + "\"stream\":true}")
                    .getBytes(StandardCharsets.UTF_8);
            client.send(Raw.post(server.port(), CHAT, body, "Connection: close\r\n"))
                    .until("data: ");
            Thread draining = Thread.startVirtualThread(() -> {
                try {
                    server.server.drain();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            String rest = client.rest();
            draining.join();
            assertThat(rest).contains("data: [DONE]").contains("\"finish_reason\":\"");
            assertThat(rest.split("\"delta\":\\{\"content\"")).hasSize(expected.size() + 1);
            client.close();
        }
    }

    @Test
    void whatDoesNotFinishInTimeIsToldSo() throws Exception {
        try (TestServer server =
                        TestServer.start(options -> options.withLimits(Limits.DEFAULT.withDrain(Duration.ZERO)));
                Raw client = new Raw(server.port())) {
            client.send(longAnswer(server.port())).until("\"delta\":{\"content\"");
            server.server.drain();
            assertThat(client.rest()).contains("\"code\":\"draining\"").contains("data: [DONE]");
        }
    }

    @Test
    void aRunThatIsCancelledWhileItWaitsEndsAsCancelled() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withLimits(Limits.DEFAULT.withRequests(1, 4)));
                Raw busy = new Raw(server.port());
                Raw waiting = new Raw(server.port())) {
            Json.ObjectValue made = TestServer.ok(server.post("/api/glass/sessions", "{\"text\":\"Once upon\"}"));
            String at = "/api/glass/sessions/" + made.get("session").asString();
            busy.send(longAnswer(server.port())).until("\"delta\":{\"content\"");
            byte[] body = ("{\"from\":" + made.get("head").asInt() + "}").getBytes(StandardCharsets.UTF_8);
            waiting.send(Raw.post(server.port(), at + "/generate", body, "Connection: close\r\n"))
                    .until("event: run");
            assertThat(server.ok(at + "/runs/1/cancel", "{}").get("cancelled").asBoolean())
                    .isTrue();
            assertThat(waiting.rest()).contains("event: done").contains("\"finish\":\"cancelled\"");
        }
    }

    private static List<TestServer.Event> answer(TestServer server) throws Exception {
        return server
                .events(
                        server.posting(
                                CHAT,
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"Once\"}],\"seed\":3,\"max_tokens\":300,\"stream\":true}"))
                .stream()
                .filter(event -> event.data().contains("\"delta\":{\"content\""))
                .toList();
    }
}
