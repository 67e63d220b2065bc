package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.weights.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written for Hugging Face and as GGUF reads back to the bit; that transformers agrees on the layout, its own files show. */
class HubWriterTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({"llama, true", "llama, false", "qwen2, true", "qwen3, false", "gpt2, true"})
    void readsBack(String architecture, boolean tied) throws IOException {
        int kvHeads = architecture.equals("gpt2") ? 4 : 2;
        ModelPlan plan = new ModelPlan(architecture, 50, 64, 32, 2, 4, kvHeads, 8, 48, 1e-5, 10_000, tied, true);
        try (Parameters parameters = Parameters.initial(plan, 3)) {
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < parameters.shapes().size(); i++) {
                float[] row = new float[parameters.shapes().get(i).cols()];
                for (int r = 0; r < parameters.shapes().get(i).rows(); r++) {
                    for (int c = 0; c < row.length; c++) {
                        row[c] = (float) random.nextGaussian();
                    }
                    parameters.value(i).setRow(r, row);
                }
            }
            HubWriter.safetensors(scratch.resolve("model.safetensors"), parameters);
            Files.writeString(scratch.resolve("config.json"), plan.config().write());
            try (ModelFile file = ModelFile.open(scratch);
                    Parameters read = Parameters.load(file)) {
                assertThat(read.plan()).isEqualTo(plan);
                assertThat(read.sha256()).isEqualTo(parameters.sha256());
            }
            Path gguf = scratch.resolve("model.gguf");
            TrainingConfig config = TrainingConfig.builder(plan).build();
            ModelWriter.gguf(gguf, parameters, new Formula(config).tokenizer(), ModelInfo.named("Test"));
            try (ModelFile file = ModelFile.open(gguf);
                    Parameters read = Parameters.load(file)) {
                assertThat(read.sha256()).isEqualTo(parameters.sha256());
            }
        }
    }
}
