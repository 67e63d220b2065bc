package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFile;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPlanTest {
    /** Other people's converters made both files: names, joined and transposed projections, the order of rows. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3", "gpt2"})
    void bothFormatsGiveTheSamePlanAndValues(String name) {
        try (ModelFile gguf = ModelFile.open(Models.path("architectures/" + name + "/model-f32.gguf"));
                ModelFile folder = ModelFile.open(Models.path("architectures/" + name));
                Arena arena = Arena.ofConfined()) {
            ModelPlan plan = ModelPlan.of(gguf);
            assertThat(ModelPlan.of(folder)).isEqualTo(plan);
            assertThat(plan.architecture()).isEqualTo(name);
            assertThat(plan.spec()).isEqualTo(Network.describe(gguf));
            ParameterValues first = new ParameterValues(gguf);
            ParameterValues second = new ParameterValues(folder);
            for (ParameterShape shape : plan.parameters()) {
                assertThat(values(second, shape, arena)).as(shape.name()).isEqualTo(values(first, shape, arena));
            }
            first.checkAllUsed();
            second.checkAllUsed();
        }
    }

    private static float[] values(ParameterValues source, ParameterShape shape, Arena arena) {
        Matrix out = Matrix.allocate(arena, shape.rows(), shape.cols());
        source.read(shape, out);
        return out.reshape(1, shape.rows() * shape.cols()).row(0);
    }

    @Test
    void parametersOfALlama() {
        ModelPlan plan = llama(4, 2, 8, true);
        assertThat(plan.parameters().stream().map(ParameterShape::name))
                .containsExactly(
                        "token_embd.weight",
                        "blk.0.attn_norm.weight",
                        "blk.0.attn_q.weight",
                        "blk.0.attn_k.weight",
                        "blk.0.attn_v.weight",
                        "blk.0.attn_output.weight",
                        "blk.0.ffn_norm.weight",
                        "blk.0.ffn_gate.weight",
                        "blk.0.ffn_up.weight",
                        "blk.0.ffn_down.weight",
                        "output_norm.weight");
        ParameterShape keys = plan.parameters().get(3);
        assertThat(keys).isEqualTo(new ParameterShape(keys.name(), 16, 32, ParameterShape.Role.MATRIX));
        assertThat(plan.hubName(keys)).isEqualTo("model.layers.0.self_attn.k_proj.weight");
        assertThat(plan.hubRows(keys)).startsWith(0, 4, 1, 5, 2, 6, 3, 7, 8, 12);
    }

    @Test
    void biasesThatDoNotTrain() {
        ModelPlan plan = new ModelPlan("gpt2", 10, 8, 16, 1, 2, 2, 8, 64, 1e-5, 10_000, true, false);
        List<ParameterShape> biases = plan.parameters().stream()
                .filter(shape -> shape.name().endsWith(".bias"))
                .toList();
        assertThat(biases).hasSize(9).noneMatch(ParameterShape::trained);
        assertThatThrownBy(() -> new ModelPlan("llama", 10, 8, 16, 1, 2, 2, 8, 64, 1e-5, 10_000, true, false))
                .isInstanceOf(GlassException.class);
    }

    @Test
    void impossiblePlansAreRefused() {
        assertThatThrownBy(() -> llama(4, 3, 8, true))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("4 heads and 3 key-value heads");
        assertThatThrownBy(() -> llama(4, 2, 7, true)).hasMessageContaining("odd");
        assertThatThrownBy(() -> llama(4, 0, 8, true)).hasMessageContaining("kvHeads is 0");
        assertThatThrownBy(() -> new ModelPlan("gemma3", 10, 8, 16, 1, 2, 2, 8, 64, 1e-5, 10_000, true, true))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("gemma3 cannot be trained")
                .hasMessageContaining("llama, qwen2, qwen3, gpt2");
        assertThatThrownBy(() -> new ModelPlan("qwen2", 10, 8, 16, 1, 2, 1, 16, 64, 1e-5, 10_000, true, true))
                .hasMessageContaining("must be 32 wide");
    }

    /** What training has no gradients for: other architectures, windows, experts, scaled positions. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gemma3",
                "mixtral",
                "qwen3moe",
                "olmo2",
                "granite",
                "mistral-swa",
                "llama3-ropescaled",
                "phi3",
                "smollm3"
            })
    void othersCannotTrain(String name) {
        java.nio.file.Path path = Models.path("architectures/" + name);
        try (ModelFile folder = ModelFile.open(path)) {
            assertThatThrownBy(() -> ModelPlan.of(folder))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("cannot be trained");
        }
    }

    private static ModelPlan llama(int heads, int kvHeads, int headSize, boolean tied) {
        return new ModelPlan("llama", 10, 8, 32, 1, heads, kvHeads, headSize, 64, 1e-5, 10_000, tied, true);
    }
}
