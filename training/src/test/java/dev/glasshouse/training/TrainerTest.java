package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.training.TrainingConfig.Checkpoints;
import dev.glasshouse.training.TrainingConfig.Evaluation;
import dev.glasshouse.training.TrainingConfig.Film;
import dev.glasshouse.training.TrainingConfig.Samples;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop: events, stop and resume, the guard, what it refuses. */
class TrainerTest {
    @TempDir
    Path scratch;

    static TrainingConfig config(int vocabulary) {
        ModelPlan plan = new ModelPlan("llama", vocabulary, 64, 32, 2, 2, 1, 16, 64, 1e-5, 10_000, true, true);
        return TrainingConfig.builder(plan)
                .length(24)
                .batch(6)
                .steps(30)
                .optimizer(OptimizerConfig.muon(3e-3, 0.02))
                .schedule(Schedule.cosine(3))
                .dropout(0.1)
                .microBatch(4)
                .evaluation(new Evaluation(10, 0))
                .samples(new Samples(15, List.of("One"), 8, 0.8, 1))
                .checkpoints(new Checkpoints(7, 2))
                .film(new Film(3, "Ten", 4))
                .build();
    }

    static TrainingConfig silent(TrainingConfig config) {
        return config.toBuilder()
                .samples(new Samples(0, List.of(), 1, 1, 1))
                .film(new Film(0, "", 1))
                .build();
    }

    private Trainer.Builder trainer(TrainingConfig config, Path folder) {
        return Trainer.builder(config, new MemoryFeed(config, MemoryFeed.letters()), folder)
                .info(ModelInfo.named("Numbers"))
                .threads(1);
    }

    private static TrainingConfig config() {
        return config(MemoryFeed.letters().size());
    }

    @Test
    void learnsAndLeavesAModel() {
        TrainingConfig config = config();
        TrainingResult result = trainer(config, scratch.resolve("run")).build().run();
        assertThat(result.finished()).isTrue();
        List<TrainingLog.Entry> log = TrainingLog.read(scratch.resolve("run/log.jsonl"));
        List<TrainingLog.Step> steps = log.stream()
                .filter(TrainingLog.Step.class::isInstance)
                .map(TrainingLog.Step.class::cast)
                .toList();
        assertThat(steps).hasSize(30);
        assertThat(steps.getLast().loss()).isLessThan(steps.getFirst().loss() - 1);
        assertThat(log.stream().filter(TrainingLog.Validation.class::isInstance))
                .hasSize(4);
        assertThat(log.stream().filter(TrainingLog.Sample.class::isInstance)).hasSize(3);
        assertThat(log.stream().filter(TrainingLog.Picture.class::isInstance)).hasSize(3);
        Path model = result.model().orElseThrow();
        RecipeLock lock = RecipeLock.read(model.resolve(RecipeLock.NAME));
        assertThat(lock.milestones()).hasSize(21);
        assertThat(lock.config()).isEqualTo(config);
        assertThat(model.resolve("model-q8_0.gguf")).exists();
    }

    /** Stopped three times, gone on with other threads, kernels and micro-batches: the same weights, log and lock. */
    @Test
    void resumesToTheBit() throws IOException {
        TrainingConfig config = config();
        TrainingResult whole = trainer(config, scratch.resolve("whole")).build().run();
        Path broken = scratch.resolve("broken");
        int[] stops = {4, 14, 23, 99};
        for (int i = 0; i < stops.length; i++) {
            TrainingConfig changed = config.toBuilder().microBatch(i + 1).build();
            Stopper stopper = new Stopper(stops[i]);
            Trainer trainer = trainer(changed, broken)
                    .resume(i > 0)
                    .threads(1 + i % 2)
                    .kernels(i == 2 ? KernelChoice.SCALAR : KernelChoice.AUTO)
                    .listener(stopper)
                    .build();
            stopper.trainer.add(trainer);
            TrainingResult result = trainer.run();
            assertThat(result.finished()).isEqualTo(i == stops.length - 1);
            if (i == stops.length - 1) {
                assertThat(result.weights()).isEqualTo(whole.weights());
            }
        }
        assertThat(timeless(broken)).isEqualTo(timeless(scratch.resolve("whole")));
        assertThat(RecipeLock.read(broken.resolve("model/recipe.lock")).milestones())
                .isEqualTo(RecipeLock.read(scratch.resolve("whole/model/recipe.lock"))
                        .milestones());
        assertThat(Files.mismatch(
                        broken.resolve("model/model-q8_0.gguf"), scratch.resolve("whole/model/model-q8_0.gguf")))
                .isEqualTo(-1);
    }

    private static final class Stopper implements TrainingListener {
        private final long at;
        private final List<Trainer> trainer = new ArrayList<>();

        Stopper(long at) {
            this.at = at;
        }

        @Override
        public void step(TrainingLog.Step step, Pace pace) {
            if (step.step() == at) {
                trainer.getFirst().stop();
            }
        }
    }

    static String timeless(Path run) throws IOException {
        return Files.readString(run.resolve("log.jsonl")).replaceAll("\"seconds\":[^,}]*", "");
    }

    @Test
    void saysWhatCannotBe() {
        TrainingConfig config = config();
        Path run = scratch.resolve("run");
        assertThatThrownBy(() -> trainer(config, run).resume(true).build().run())
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("no training in");
        trainer(config, run).build().run();
        assertThatThrownBy(() -> trainer(config, run).build().run()).hasMessageContaining("holds a training already");
        TrainingConfig faster = config.toBuilder().clip(2).build();
        assertThatThrownBy(() -> trainer(faster, run).resume(true).build().run())
                .hasMessageContaining("clip is 2.0 instead of 1.0");
        assertThatThrownBy(() -> trainer(config, scratch.resolve("small"))
                        .memory(1 << 17)
                        .build()
                        .run())
                .hasMessageContaining("does not fit into the memory: it needs")
                .hasMessageContaining("of heap");
        TrainingConfig wordy = config.toBuilder()
                .samples(new Samples(5, List.of("One two three. ".repeat(50)), 8, 0.8, 1))
                .build();
        assertThatThrownBy(
                        () -> trainer(wordy, scratch.resolve("wordy")).build().run())
                .hasMessageContaining("it must have from 1 to 63");
        TrainingConfig other = config(config.model().vocabulary() + 1);
        assertThatThrownBy(
                        () -> trainer(other, scratch.resolve("other")).build().run())
                .hasMessageContaining("vocabulary has");
    }

    /** The model that a run publishes is the one that was begun, wherever it lies by then; it gets no other licence on the way. */
    @Test
    void goesOnUnderTheSameLicence() throws IOException {
        TrainingConfig config = silent(config());
        MemoryFeed feed = new MemoryFeed(config, MemoryFeed.letters());
        ModelInfo info = new ModelInfo("Numbers", "cc-by-4.0", "Counts to ten.", List.of("en"));
        Stopper stopper = new Stopper(5);
        Path first = scratch.resolve("first");
        stopper.trainer.add(Trainer.builder(config, feed, first)
                .info(info)
                .listener(stopper)
                .build());
        stopper.trainer.getFirst().run();
        Path run = Files.move(first, scratch.resolve("moved"));
        ModelInfo other = ModelInfo.named("Numbers");
        assertThatThrownBy(() -> Trainer.builder(config, feed, run)
                        .info(other)
                        .resume(true)
                        .build()
                        .run())
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("cc-by-4.0")
                .hasMessageContaining("apache-2.0");
        Path model = Trainer.builder(config, feed, run)
                .resume(true)
                .build()
                .run()
                .model()
                .orElseThrow();
        assertThat(RecipeLock.read(model.resolve(RecipeLock.NAME)).info()).isEqualTo(info);
        assertThat(Files.readString(model.resolve("README.md"))).contains("cc-by-4.0", "Counts to ten.");
    }

    /**
     * A rate that blows the weights up: the run ends, says where, and keeps what was good. The loss of a step is that of the
     * weights before it, so the checkpoint of those is not good.
     */
    @Test
    void stopsAtASpike() {
        TrainingConfig config = config().toBuilder()
                .steps(60)
                .optimizer(OptimizerConfig.adamW(30))
                .schedule(new Schedule(Schedule.Kind.CONSTANT, 40, 1, 0))
                .clip(0)
                .checkpoints(new Checkpoints(1, 2))
                .film(new Film(0, "", 1))
                .build();
        Path run = scratch.resolve("run");
        assertThatThrownBy(() -> trainer(config, run).build().run())
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("was stopped in step")
                .hasMessageContaining("samples from")
                .satisfies(stopped -> {
                    String said = String.valueOf(stopped.getMessage());
                    Matcher step = Pattern.compile("stopped in step (\\d+)").matcher(said);
                    assertThat(step.find()).isTrue();
                    long done = Long.parseLong(step.group(1)) - 1;
                    assertThat(said)
                            .contains("The last good checkpoint is "
                                    + run.resolve("checkpoints/" + Checkpoint.name(done - 1)) + ".")
                            .contains("The checkpoint " + run.resolve("checkpoints/" + Checkpoint.name(done))
                                    + " holds the weights that went wrong");
                });
    }
}
