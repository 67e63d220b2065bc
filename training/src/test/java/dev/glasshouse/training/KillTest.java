package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.training.data.DataBuilder;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.DataSource;
import dev.glasshouse.training.data.DocumentRule;
import dev.glasshouse.training.data.SplitRule;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that is killed without warning, several times, ends as if nothing had happened, and loses no acknowledged step. */
class KillTest {
    private static final int KILLS = 3;

    @TempDir
    Path scratch;

    @Test
    void killedAtRandom() throws IOException, InterruptedException {
        Path text = scratch.resolve("text.txt");
        Files.writeString(text, MemoryFeed.TEXT.repeat(20));
        Path folder = scratch.resolve("data");
        try (DataSet data = DataBuilder.with(MemoryFeed.letters())
                .add(new DataSource.TextFile(text, DocumentRule.FILE, "CC0-1.0"))
                .split(new SplitRule.Tail(0.1))
                .build(folder)) {
            TrainingResult whole = Trainer.builder(
                            TrainerTest.config(data.vocabulary()), data, scratch.resolve("whole"))
                    .info(ModelInfo.named("Seedling"))
                    .build()
                    .run();
            Path run = scratch.resolve("killed");
            SplittableRandom random = new SplittableRandom();
            long acknowledged = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                // Some lines after the start, and some microseconds: within a step, a checkpoint, a line of the log.
                acknowledged = Math.max(
                        acknowledged, killed(folder, run, 1 + random.nextInt(12), random.nextInt(20), acknowledged));
            }
            Process last =
                    ChildJvm.builder(Endless.class, List.of(), folder, run, 2).start();
            assertThat(ChildJvm.lastLine(last)).isEqualTo("weights " + whole.weights());
            assertThat(TrainerTest.timeless(run)).isEqualTo(TrainerTest.timeless(scratch.resolve("whole")));
            assertThat(RecipeLock.read(run.resolve("model/recipe.lock")).milestones())
                    .isEqualTo(RecipeLock.read(scratch.resolve("whole/model/recipe.lock"))
                            .milestones());
        }
    }

    /** Returns the last checkpoint that was acknowledged. */
    private static long killed(Path data, Path run, int lines, int milliseconds, long before)
            throws IOException, InterruptedException {
        Process process =
                ChildJvm.builder(Endless.class, List.of(), data, run, 1).start();
        long acknowledged = before;
        try (BufferedReader reader = process.inputReader()) {
            boolean first = true;
            for (int i = 0; i < lines; i++) {
                String line = reader.readLine();
                if (line == null) {
                    break; // it was done already
                }
                if (first && line.startsWith("step ")) {
                    assertThat(Long.parseLong(line.substring("step ".length())))
                            .as("goes on behind the last acknowledged checkpoint")
                            .isGreaterThan(before);
                    first = false;
                }
                if (line.startsWith("checkpoint ")) {
                    acknowledged = Long.parseLong(line.substring("checkpoint ".length()));
                }
            }
            Thread.sleep(milliseconds);
            process.destroyForcibly().waitFor();
        }
        return acknowledged;
    }
}
