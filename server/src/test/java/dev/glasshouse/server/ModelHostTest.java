package dev.glasshouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.weights.Json;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models come and go: bounded in number, shared while they load, kept while they are used. */
class ModelHostTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    private Path folder;

    /** The model inside the program as a file that is not the store's. */
    private String file() throws Exception {
        HubSettings settings = HubSettings.of(Map.of("HOME", folder.toString(), "GLASSHOUSE_HOME", folder.toString()));
        try (Hub hub = Hub.open(settings)) {
            Path copy = folder.resolve("copy.gguf");
            Files.copy(hub.find("tiny").orElseThrow().path(), copy);
            return copy.toString();
        }
    }

    private static String chat(String model, int tokens) {
        return "{" + model + "\"messages\":[{\"role\":\"user\",\"content\":\"Once\"}],\"max_tokens\":" + tokens + "}";
    }

    private static List<Json> loaded(TestServer server) throws Exception {
        return TestServer.ok(server.get("/api/glass/status")).get("models").asArray();
    }

    @Test
    void theOneUnusedForLongestMakesRoomWithItsSessions() throws Exception {
        String file = file();
        try (TestServer server =
                TestServer.start(options -> options.withDefaultModel(file).withLimits(Limits.DEFAULT.withModels(1)))) {
            String session = TestServer.ok(server.post("/api/glass/sessions", "{\"text\":\"Once\"}"))
                    .get("session")
                    .asString();
            assertThat(loaded(server)).hasSize(1).doesNotContain(Json.of("tiny"));
            assertThat(server.post(CHAT, chat("\"model\":\"tiny\",", 2)).statusCode())
                    .isEqualTo(200);
            assertThat(loaded(server)).containsExactly(Json.of("tiny"));
            assertThat(TestServer.code(server.get("/api/glass/sessions/" + session)))
                    .isEqualTo("no_session");
        }
    }

    @Test
    void aModelInUseIsKept() throws Exception {
        String file = file();
        try (TestServer server = TestServer.start(
                        options -> options.withDefaultModel(file).withLimits(Limits.DEFAULT.withModels(1)));
                Raw busy = new Raw(server.port())) {
            busy.send(QueueTest.longAnswer(server.port())).until("\"delta\":{\"content\"");
            HttpResponse<String> other = server.post(CHAT, chat("\"model\":\"tiny\",", 2));
            assertThat(other.statusCode()).as(other.body()).isEqualTo(429);
            assertThat(TestServer.code(other)).isEqualTo("queue_full");
        }
    }

    @Test
    void requestsAtOnceShareOneLoading() throws Exception {
        try (TestServer server = TestServer.start()) {
            List<CompletableFuture<Integer>> all = IntStream.range(0, 6)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                        try {
                            return server.post(CHAT, chat("", 2)).statusCode();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .toList();
            for (CompletableFuture<Integer> each : all) {
                assertThat(each.get()).isEqualTo(200);
            }
            assertThat(loaded(server)).containsExactly(Json.of("tiny"));
        }
    }

    @Test
    void anotherContextIsLoadedAnew() throws Exception {
        try (TestServer server = TestServer.start()) {
            List<TestServer.Event> events =
                    server.events(server.posting("/api/glass/models/load", "{\"name\":\"tiny\",\"context\":128}"));
            assertThat(events.getLast().name()).isEqualTo("ready");
            assertThat(TestServer.ok(server.post("/api/glass/sessions", "{\"text\":\"Once\"}"))
                            .get("context")
                            .asInt())
                    .isEqualTo(128);
        }
    }
}
