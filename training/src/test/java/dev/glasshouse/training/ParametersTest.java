package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.network.ParameterShape.Role;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParametersTest {
    @TempDir
    Path folder;

    private static final ModelPlan PLAN =
            new ModelPlan("qwen2", 101, 32, 48, 2, 4, 2, 12, 64, 1e-6, 10_000, false, true);

    @Test
    void beginsAsGpt2Does() {
        try (Parameters parameters = Parameters.initial(PLAN, 3)) {
            for (int i = 0; i < parameters.shapes().size(); i++) {
                double[] values = DoubleDecoder.doubles(parameters.value(i));
                String name = parameters.shapes().get(i).name();
                if (parameters.shapes().get(i).role() == Role.NORM) {
                    assertThat(values).containsOnly(1);
                } else if (parameters.shapes().get(i).role() == Role.BIAS) {
                    assertThat(values).containsOnly(0);
                } else {
                    boolean residual = name.contains("attn_output") || name.contains("ffn_down");
                    double deviation = residual ? 0.01 : 0.02;
                    // over at least 1,152 values: four standard errors of a mean and of a root mean square
                    assertThat(mean(values, 1)).as(name).isCloseTo(0, within(4 * deviation / Math.sqrt(1152)));
                    double size = Math.sqrt(mean(values, 2));
                    assertThat(size).as(name).isCloseTo(deviation, within(4 * deviation / Math.sqrt(2 * 1152)));
                }
            }
        }
    }

    private static double mean(double[] values, int power) {
        double sum = 0;
        for (double value : values) {
            sum += power == 1 ? value : value * value;
        }
        return sum / values.length;
    }

    /** The start of every recipe: another hash here means that no earlier recipe can be verified any more. */
    @Test
    void theHashIsKnownAndEveryBitCounts() {
        try (Parameters first = Parameters.initial(PLAN, 3);
                Parameters again = Parameters.initial(PLAN, 3);
                Parameters other = Parameters.initial(PLAN, 4)) {
            assertThat(first.sha256())
                    .isEqualTo("762ad85732e79aa38db36562d9ae04d16700a87f5cf4eefa29b1f5e903e5f2ae")
                    .isEqualTo(again.sha256());
            assertThat(other.sha256()).isNotEqualTo(first.sha256());
            float value = again.value("blk.1.ffn_up.weight").get(2, 5);
            again.value("blk.1.ffn_up.weight").set(2, 5, Math.nextUp(value));
            assertThat(again.sha256()).isNotEqualTo(first.sha256());
        }
    }

    /** Hyperparameters that promise more than the file holds are refused before memory is taken for them. */
    @Test
    void aFileThatPromisesMoreThanItHolds() throws IOException {
        Path file = folder.resolve("model.gguf");
        try (Parameters parameters = Parameters.initial(PLAN, 3)) {
            TrainingConfig config = TrainingConfig.builder(PLAN).build();
            ModelWriter.gguf(file, parameters, new Formula(config).tokenizer(), ModelInfo.named("Test"));
        }
        byte[] bytes = Files.readAllBytes(file);
        String key = "qwen2.feed_forward_length";
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(key)
                + key.length()
                + 4; // behind the value's type
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, 1 << 20);
        Files.write(file, bytes);
        try (ModelFile model = ModelFile.open(file)) {
            assertThatThrownBy(() -> Parameters.load(model).close())
                    .isInstanceOf(GlassException.class)
                    .hasMessageContainingAll("model.gguf ask for", "values", "hold only");
        }
    }

    @Test
    void countsWhatTrains() {
        ModelPlan with = new ModelPlan("gpt2", 65, 64, 128, 4, 4, 4, 32, 512, 1e-5, 10_000, true, true);
        ModelPlan without = new ModelPlan("gpt2", 65, 64, 128, 4, 4, 4, 32, 512, 1e-5, 10_000, true, false);
        try (Parameters all = new Parameters(with);
                Parameters some = new Parameters(without)) {
            // nanoGPT's CPU recipe counts 0.80 M without the table of positions, which is 64 · 128
            assertThat(some.count() - 64 * 128).isEqualTo(795_904);
            assertThat(all.count() - some.count()).isEqualTo(4 * (2 * 128 + 4 * 128 + 512 + 128) + 128);
            assertThatThrownBy(() -> all.value("blk.9.attn_q.weight")).hasMessageContaining("blk.9.attn_q.weight");
        }
    }
}
