package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Npy;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each layer would say, and what each head looks at, against transformers (see {@code lens/make_goldens.py}): all
 * layers of a trained model over 130 positions, and of every architecture over 70. Windows of 8 in gemma3 and mistral-swa,
 * grouped heads in most. Both sides compute in F32 in another order of sums: 1e-4 is allowed for logits of up to 40 and
 * 1e-5 for weights; seen are 1.2e-5 and 2.4e-6.
 */
class LookGoldenTest {
    private static final double LENS_TOLERANCE = 1e-4;
    private static final double ATTENTION_TOLERANCE = 1e-5;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stories260K",
                "architectures/llama",
                "architectures/llama3-ropescaled",
                "architectures/qwen2",
                "architectures/qwen3",
                "architectures/qwen3moe",
                "architectures/mistral-swa",
                "architectures/mixtral",
                "architectures/gemma3",
                "architectures/gpt2",
                "architectures/granite",
                "architectures/olmo2",
                "architectures/phi3",
                "architectures/smollm3"
            })
    void everyLayerAndEveryHead(String model) {
        String folder = "lens/" + model.substring(model.indexOf('/') + 1) + "/";
        Json.ObjectValue golden = Json.read(Models.path(folder + "golden.json")).asObject();
        Npy lens = Npy.read(Models.path(folder + "lens.npy"));
        Npy attention = Npy.read(Models.path(folder + "attention.npy"));
        int[] lensRows = Models.ints(golden.array("lens_rows").orElseThrow());
        int[] attentionRows = Models.ints(golden.array("attention_rows").orElseThrow());
        int[] ids = Models.ints(golden.array("ids").orElseThrow());
        try (Kernels kernels = new ScalarKernels(1);
                Network network = Models.load(model, kernels);
                SequenceState state = network.newState(KvType.F32, ids.length)) {
            DecoderSpec spec = network.spec();
            int layers = spec.depth();
            int heads = spec.attention().count();
            assertThat(lens.shape()).containsExactly(layers + 1, lensRows.length, spec.vocabulary());
            assertThat(attention.shape()).containsExactly(layers, heads, attentionRows.length, ids.length);
            Batch batch = new Batch();
            Batch.Span span = batch.add(state, ids);
            for (int depth = 0; depth <= layers; depth++) {
                for (int row : lensRows) {
                    span.residual(depth, row, row + 1);
                }
            }
            for (int layer = 0; layer < layers; layer++) {
                for (int row : attentionRows) {
                    for (int head = 0; head < heads; head++) {
                        span.attention(layer, row, head);
                    }
                }
            }
            Output output = network.forward(batch);
            double worstLogit = 0;
            int size = lensRows.length * spec.vocabulary();
            for (int depth = 0; depth <= layers; depth++) {
                double worst = Models.difference(
                        Models.rows(network.logits(output.residual(depth))),
                        Arrays.copyOfRange(lens.floats(), depth * size, (depth + 1) * size));
                assertThat(worst).as("depth %d", depth).isLessThan(LENS_TOLERANCE);
                worstLogit = Math.max(worstLogit, worst);
            }
            assertThat(output.attention()).hasSize(layers * heads * attentionRows.length);
            double worstWeight = 0;
            for (AttentionWeights weights : output.attention()) {
                int at = (weights.layer() * heads + weights.head()) * attentionRows.length
                        + Arrays.binarySearch(attentionRows, weights.row());
                float[] expected = Arrays.copyOfRange(attention.floats(), at * ids.length, (at + 1) * ids.length);
                worstWeight = Math.max(worstWeight, difference(weights, expected));
                int window = spec.layers().get(weights.layer()).window();
                assertThat(weights.from()).isEqualTo(window == 0 ? 0 : Math.max(0, weights.row() - window + 1));
                assertThat(weights.from() + weights.weights().length).isEqualTo(weights.row() + 1);
            }
            assertThat(worstWeight).isLessThan(ATTENTION_TOLERANCE);
            System.out.println(model + ": lens " + worstLogit + ", attention " + worstWeight);
        }
    }

    /** The largest difference; what was not seen counts as 0. */
    private static double difference(AttentionWeights actual, float[] expected) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            int at = i - actual.from();
            float weight = at >= 0 && at < actual.weights().length ? actual.weights()[at] : 0;
            worst = Math.max(worst, Math.abs(weight - expected[i]));
        }
        return worst;
    }
}
