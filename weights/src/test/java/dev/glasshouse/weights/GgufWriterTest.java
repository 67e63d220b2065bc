package dev.glasshouse.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
    private static final List<TensorInfo> TENSORS = List.of(
            GgufWriter.tensor("a", TensorType.F32, 3),
            GgufWriter.tensor("empty", TensorType.F32, 0),
            GgufWriter.tensor("b", TensorType.Q8_0, 32, 2));

    @TempDir
    Path folder;

    private static void writeAll(GgufWriter writer) {
        writer.write(MemorySegment.ofArray(new float[] {1, 2}));
        writer.write(MemorySegment.ofArray(new float[] {3}));
        writer.write(MemorySegment.ofArray(new byte[0]));
        writer.write(MemorySegment.ofArray(new byte[68]));
        writer.finish();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatIsWrittenReadsBack() throws IOException {
        Path file = folder.resolve("m.gguf");
        Metadata metadata = Metadata.builder()
                .put("general.architecture", "test")
                .putUint32("general.alignment", 64)
                .putStrings("words", List.of("x", "y"))
                .build();
        Files.writeString(file, "old");
        try (GgufWriter writer = GgufWriter.create(file, metadata, TENSORS)) {
            writeAll(writer);
        }
        assertThat(names()).containsExactly("m.gguf");
        try (GgufFile read = GgufFile.open(file)) {
            assertThat(read.metadata().keys()).isEqualTo(metadata.keys());
            assertThat(read.metadata().strings("words").orElseThrow()).containsExactly("x", "y");
            assertThat(read.headers().getFirst().dataOffset() % 64).isZero();
            assertThat(read.tensor("a").orElseThrow().data().get(Metadata.FLOAT, 8))
                    .isEqualTo(3);
            assertThat(read.tensor("b").orElseThrow().rows()).isEqualTo(2);
            assertThat(Files.size(file)).isEqualTo(read.headers().getFirst().endOfData());
        }
    }

    @Test
    void nothingHalfWrittenStays() throws IOException {
        Path file = folder.resolve("m.gguf");
        Files.writeString(file, "old");
        Metadata none = Metadata.builder().build();
        try (GgufWriter writer = GgufWriter.create(file, none, TENSORS)) {
            writer.write(MemorySegment.ofArray(new float[] {1, 2, 3}));
            assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> GgufWriter.create(file, none, TENSORS))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("another run");
        }
        assertThat(names()).containsExactly("m.gguf");
        assertThat(file).hasContent("old");
        // A partial file that a killed run left is no obstacle.
        Files.writeString(folder.resolve("m.gguf.partial"), "x".repeat(10_000));
        try (GgufWriter writer = GgufWriter.create(file, none, TENSORS)) {
            writeAll(writer);
        }
        assertThat(names()).containsExactly("m.gguf");
        GgufFile.open(file).close();
    }

    @Test
    void saysWhyItCannotWrite() {
        Metadata none = Metadata.builder().build();
        assertThatThrownBy(() -> GgufWriter.create(folder.resolve("no/m.gguf"), none, TENSORS))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("there is no folder");
        List<TensorInfo> huge = List.of(GgufWriter.tensor("t", TensorType.F32, 1L << 50));
        assertThatThrownBy(() -> GgufWriter.create(folder.resolve("m.gguf"), none, huge))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("the disk has only");
        assertThatThrownBy(() ->
                        GgufWriter.create(folder.resolve("m.gguf"), none, List.of(TENSORS.get(0), TENSORS.get(0))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void splitSetsOpenByAnyFile() throws IOException {
        for (int i = 0; i < 2; i++) {
            Metadata metadata = Metadata.builder()
                    .putUint16("split.no", i)
                    .putUint16("split.count", 2)
                    .putInt32("split.tensors.count", 2)
                    .put("part", "p" + i)
                    .build();
            Path file = folder.resolve("m-0000" + (i + 1) + "-of-00002.gguf");
            TensorInfo tensor = GgufWriter.tensor("t" + i, TensorType.F32, 1);
            try (GgufWriter writer = GgufWriter.create(file, metadata, List.of(tensor))) {
                writer.write(MemorySegment.ofArray(new float[] {i}));
                writer.finish();
            }
        }
        Path second = folder.resolve("m-00002-of-00002.gguf");
        try (ModelFile model = ModelFile.open(second)) {
            assertThat(model.files()).hasSize(2);
            assertThat(model.tensors()).extracting(Tensor::name).containsExactly("t0", "t1");
            assertThat(((GgufFile) model).metadata().string("part")).contains("p0");
            assertThat(model.tensor("t1").orElseThrow().data().get(Metadata.FLOAT, 0))
                    .isEqualTo(1);
        }
        Files.move(second, folder.resolve("alone.gguf"));
        assertThatThrownBy(() -> ModelFile.open(folder.resolve("alone.gguf"))).hasMessageContaining("part 2 of 2");
        assertThatThrownBy(() -> ModelFile.open(folder.resolve("m-00001-of-00002.gguf")))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("m-00002-of-00002.gguf");
    }

    /** A file without tensors may state any power of two. */
    @Test
    void anAlignmentBeyondAllUseEndsInAMessage() throws IOException {
        Metadata metadata =
                Metadata.builder().putUint32("general.alignment", 1L << 31).build();
        assertThatThrownBy(() -> GgufWriter.create(folder.resolve("m.gguf"), metadata, TENSORS))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("2147483648");
        assertThat(names()).isEmpty();
    }
}
