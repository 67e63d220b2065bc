package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.ModelPlan;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Central differences in double, the double twin and the gradients of training, for each architecture. */
class GradientCheckTest {
    @ParameterizedTest
    @CsvSource({
        "llama, 2, false, true",
        "llama, 4, true, true",
        "qwen2, 2, true, true",
        "qwen3, 2, false, true",
        "qwen3, 4, true, true",
        "gpt2, 4, true, true",
        "gpt2, 4, false, true",
        "gpt2, 4, true, false"
    })
    void twinAndTrainingAgreeWithCentralDifferences(String architecture, int kvHeads, boolean tied, boolean biases) {
        ModelPlan plan = new ModelPlan(architecture, 300, 64, 64, 3, 4, kvHeads, 16, 128, 1e-5, 10_000, tied, biases);
        try (Kernels kernels = Kernels.best(1)) {
            List<GradientCheck.Row> rows = GradientCheck.run(plan, kernels);
            assertThat(rows).hasSizeGreaterThan(15);
            for (GradientCheck.Row row : rows) {
                assertThat(row.differences()).as("differences, %s", row.name()).isLessThan(1e-6);
                assertThat(row.training()).as("training, %s", row.name()).isLessThan(1e-4);
                assertThat(row.good()).isTrue();
            }
        }
    }
}
