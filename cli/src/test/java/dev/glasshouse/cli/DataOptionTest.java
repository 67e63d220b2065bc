package dev.glasshouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.training.data.DocumentRule;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a text has end marks is found piece by piece. */
class DataOptionTest {
    @TempDir
    Path folder;

    @Test
    void aMarkIsFoundWhereverItStands() throws IOException {
        Path file = folder.resolve("text.txt");
        for (int before = (1 << 16) - 20; before < (1 << 16) + 5; before++) { // across the end of a piece
            Files.writeString(file, "x".repeat(before) + DocumentRule.MARK + "y");
            assertThat(DataOption.contains(file, DocumentRule.MARK))
                    .as("at %d", before)
                    .isTrue();
        }
        Files.writeString(file, "<|endoftext|".repeat(20_000));
        assertThat(DataOption.contains(file, DocumentRule.MARK)).isFalse();
        Files.writeString(file, "");
        assertThat(DataOption.contains(file, DocumentRule.MARK)).isFalse();
        assertThatThrownBy(() -> DataOption.contains(folder.resolve("none.txt"), DocumentRule.MARK))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("none.txt could not be read");
    }

    /** A text larger than what a command reads into memory at most; its zeros take no room on the disk. */
    @Test
    void aTextMayBeLargerThanTheMemory() throws IOException {
        Path file = folder.resolve("large.txt");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.seek((1L << 28) + 5);
            large.writeBytes(DocumentRule.MARK);
        }
        assertThat(DataOption.contains(file, DocumentRule.MARK)).isTrue();
    }
}
