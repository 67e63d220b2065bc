package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.training.data.DataBuilder;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.DataSource;
import dev.glasshouse.training.data.DocumentRule;
import dev.glasshouse.training.data.SplitRule;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that broke, and a disk that is full. */
class CheckpointTest {
    @TempDir
    Path scratch;

    private DataSet data;
    private TrainingConfig config;
    private final List<String> notes = new ArrayList<>();

    @BeforeEach
    void builds() throws IOException {
        Path text = scratch.resolve("text.txt");
        Files.writeString(text, MemoryFeed.TEXT.repeat(20));
        data = DataBuilder.with(MemoryFeed.letters())
                .add(new DataSource.TextFile(text, DocumentRule.FILE, "CC0-1.0"))
                .split(new SplitRule.Tail(0.1))
                .build(scratch.resolve("data"));
        config = TrainerTest.silent(TrainerTest.config(data.vocabulary()));
    }

    @AfterEach
    void closes() {
        data.close();
    }

    private TrainingResult train(Path run, boolean resume, long stopAt) {
        List<Trainer> trainers = new ArrayList<>();
        Trainer trainer = Trainer.builder(config, data, run)
                .resume(resume)
                .info(ModelInfo.named("Seedling"))
                .listener(new TrainingListener() {
                    @Override
                    public void step(TrainingLog.Step step, Pace pace) {
                        if (step.step() == stopAt) {
                            trainers.getFirst().stop();
                        }
                    }

                    @Override
                    public void note(String text) {
                        notes.add(text);
                    }
                })
                .build();
        trainers.add(trainer);
        return trainer.run();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void keepsTheLastAndTheBest() throws IOException {
        train(scratch.resolve("run"), false, 99);
        // every 7 steps, the last, and the best: evaluation is every 10 and gets better all the time
        assertThat(names(scratch.resolve("run/checkpoints"))).containsExactly("step-00000028", "step-00000030");
    }

    @Test
    void oneCutShortGivesWayToTheOneBefore() throws IOException {
        Path whole = scratch.resolve("whole");
        Path run = scratch.resolve("run");
        String weights = train(whole, false, 99).weights();
        train(run, false, 17);
        cut(run.resolve("checkpoints/step-00000017/state.safetensors"));
        assertThat(train(run, true, 99).weights()).isEqualTo(weights);
        assertThat(notes).singleElement().asString().contains("step-00000017").contains("cut short");
        assertThat(TrainerTest.timeless(run)).isEqualTo(TrainerTest.timeless(whole));
    }

    /** Two are changed: the run goes on from the third, and what it saves then is not taken for older than those. */
    @Test
    void changedOnesGiveWayToTheOneBefore() throws IOException {
        Path whole = scratch.resolve("whole");
        Path run = scratch.resolve("run");
        String weights = train(whole, false, 99).weights();
        train(run, false, 17);
        assertThat(names(run.resolve("checkpoints")))
                .containsExactly("step-00000010", "step-00000014", "step-00000017");
        change(run.resolve("checkpoints/step-00000014/state.safetensors"));
        change(run.resolve("checkpoints/step-00000017/state.safetensors"));
        train(run, true, 12);
        assertThat(notes).hasSize(2).allMatch(note -> note.contains("SHA-256"));
        assertThat(names(run.resolve("checkpoints"))).containsExactly("step-00000010", "step-00000012");
        assertThat(train(run, true, 99).weights()).isEqualTo(weights);
        assertThat(TrainerTest.timeless(run)).isEqualTo(TrainerTest.timeless(whole));
    }

    private static void change(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void oneChangedBitIsFound() throws IOException {
        Path run = scratch.resolve("run");
        train(run, false, 5);
        Path state = run.resolve("checkpoints/step-00000005/state.safetensors");
        change(state);
        assertThatThrownBy(() -> train(run, true, 99)).hasMessageContaining("SHA-256");
        cut(state);
        assertThatThrownBy(() -> train(run, true, 99)).hasMessageContaining("No checkpoint in");
    }

    private static void cut(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 100);
        }
    }

    @Test
    void dataThatChangedIsFoundBeforeTheFirstStep() throws IOException {
        Path shard = data.folder().resolve("train-00000.tokens");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length - 2] ^= 1;
        Files.write(shard, bytes);
        assertThatThrownBy(() -> train(scratch.resolve("run"), false, 99))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("train-00000.tokens has changed");
    }

    /** A log that names another file of the machine as a film: it is not copied to what is published. */
    @Test
    void onlyTheFilmIsPublished() throws IOException {
        Path run = scratch.resolve("run");
        train(run, false, 17);
        Files.writeString(run.resolve("film.json"), "{}");
        String picture = "\"film\":\"../run/film.json\"";
        Path log = run.resolve("log.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(log));
        String last = lines.removeLast();
        String entry = "{\"step\":17," + picture + ",\"seconds\":1}";
        // as long as what it takes the place of: a checkpoint knows the length of its log
        assertThat(entry.length()).isLessThanOrEqualTo(last.length());
        lines.add(entry + " ".repeat(last.length() - entry.length()));
        Files.writeString(log, String.join("\n", lines) + "\n");
        assertThatThrownBy(() -> train(run, true, 99))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("names a film that this program did not make: \"../run/film.json\"");
        assertThat(run.resolve("model")).doesNotExist();
    }

    /** The limit of a file's size stands for the end of the disk: the write fails in the middle of the state. */
    @Test
    void aFullDiskKeepsTheCheckpointBefore() throws IOException {
        Path run = scratch.resolve("run");
        train(run, false, 10);
        List<String> before = names(run.resolve("checkpoints"));
        assertThat(before).endsWith("step-00000010");
        ProcessBuilder java =
                ChildJvm.builder(Endless.class, List.of("-XX:-UsePerfData"), data.folder(), run, 1, "silent");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 160; exec \"$@\"", "sh"));
        command.addAll(java.command());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(ChildJvm.lastLine(process))
                .startsWith("failed: Cannot save the checkpoint of step 14")
                .contains("as they were");
        assertThat(names(run.resolve("checkpoints"))).isEqualTo(before);
        String weights = train(run, true, 99).weights();
        assertThat(weights).isEqualTo(train(scratch.resolve("whole"), false, 99).weights());
    }
}
