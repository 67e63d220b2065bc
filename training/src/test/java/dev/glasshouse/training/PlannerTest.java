package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.training.data.DataBuilder;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.DataSource;
import dev.glasshouse.training.data.DocumentRule;
import dev.glasshouse.training.data.SplitRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan fits its data, and more time gives no smaller model. Times themselves are not tested. */
class PlannerTest {
    @TempDir
    Path scratch;

    @Test
    void plansFitTheData() throws IOException {
        Path text = scratch.resolve("text.txt");
        Files.writeString(text, MemoryFeed.TEXT.repeat(600));
        try (DataSet data = DataBuilder.with(MemoryFeed.letters())
                .add(new DataSource.TextFile(text, DocumentRule.FILE, "CC0-1.0"))
                .split(new SplitRule.Tail(0.1))
                .build(scratch.resolve("data"))) {
            TrainingPlan plan = Planner.choose(data, 0.5, 1, KernelChoice.AUTO);
            assertThat(plan.config().model().vocabulary()).isEqualTo(data.vocabulary());
            assertThat(plan.epochs()).isLessThan(25);
            assertThat(plan.seconds()).isPositive();
            assertThat(plan.memory()).isGreaterThan(16 * plan.parameters());
            assertThat(plan.toJson().write()).contains("\"config\"");
            assertThatThrownBy(() -> Planner.choose(data, 0.1, 1, KernelChoice.AUTO))
                    .hasMessageContaining("0.25 or more");
        }
        assertThat(Planner.vocabulary(10_000)).isLessThan(Planner.vocabulary(10_000_000));
    }
}
