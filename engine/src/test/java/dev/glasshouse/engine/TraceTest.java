package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.Origin;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Stories.open(Stories.Q8_0);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static Request request(Map<String, ?> settings) {
        return Request.of(Stories.firstIds(4))
                .withSettings(Stories.settings(settings))
                .withMaxTokens(25);
    }

    private static Trace trace(Map<String, ?> settings) {
        return engine.generate(request(settings).withTrace(6).withStops(List.of("zzz")))
                .trace()
                .orElseThrow();
    }

    @Test
    void everythingIsThere() {
        Trace trace = trace(Map.of("seed", 5, "temperature", 1.1));
        assertThat(trace.model().sha256()).hasSize(64).isEqualTo(engine.sha256());
        assertThat(trace.model().file()).isEqualTo(Stories.Q8_0);
        assertThat(trace.model().architecture()).isEqualTo("llama");
        assertThat(trace.promptIds()).isEqualTo(Stories.firstIds(4));
        assertThat(trace.prompt().getFirst().control()).isTrue();
        assertThat(trace.settings().setting(Parameter.SEED).origin()).isEqualTo(Origin.USER);
        assertThat(trace.settings().setting(Parameter.TOP_K).origin()).isEqualTo(Origin.BUILT_IN);
        StringBuilder text = new StringBuilder();
        for (Trace.Step step : trace.steps()) {
            text.append(step.text());
            assertThat(step.position()).isEqualTo(4 + trace.steps().indexOf(step));
            assertThat(step.sampling().by()).isEqualTo(PickedBy.SAMPLED);
            assertThat(step.sampling().draws()).hasSize(1);
            assertThat(step.sampling().stages()).hasSize(11);
            step.sampling().stages().forEach(stage -> assertThat(stage.top().stream()
                                    .mapToDouble(Candidate::probability)
                                    .sum()
                            + stage.tail())
                    .isCloseTo(1, within(1e-12)));
        }
        assertThat(text.toString()).isEqualTo(trace.text());
    }

    @Test
    void recordingChangesNoToken() {
        Map<String, Object> settings =
                Map.of("seed", 9, "temperature", 1.5, "xtc_probability", 0.5, "repeat_penalty", 1.2);
        assertThat(engine.generate(request(settings)).text())
                .isEqualTo(trace(settings).text());
    }

    @Test
    void comesBackFromJson() {
        for (Map<String, Object> settings : List.<Map<String, Object>>of(
                Map.of(
                        "seed",
                        5,
                        "xtc_probability",
                        0.5,
                        "dry_multiplier",
                        0.8,
                        "logit_bias",
                        Map.of(5, false, 300, 1.5)),
                Map.of("mirostat", 2),
                Map.of("seed", 1, "temperature", 1e-38),
                Map.of("adaptive_target", 0.5, "logit_bias", Map.of(5, 9999)),
                Map.of("samplers", "kt", "temperature", 0))) {
            Trace trace = trace(settings);
            String json = trace.toJson().write();
            assertThat(Trace.fromJson(Json.parse(json))).isEqualTo(trace);
        }
    }

    @Test
    void replaysToTheBit() {
        Trace trace = Trace.fromJson(
                Json.parse(trace(Map.of("temperature", 1.5)).toJson().write()));
        ReplayReport report = engine.replay(trace);
        assertThat(report.same()).as(report.message()).isTrue();
        assertThat(report.steps()).isEqualTo(trace.steps().size());
        for (EngineOptions options :
                List.of(Stories.options().withThreads(1), Stories.options().withKernels(KernelChoice.SCALAR))) {
            try (Engine other = Engine.open(Stories.path(Stories.Q8_0), options)) {
                assertThat(other.replay(trace).same()).isTrue();
            }
        }
    }

    @Test
    void forcedPicksAreReplayedAsForced() {
        Trace trace = engine.generate(request(Map.of("seed", 3))
                        .withTrace(3)
                        .withChooser((step, picked) -> step % 3 == 1
                                ? Optional.of(new TokenChooser.Choice(300 + step, PickedBy.USER))
                                : Optional.empty()))
                .trace()
                .orElseThrow();
        assertThat(trace.steps().get(1).token().id()).isEqualTo(301);
        assertThat(engine.replay(trace).message()).contains("same to the bit");
    }

    @Test
    void aStepTakenAfterALookSaysWhatTheCacheTakes() {
        try (Run run = engine.start(request(Map.of("seed", 3)).withTrace(3))) {
            run.peek(3);
            run.advance(1, GenerationListener.NONE, new Cancellation());
            assertThat(run.trace().orElseThrow().steps().getFirst().cacheBytes())
                    .isPositive();
        }
    }

    @Test
    void whatDiffersIsSaid() {
        Trace trace = trace(Map.of("seed", 5));
        String json = trace.toJson().write();
        Trace other = Trace.fromJson(
                Json.parse(json.replaceFirst("\"name\":\"seed\",\"value\":5", "\"name\":\"seed\",\"value\":6")));
        assertThat(engine.replay(other).same()).isFalse();
        assertThat(engine.replay(other).firstDifference()).hasValue(0);
        assertThat(engine.replay(other).message())
                .startsWith("The replay differs: step 1: ")
                .doesNotContain("[");
        try (Engine another = Stories.open(Stories.Q4_0)) {
            assertThatThrownBy(() -> another.replay(trace))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("another model file");
        }
    }

    @Test
    void damagedTracesAreRefused() {
        String json = trace(Map.of("seed", 5)).toJson().write();
        for (String damaged : List.of(
                "{}",
                "[]",
                json.replaceFirst("\"glasshouse_trace\":2", "\"glasshouse_trace\":3"),
                json.replaceFirst("\"finish\":\"max_tokens\"", "\"finish\":\"tired\""),
                json.replaceFirst("\"bytes\":\"[0-9a-f]+\"", "\"bytes\":\"xyz\""),
                json.replaceFirst("\"by\":\"sampled\"", "\"by\":\"nobody\""),
                json.replaceFirst("\"name\":\"seed\",\"value\":5", "\"name\":\"seed\",\"value\":-7"),
                json.replaceFirst("\"prompt\":\\[", "\"prompt\":[3,"))) {
            assertThat(damaged).isNotEqualTo(json);
            assertThatThrownBy(() -> Trace.fromJson(Json.parse(damaged))).isInstanceOf(GlassException.class);
        }
    }

    /** A trace whose numbers cannot be: nothing that shows or replays it may come to harm. */
    @Test
    void hostileTracesAreRefused() {
        String json = trace(Map.of("seed", 5)).toJson().write();
        Map<String, List<String>> edits = Map.ofEntries(
                Map.entry(
                        "\"vocabulary\":512",
                        List.of("\"vocabulary\":0", "\"vocabulary\":99999999999", "\"vocabulary\":3")),
                Map.entry("\"context\":\\d+", List.of("\"context\":-1", "\"context\":5")),
                Map.entry("\"sha256\":\"[0-9a-f]+\"", List.of("\"sha256\":\"abc\"", "\"sha256\":7")),
                Map.entry("\"position\":4", List.of("\"position\":5", "\"position\":-1", "\"position\":1e99")),
                Map.entry("\"rank\":\\d+", List.of("\"rank\":0", "\"rank\":513")),
                Map.entry("\"p\":0[.0-9]+", List.of("\"p\":7", "\"p\":-1", "\"p\":\"NaN\"", "\"p\":1e999")),
                Map.entry(
                        "\"logit\":-?[.0-9]+",
                        List.of("\"logit\":\"NaN\"", "\"logit\":\"Infinity\"", "\"logit\":1e99")),
                Map.entry("\"tail\":[.0-9]+", List.of("\"tail\":2", "\"tail\":null")),
                Map.entry("\"entropy_bits\":[.0-9]+", List.of("\"entropy_bits\":-3", "\"entropy_bits\":1e300")),
                Map.entry("\"top\":6", List.of("\"top\":5", "\"top\":-6")),
                Map.entry("\"reused\":\\d+", List.of("\"reused\":-1", "\"reused\":99")),
                Map.entry("\"forward_ns\":\\d+", List.of("\"forward_ns\":-1")),
                Map.entry("\"wait_ns\":\\d+", List.of("\"wait_ns\":-1", "\"wait_ns\":99999999999999999999")),
                Map.entry("\"seed\":5,", List.of("\"seed\":4294967296,", "\"seed\":-1,")),
                Map.entry(
                        "\"stops\":\\[\"zzz\"\\]",
                        List.of("\"stops\":[\"\"]", "\"stops\":[\"" + "x".repeat(2000) + "\"]")),
                Map.entry("\"prompt\":\\[\\{\"id\":1", List.of("\"prompt\":[{\"id\":600", "\"prompt\":[{\"id\":-1")),
                Map.entry("\"tokens\":\\[\\{\"id\":1,", List.of("\"tokens\":[{\"id\":511,")));
        edits.forEach((what, instead) -> instead.forEach(each -> {
            String damaged = json.replaceFirst(what, java.util.regex.Matcher.quoteReplacement(each));
            assertThat(damaged).as(what).isNotEqualTo(json);
            assertThatThrownBy(() -> Trace.fromJson(Json.parse(damaged)))
                    .as(each)
                    .isInstanceOf(GlassException.class);
        }));
    }
}
