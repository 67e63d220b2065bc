package dev.glasshouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.weights.Json;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's routes on the real model {@code tiny}. */
class OpenAiTest {
    private static final String ONCE = "{\"role\":\"user\",\"content\":\"Once upon a time\"}";
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String body(String more) {
        return "{\"model\":\"tiny\",\"messages\":[" + ONCE + "],\"max_tokens\":24,\"seed\":7" + more + "}";
    }

    private static String content(Json.ObjectValue answer) {
        return choice(answer).get("message").asObject().get("content").asString();
    }

    private static Json.ObjectValue choice(Json.ObjectValue answer) {
        return answer.get("choices").asArray().getFirst().asObject();
    }

    @Test
    void answersAndCountsTokens() throws Exception {
        Json.ObjectValue answer = server.ok("/v1/chat/completions", body(""));
        assertThat(answer.get("object").asString()).isEqualTo("chat.completion");
        assertThat(content(answer)).isNotBlank();
        assertThat(choice(answer).get("finish_reason").asString()).isEqualTo("length");
        Json.ObjectValue usage = answer.get("usage").asObject();
        assertThat(usage.get("completion_tokens").asInt()).isEqualTo(24);
        assertThat(usage.get("total_tokens").asInt())
                .isEqualTo(24 + usage.get("prompt_tokens").asInt());
    }

    @Test
    void theSameSeedGivesTheSameAnswerStreamedOrNot() throws Exception {
        String whole = content(server.ok("/v1/chat/completions", body("")));
        assertThat(content(server.ok("/v1/chat/completions", body("")))).isEqualTo(whole);
        List<TestServer.Event> events = server.events(server.posting(
                "/v1/chat/completions", body(",\"stream\":true,\"stream_options\":{\"include_usage\":true}")));
        StringBuilder streamed = new StringBuilder();
        for (TestServer.Event event : events.subList(0, events.size() - 2)) {
            choice(event.json()).get("delta").asObject().string("content").ifPresent(streamed::append);
        }
        assertThat(streamed).hasToString(whole);
        assertThat(events.getLast().data()).isEqualTo("[DONE]");
        Json.ObjectValue usage = events.get(events.size() - 2).json();
        assertThat(usage.get("choices").asArray()).isEmpty();
        assertThat(usage.get("usage").asObject().get("completion_tokens").asInt())
                .isEqualTo(24);
        assertThat(choice(events.get(events.size() - 3).json())
                        .get("finish_reason")
                        .asString())
                .isEqualTo("length");
    }

    @Test
    void tellsProbabilitiesWithBytesAndIds() throws Exception {
        for (String stream : List.of("", ",\"stream\":true")) {
            HttpResponse<String> response =
                    server.post("/v1/chat/completions", body(",\"logprobs\":true,\"top_logprobs\":20" + stream));
            List<Json> tokens = stream.isEmpty()
                    ? choice(TestServer.ok(response))
                            .get("logprobs")
                            .asObject()
                            .get("content")
                            .asArray()
                    : TestServer.parse(response.body()).stream()
                            .filter(event -> !event.data().equals("[DONE]"))
                            .flatMap(event ->
                                    choice(event.json()).get("logprobs").asObject().get("content").asArray().stream())
                            .toList();
            assertThat(tokens).hasSize(24);
            for (Json token : tokens) {
                List<Json> top = token.asObject().get("top_logprobs").asArray();
                assertThat(top).hasSize(20);
                double sum = 0;
                for (Json each : top) {
                    sum += Math.exp(each.asObject().get("logprob").asDouble());
                    if (each.asObject().get("id").asInt()
                            == token.asObject().get("id").asInt()) {
                        // Both are logarithms of the same probability, one of the rounded quotient.
                        assertThat(each.asObject().get("logprob").asDouble())
                                .isCloseTo(token.asObject().get("logprob").asDouble(), within(1e-6));
                    }
                }
                assertThat(sum).isLessThanOrEqualTo(1 + 1e-9);
            }
        }
    }

    @Test
    void stopsAndSettingsAreHeard() throws Exception {
        String greedy = content(server.ok("/v1/chat/completions", body(",\"temperature\":0")));
        assertThat(greedy).contains(" ");
        String word = greedy.strip().split(" ")[2];
        Json.ObjectValue stopped =
                server.ok("/v1/chat/completions", body(",\"temperature\":0,\"stop\":[\"" + word + "\"]"));
        assertThat(choice(stopped).get("finish_reason").asString()).isEqualTo("stop");
        assertThat(content(stopped)).isEqualTo(greedy.substring(0, greedy.indexOf(word)));
        assertThat(content(server.ok(
                        "/v1/chat/completions", body(",\"top_k\":1,\"samplers\":[\"top_k\"],\"temperature\":1.5"))))
                .isEqualTo(greedy);
    }

    @Test
    void takesPartsAndRoles() throws Exception {
        String plain = content(server.ok("/v1/chat/completions", body("")));
        String parts = body("").replace(
                        "\"Once upon a time\"",
                        "[{\"type\":\"text\",\"text\":\"Once upon\"},{\"type\":\"text\",\"text\":\" a time\"}]");
        assertThat(content(server.ok("/v1/chat/completions", parts))).isEqualTo(plain);
        assertThat(content(server.ok(
                        "/v1/chat/completions",
                        body("").replace("[" + ONCE, "[{\"role\":\"developer\",\"content\":\"Be kind.\"}," + ONCE))))
                .isNotBlank();
    }

    @Test
    void listsModels() throws Exception {
        Json.ObjectValue list = TestServer.ok(server.get("/v1/models"));
        assertThat(list.get("data").asArray())
                .anyMatch(model -> model.asObject().get("id").asString().equals("tiny"));
        assertThat(TestServer.ok(server.get("/v1/models/tiny")).get("id").asString())
                .isEqualTo("tiny");
        HttpResponse<String> missing = server.get("/v1/models/gpt-4");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(TestServer.code(missing)).isEqualTo("no_model");
    }
}
