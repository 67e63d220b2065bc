package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.training.Verification.Outcome;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.Split;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data of stories need not be kept: a check tells them again. */
class StoryDataTest {
    @TempDir
    Path scratch;

    @Test
    void verifiedWithoutData() {
        TrainingResult result;
        try (DataSet data = StoryData.build(scratch.resolve("data"), 5, 300, 300, 2)) {
            assertThat(data.documents(Split.TRAIN) + data.documents(Split.VALIDATION))
                    .isBetween(290L, 300L);
            ModelPlan plan =
                    new ModelPlan("llama", data.vocabulary(), 64, 32, 1, 1, 1, 32, 64, 1e-5, 10_000, true, true);
            TrainingConfig config = Presets.story(data.vocabulary()).toBuilder()
                    .model(plan)
                    .length(64)
                    .batch(4)
                    .steps(24)
                    .schedule(Schedule.cosine(2))
                    .build();
            result = Trainer.builder(TrainerTest.silent(config), data, scratch.resolve("run"))
                    .build()
                    .run();
        }
        Path model = result.model().orElseThrow();
        Verification found = Verifier.verify(model, VerifyOptions.full(), VerifyListener.NONE);
        assertThat(found.outcome()).isEqualTo(Outcome.SAME);
        assertThat(found.checked()).anyMatch(what -> what.contains("made again"));
        assertThat(model.resolve("report.html")).exists();
        assertThat(model.resolve("DATA.md")).content().contains("CC0-1.0").contains("\"generator\":\"stories\"");
    }
}
