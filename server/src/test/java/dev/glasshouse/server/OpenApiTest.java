package dev.glasshouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.weights.Json;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The OpenAPI document is true: it has every route, and every route answers on the real model {@code tiny} as it says. */
class OpenApiTest {
    private static final String S = "/api/glass/sessions/{session}";
    private static TestServer server;
    private static Schemas schemas;
    private static final Set<String> CALLED = new TreeSet<>();

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
        schemas = new Schemas(TestServer.ok(server.get("/api/glass/openapi.json")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Set<String> routes() {
        TreeSet<String> routes = new TreeSet<>();
        for (Route route : server.server.routes()) {
            routes.add(route.method() + " " + route.documented());
        }
        return routes;
    }

    @Test
    void theDocumentHasEveryRouteAndNoOther() throws Exception {
        TreeSet<String> documented = new TreeSet<>();
        TestServer.ok(server.get("/api/glass/openapi.json"))
                .get("paths")
                .asObject()
                .members()
                .forEach((path, item) -> item.asObject()
                        .members()
                        .keySet()
                        .forEach(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        assertThat(documented).isEqualTo(routes());
    }

    private static Json.ObjectValue get(String path, String url) throws Exception {
        return checked("GET", path, "200", server.get(url));
    }

    private static Json.ObjectValue post(String path, String url, String body) throws Exception {
        return checked("POST", path, "200", server.post(url, body));
    }

    private static Json.ObjectValue checked(String method, String path, String status, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(Integer.parseInt(status));
        CALLED.add(method + " " + path);
        schemas.check(
                schemas.answer(method.toLowerCase(Locale.ROOT), path, status, "application/json"), response.body());
        return Json.parse(response.body()).asObject();
    }

    private static List<TestServer.Event> stream(String method, String path, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        CALLED.add(method + " " + path);
        List<TestServer.Event> events = TestServer.parse(response.body());
        for (TestServer.Event event : events) {
            if (!event.data().equals("[DONE]")) {
                schemas.check(schemas.event(method.toLowerCase(Locale.ROOT), path, event.name()), event.data());
            }
        }
        return events;
    }

    @Test
    void everyRouteAnswersAsDocumented() throws Exception {
        get("/health", "/health");
        get("/v1/models", "/v1/models");
        get("/v1/models/{id}", "/v1/models/tiny");
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"Once\"}],\"max_tokens\":4,\"logprobs\":true,"
                + "\"top_logprobs\":2";
        post("/v1/chat/completions", "/v1/chat/completions", chat + "}");
        stream(
                "POST",
                "/v1/chat/completions",
                server.post(
                        "/v1/chat/completions",
                        chat + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}"));
        get("/api/glass/status", "/api/glass/status");
        get("/api/glass/parameters", "/api/glass/parameters");
        get("/api/glass/openapi.json", "/api/glass/openapi.json");
        models();
        texts();
        sessions();
        assertThat(CALLED).isEqualTo(routes());
    }

    private static void models() throws Exception {
        get("/api/glass/models", "/api/glass/models");
        get("/api/glass/models/{name}", "/api/glass/models/tiny?tensors=true");
        post("/api/glass/models/plan", "/api/glass/models/plan", "{\"name\":\"tiny\"}");
        List<TestServer.Event> loaded =
                stream("POST", "/api/glass/models/load", server.post("/api/glass/models/load", "{\"name\":\"tiny\"}"));
        assertThat(loaded.getLast().name()).isEqualTo("ready");
        post("/api/glass/models/unload", "/api/glass/models/unload", "{\"name\":\"tiny\"}");
    }

    private static void texts() throws Exception {
        Json.ObjectValue tokens = post("/api/glass/tokenize", "/api/glass/tokenize", "{\"text\":\"Once upon a time\"}");
        assertThat(tokens.get("count").asInt()).isGreaterThan(3);
        Json.ObjectValue odds = post(
                "/api/glass/odds",
                "/api/glass/odds",
                "{\"text\":\"<|user|>\",\"continuations\":[\"Tell\",\"Tell me\",\"Nobody\"]}");
        assertThat(odds.get("p").asArray().get(0))
                .isEqualTo(odds.get("p").asArray().get(1));
        assertThat(odds.get("p").asArray().get(2).asDouble()).isZero();
        post("/api/glass/score", "/api/glass/score", "{\"text\":\"Once upon a time there was\"}");
    }

    private static void sessions() throws Exception {
        HttpResponse<String> made = server.post("/api/glass/sessions", "{\"text\":\"Once upon a time\"}");
        Json.ObjectValue session = checked("POST", "/api/glass/sessions", "201", made);
        String at = "/api/glass/sessions/" + session.get("session").asString();
        int head = session.get("head").asInt();
        post(
                S + "/prompt",
                at + "/prompt",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"reply\":\"Hi\"}");
        Json.ObjectValue appended = post(S + "/append", at + "/append", "{\"from\":" + head + ",\"text\":\" there\"}");
        assertThat(appended.get("nodes").asArray()).isNotEmpty();
        List<TestServer.Event> run = stream(
                "POST",
                S + "/generate",
                server.post(
                        at + "/generate",
                        "{\"from\":" + head + ",\"settings\":{\"seed\":3,\"xtc_probability\":0.5},\"max_tokens\":6,"
                                + "\"top\":5,\"stop\":[\"zebra\"]}"));
        List<String> names =
                new ArrayList<>(run.stream().map(TestServer.Event::name).toList());
        assertThat(names.getFirst()).isEqualTo("run");
        assertThat(names.getLast()).isEqualTo("done");
        assertThat(names.stream().filter("step"::equals)).hasSize(6);
        int number = run.getFirst().json().get("run").asInt();
        int end = run.getLast().json().get("head").asInt();
        List<TestServer.Event> again = stream(
                "GET",
                S + "/runs/{run}/events",
                server.get(
                        at + "/runs/" + number + "/events?after=" + run.get(3).id()));
        assertThat(again.stream().map(TestServer.Event::id))
                .isEqualTo(run.stream().map(TestServer.Event::id).skip(4).toList());
        post(S + "/runs/{run}/cancel", at + "/runs/" + number + "/cancel", "{}");
        Json.ObjectValue step = post(S + "/step", at + "/step", "{\"from\":" + end + ",\"settings\":{\"seed\":3}}");
        int node = step.get("node").asInt();
        looks(at, node);
        get(S, at + "?steps=true");
        Json.ObjectValue trace = get(S + "/trace", at + "/trace?node=" + end);
        get(S + "/score", at + "/score?node=" + node);
        Json.ObjectValue replay = post("/api/glass/replay", "/api/glass/replay", "{\"trace\":" + trace.write() + "}");
        assertThat(replay.get("same").asBoolean()).as(replay.write()).isTrue();
        checked(
                "POST",
                "/api/glass/sessions",
                "201",
                server.post("/api/glass/sessions", "{\"trace\":" + trace.write() + "}"));
        assertThat(server.delete(at).statusCode()).isEqualTo(204);
        CALLED.add("DELETE " + S);
        assertThat(TestServer.code(server.get(at))).isEqualTo("no_session");
    }

    private static void looks(String at, int node) throws Exception {
        String to = "{\"node\":" + node;
        Json.ObjectValue asked =
                post(S + "/candidates", at + "/candidates", to + ",\"settings\":{\"temperature\":2},\"top\":200}");
        assertThat(asked.get("step").asObject().get("raw").asObject().get("top").asArray())
                .hasSize(200);
        Json.ObjectValue draws = post(S + "/draws", at + "/draws", to + ",\"count\":1000}");
        assertThat(draws.get("counts").asArray().stream()
                        .mapToInt(each -> each.asObject().get("count").asInt())
                        .sum())
                .isEqualTo(1000);
        assertThat(draws.get("first").asArray()).hasSize(100);
        post(S + "/tree", at + "/tree", to + ",\"width\":3,\"depth\":2}");
        Json.ObjectValue lens = post(S + "/lens", at + "/lens", to + ",\"top\":4,\"target\":300}");
        assertThat(lens.get("target").asInt()).isEqualTo(300);
        Json.ObjectValue attention = post(S + "/attention", at + "/attention", to + ",\"layer\":1,\"head\":2}");
        double sum = attention.get("weights").asArray().stream()
                .mapToDouble(Json::asDouble)
                .sum();
        // Weights are F32 and told with all their digits.
        assertThat(sum).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-5));
        post(S + "/timings", at + "/timings", to + "}");
    }
}
