package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.weights.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole runs: the network's logits, the chain and the seed together give llama.cpp's and Hugging Face's ids. */
class GoldenRunsTest {
    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Stories.open(Stories.F32);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    static Stream<Json.ObjectValue> runs() {
        return Stories.lines("golden-runs.jsonl").stream();
    }

    @Test
    void thereAreTwentyFour() {
        assertThat(runs()).hasSize(24);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void seededRuns(Json.ObjectValue run) {
        int[] prompt =
                run.get("prompt").asArray().stream().mapToInt(Json::asInt).toArray();
        List<Integer> expected =
                run.get("run").asArray().stream().map(Json::asInt).toList();
        Request request = Request.of(prompt)
                .withSettings(settings(run))
                .withMaxTokens(expected.size())
                .ignoringEnd();
        assertThat(engine.generate(request).ids()).isEqualTo(expected);
    }

    @Test
    void greedyRun() {
        int[] expected = Stories.greedyIds();
        Request request = Request.of(Stories.firstIds(1))
                .withSettings(Stories.greedy())
                .withMaxTokens(expected.length - 1)
                .ignoringEnd();
        assertThat(Stories.ids(engine.generate(request).ids()))
                .isEqualTo(java.util.Arrays.copyOfRange(expected, 1, expected.length));
    }

    /** The chain's stages in their order; what the goldens leave out is off. */
    private static SamplerSettings settings(Json.ObjectValue run) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> order = new java.util.ArrayList<>();
        for (Json element : run.get("chain").asArray()) {
            List<Json> stage = element.asArray();
            String name = stage.getFirst().asString();
            List<Double> numbers = stage.stream()
                    .skip(1)
                    .filter(value -> value instanceof Json.NumberValue)
                    .map(Json::asDouble)
                    .toList();
            switch (name) {
                case "penalties" ->
                    put(values, numbers, "repeat_last_n", "repeat_penalty", "frequency_penalty", "presence_penalty");
                // The goldens' −1 is off, in llama.cpp v0.5.0 too.
                case "dry" -> values.put("dry_penalty_last_n", Math.max(0, numbers.get(3)));
                case "typical" -> put(values, numbers, "typical_p");
                case "xtc" -> put(values, numbers, "xtc_probability", "xtc_threshold");
                case "dynamic_temperature" ->
                    put(values, numbers, "temperature", "dynatemp_range", "dynatemp_exponent");
                case "logit_bias" ->
                    values.put("logit_bias", Map.of(numbers.get(0).intValue(), numbers.get(1)));
                default -> put(values, numbers, name);
            }
            if (!name.equals("logit_bias")) {
                order.add(name.equals("dynamic_temperature") ? "temperature" : name);
            }
        }
        values.put("samplers", order);
        values.put("seed", run.get("seed").asLong());
        return Stories.settings(values);
    }

    private static void put(Map<String, Object> values, List<Double> numbers, String... names) {
        for (int i = 0; i < names.length; i++) {
            values.put(names[i], numbers.get(i));
        }
    }
}
