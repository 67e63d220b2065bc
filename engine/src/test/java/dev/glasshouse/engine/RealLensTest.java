package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.AttentionWeights;
import dev.glasshouse.network.Batch;
import dev.glasshouse.network.LoadListener;
import dev.glasshouse.network.Network;
import dev.glasshouse.network.Output;
import dev.glasshouse.network.PassTimes;
import dev.glasshouse.network.SequenceState;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.Quantizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every layer of SmolLM2-135M-Instruct, dequantised to F32, against transformers with the same tensors (made by
 * {@code make_goldens.py} of the network's test resources, which itself is within 5e-5 of llama.cpp there).
 * Log-probabilities go down to −130, F32 sums over 576 values through 30 layers: 1e-3 is allowed, and 1e-4 for weights.
 */
@Tag("real-model")
class RealLensTest {
    @Test
    void everyLayersRowAndTheHeads(@TempDir Path folder) throws IOException {
        Path exact = folder.resolve("smollm2-f32.gguf");
        Quantizer.quantize(RealModelTest.model(), exact, Quantizer.Recipe.F32, (done, total, tensor) -> {});
        Json.ObjectValue golden = Stories.lines("smollm2/lens.jsonl").getFirst();
        int[] ids = ints(golden.get("ids"));
        int[] fixed = ints(golden.get("fixed"));
        List<Json.ObjectValue> lens = Stories.lines("smollm2/lens.jsonl").stream()
                .filter(line -> line.find("depth").isPresent())
                .toList();
        List<Json.ObjectValue> attention = Stories.lines("smollm2/lens.jsonl").stream()
                .filter(line -> line.find("layer").isPresent())
                .toList();
        assertThat(lens).hasSize(9 * 31);
        assertThat(attention).hasSize(7 * 4);
        try (Kernels kernels = Kernels.best(2);
                ModelFile file = ModelFile.open(exact);
                Network network = Network.load(file, kernels, LoadListener.SILENT);
                SequenceState state = network.newState(KvType.F32, ids.length)) {
            Batch batch = new Batch().timed();
            Batch.Span span = batch.add(state, ids);
            lens.forEach(line -> span.residual(
                    line.get("depth").asInt(),
                    line.get("row").asInt(),
                    line.get("row").asInt() + 1));
            attention.forEach(line -> span.attention(
                    line.get("layer").asInt(),
                    line.get("row").asInt(),
                    line.get("head").asInt()));
            Output output = network.forward(batch);
            System.out.println("SmolLM2 in F32: largest difference of a log-probability of any layer "
                    + lens(network, output, lens, fixed) + ", of an attention weight "
                    + attention(output, attention));
            PassTimes times = output.times().orElseThrow();
            assertThat(times.totalNanos()).isPositive();
        }
    }

    private static double lens(Network network, Output output, List<Json.ObjectValue> lens, int[] fixed) {
        Map<Integer, Integer> next = new TreeMap<>();
        double worst = 0;
        for (Json.ObjectValue line : lens) {
            int depth = line.get("depth").asInt();
            int index = next.merge(depth, 1, Integer::sum) - 1;
            Matrix residual = output.residual(depth).rows(index, 1);
            float[] logits = network.logits(residual).row(0);
            double logSum = LogSoftmax.logSum(logits);
            for (Json pair : line.get("top").asArray()) {
                double expected = pair.asArray().getLast().asDouble();
                double actual = logits[pair.asArray().getFirst().asInt()] - logSum;
                assertThat(actual).as("%s", line).isCloseTo(expected, within(1e-3));
                worst = Math.max(worst, Math.abs(actual - expected));
            }
            List<Json> others = line.get("fixed").asArray();
            for (int i = 0; i < fixed.length; i++) {
                double expected = others.get(i).asDouble();
                double actual = logits[fixed[i]] - logSum;
                assertThat(actual).as("%s", line).isCloseTo(expected, within(1e-3));
                worst = Math.max(worst, Math.abs(actual - expected));
            }
        }
        return worst;
    }

    private static double attention(Output output, List<Json.ObjectValue> expected) {
        double worst = 0;
        for (Json.ObjectValue line : expected) {
            AttentionWeights actual = output.attention().stream()
                    .filter(weights -> weights.layer() == line.get("layer").asInt()
                            && weights.row() == line.get("row").asInt()
                            && weights.head() == line.get("head").asInt())
                    .findFirst()
                    .orElseThrow();
            List<Json> weights = line.get("weights").asArray();
            assertThat(actual.from()).isZero();
            assertThat(actual.weights()).hasSize(weights.size());
            for (int i = 0; i < weights.size(); i++) {
                double difference =
                        Math.abs(actual.weights()[i] - weights.get(i).asDouble());
                assertThat(difference).as("%s", line).isLessThan(1e-4);
                worst = Math.max(worst, difference);
            }
        }
        return worst;
    }

    private static int[] ints(Json json) {
        return json.asArray().stream().mapToInt(Json::asInt).toArray();
    }
}
