package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.training.Verification.CannotTell;
import dev.glasshouse.training.Verification.Different;
import dev.glasshouse.training.Verification.Outcome;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.Manifest;
import dev.glasshouse.training.data.Split;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Locks by somebody else that ask for more than their data can be: nothing is made, or no more than it. */
    @Test
    void aLockCannotAskForWhatIsNotItsData() throws IOException {
        Path folder = scratch.resolve("told");
        String manifest;
        long tokens;
        try (DataSet data = StoryData.build(folder, 5, 100, 300, 1)) {
            manifest = data.manifest().json().write();
            tokens = data.tokens(Split.TRAIN);
        }
        assertThat(found(folder, manifest)).isInstanceOf(DataFinder.Found.class);
        assertThat(found(folder, manifest.replaceFirst("(\"seed\":5,\"documents\":)100", "$1101")))
                .isInstanceOfSatisfying(DataFinder.Wrong.class, wrong -> assertThat(wrong.verdict())
                        .isInstanceOfSatisfying(Different.class, different -> assertThat(different.what())
                                .contains("lists 100 documents", "another number")));
        assertThat(found(folder, manifest.replace("\"documents\":100", "\"documents\":300")))
                .isInstanceOfSatisfying(DataFinder.Wrong.class, wrong -> assertThat(wrong.verdict())
                        .isInstanceOfSatisfying(Different.class, different -> assertThat(different.what())
                                .contains("more documents in its sources")));
        assertThat(found(folder, manifest.replace("\"tokens\":" + tokens, "\"tokens\":" + (1L << 49))))
                .isInstanceOfSatisfying(DataFinder.Wrong.class, wrong -> assertThat(wrong.verdict())
                        .isInstanceOfSatisfying(CannotTell.class, cannot -> assertThat(cannot.missing())
                                .singleElement()
                                .asString()
                                .contains("Making the data again takes", "MB are free")));
        assertThat(found(folder, manifest.replace("\"tokens\":" + tokens, "\"tokens\":" + (tokens - 1))))
                .isInstanceOfSatisfying(DataFinder.Wrong.class, wrong -> assertThat(wrong.verdict())
                        .isInstanceOfSatisfying(Different.class, different -> assertThat(different.what())
                                .contains("do not give its data", "more than the ")));
    }

    /** What is made for a lock with this manifest; no data lies beside it. */
    private DataFinder.Result found(Path folder, String manifest) throws IOException {
        Json.ObjectValue data = Json.parse(manifest).asObject();
        RecipeLock lock = new RecipeLock(
                1,
                data,
                Manifest.of(data).sha256(),
                Presets.story(300),
                ModelInfo.named("Stories"),
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Json.object().build());
        Path place = Files.createTempDirectory(scratch, "made");
        DataFinder finder = new DataFinder(folder, folder, lock, VerifyOptions.full(), place, VerifyListener.NONE);
        DataFinder.Result result = finder.find(finder.place());
        if (result instanceof DataFinder.Found made) {
            made.data().close();
        } else {
            assertThat(place).isEmptyDirectory();
        }
        return result;
    }
}
