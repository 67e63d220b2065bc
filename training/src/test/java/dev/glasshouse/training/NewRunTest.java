package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder before its training begins: what is deleted, and above all what is not. */
class NewRunTest {
    @TempDir
    Path scratch;

    private Path left() throws IOException {
        Path folder = scratch.resolve("left");
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/manifest.json"), "{}");
        Files.createDirectories(folder.resolve("data.partial"));
        Files.createFile(folder.resolve(".in-use"));
        return folder;
    }

    private static void refused(Path folder, List<Path> inputs, String why) {
        assertThatThrownBy(() -> NewRun.take(folder, inputs))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining(why);
    }

    @Test
    void isGoneIfNothingBegan() throws IOException {
        Path folder = scratch.resolve("fresh");
        try (NewRun run = NewRun.take(folder, List.of())) {
            assertThat(run.anew()).isFalse();
            Files.createDirectory(folder.resolve("data"));
            refused(folder, List.of(), "Another training is at work");
            assertThat(folder.resolve("data")).exists();
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void staysIfATrainingBegan() throws IOException {
        Path folder = scratch.resolve("begun");
        try (NewRun run = NewRun.take(folder, List.of())) {
            run.release();
            Files.createDirectory(folder.resolve("data"));
            Files.writeString(folder.resolve("run.json"), "{}");
        }
        assertThat(folder.resolve("run.json")).exists();
        assertThat(folder.resolve("data")).exists();
        refused(folder, List.of(), "glass train --resume");
    }

    @Test
    void whatAKillLeftIsUsedAnew() throws IOException {
        Path folder = left();
        try (NewRun run = NewRun.take(folder, List.of())) {
            assertThat(run.anew()).isTrue();
            assertThat(folder.resolve("data")).doesNotExist();
            assertThat(folder.resolve("data.partial")).doesNotExist();
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void whatSomebodyElseMadeIsNotTouched() throws IOException {
        Path folder = left();
        refused(folder, List.of(folder.resolve("data")), "holds no training");
        Files.createFile(folder.resolve("notes.txt"));
        refused(folder, List.of(), "holds no training");
        Files.delete(folder.resolve("notes.txt"));
        Files.delete(folder.resolve(".in-use"));
        refused(folder, List.of(), "holds no training");
        assertThat(folder.resolve("data/manifest.json")).exists();
    }

    @Test
    void anInputIsFoundThroughLinks() throws IOException {
        Path folder = left();
        Path link = Files.createSymbolicLink(scratch.resolve("link"), folder.resolve("data"));
        refused(folder, List.of(link), "holds no training");
        Path other = Files.createSymbolicLink(scratch.resolve("other"), folder);
        refused(other, List.of(folder.resolve("data")), "holds no training");
        assertThat(folder.resolve("data/manifest.json")).exists();
    }

    @Test
    void anEmptyFolderIsUsedAndStays() throws IOException {
        Path folder = Files.createDirectory(scratch.resolve("empty"));
        try (NewRun run = NewRun.take(folder, List.of())) {
            assertThat(run.anew()).isFalse();
            Files.createDirectory(folder.resolve("data"));
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** Between letting go and the training, another process may take the folder: then it is not ours to delete. */
    @Test
    void whatAnotherHoldsStays() {
        Path folder = scratch.resolve("taken");
        NewRun run = NewRun.take(folder, List.of());
        run.release();
        try (RunFolder other = RunFolder.open(folder)) {
            assertThatThrownBy(run::close).hasMessageContaining("Another training is at work");
            assertThat(other.path()).exists();
        }
    }
}
