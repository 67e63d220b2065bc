package dev.glasshouse.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizerTest {
    @TempDir
    Path folder;

    private static void quantize(Path source, Path target, String type) {
        Quantizer.quantize(source, target, Quantizer.Recipe.parse(type), (tensor, done, total) -> {});
    }

    /** The oracle files were made by llama-quantize from the same F32 file. */
    @ParameterizedTest
    @CsvSource({"Q8_0, 7", "Q4_0, 2"})
    void storiesEqualsLlamaQuantize(String type, int fileType) {
        Path target = folder.resolve("q.gguf");
        quantize(TestFiles.path("stories260K.gguf"), target, type);
        try (GgufFile ours = GgufFile.open(target);
                GgufFile theirs = GgufFile.open(TestFiles.path("stories260K-" + type + ".gguf"))) {
            assertThat(ours.tensors()).hasSameSizeAs(theirs.tensors());
            for (Tensor expected : theirs.tensors()) {
                Tensor tensor = ours.tensor(expected.name()).orElseThrow();
                assertThat(tensor.type()).as(tensor.name()).isEqualTo(expected.type());
                assertThat(tensor.data().mismatch(expected.data()))
                        .as(tensor.name())
                        .isEqualTo(-1);
            }
            assertThat(ours.metadata().integer("general.file_type")).hasValue(fileType);
            assertThat(ours.metadata().integer("general.quantization_version")).hasValue(2);
            assertThat(ours.metadata().keys()).containsAll(theirs.metadata().keys());
        }
    }

    /** A Llama of 9 layers, width 256, with seeded weights; no block of 256 divides the rows of its down projections. */
    static void writeModel(Path file, boolean tied) {
        Metadata metadata = Metadata.builder()
                .put("general.architecture", "llama")
                .putUint32("llama.block_count", 9)
                .putUint32("llama.context_length", 64)
                .putUint32("llama.embedding_length", 256)
                .putUint32("llama.feed_forward_length", 288)
                .putUint32("llama.attention.head_count", 4)
                .putFloat32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .putUint32("general.file_type", 0)
                .build();
        List<TensorInfo> tensors = new ArrayList<>();
        tensors.add(GgufWriter.tensor("token_embd.weight", TensorType.F32, 256, 32));
        for (int layer = 0; layer < 9; layer++) {
            String block = "blk." + layer + ".";
            tensors.add(GgufWriter.tensor(block + "attn_norm.weight", TensorType.F32, 256));
            for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
                tensors.add(GgufWriter.tensor(block + name + ".weight", TensorType.F32, 256, 256));
            }
            tensors.add(GgufWriter.tensor(block + "ffn_norm.weight", TensorType.F32, 256));
            tensors.add(GgufWriter.tensor(block + "ffn_gate.weight", TensorType.F32, 256, 288));
            tensors.add(GgufWriter.tensor(block + "ffn_up.weight", TensorType.F32, 256, 288));
            tensors.add(GgufWriter.tensor(block + "ffn_down.weight", TensorType.F32, 288, 256));
        }
        tensors.add(GgufWriter.tensor("output_norm.weight", TensorType.F32, 256));
        if (!tied) {
            tensors.add(GgufWriter.tensor("output.weight", TensorType.F32, 256, 32));
        }
        long state = 1;
        try (GgufWriter writer = GgufWriter.create(file, metadata, tensors)) {
            for (TensorInfo tensor : tensors) {
                float[] values = new float[(int) tensor.elements()];
                for (int i = 0; i < values.length; i++) {
                    float sum = 0;
                    for (int j = 0; j < 4; j++) {
                        state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
                        sum += (state >>> 40) * 0x1p-24f;
                    }
                    values[i] = (sum - 2) * 0.1f;
                }
                writer.write(MemorySegment.ofArray(values));
            }
            writer.finish();
        }
    }

    /** Types and bytes of all tensors, sorted by name. */
    static String digest(Path file) {
        try (GgufFile model = GgufFile.open(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            model.tensors().stream().sorted(Comparator.comparing(Tensor::name)).forEach(tensor -> {
                digest.update((byte) tensor.type().id());
                digest.update(tensor.data().toArray(ValueLayout.JAVA_BYTE));
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void backToF32AndF16() {
        Path source = TestFiles.path("stories260K-Q4_0.gguf");
        Path wide = folder.resolve("f32.gguf");
        quantize(source, wide, "f32");
        try (GgufFile from = GgufFile.open(source);
                GgufFile to = GgufFile.open(wide)) {
            for (Tensor tensor : to.tensors()) {
                assertThat(tensor.type()).isEqualTo(TensorType.F32);
                Tensor old = from.tensor(tensor.name()).orElseThrow();
                float[] expected = new float[(int) old.elements()];
                TensorCodec.unpack(old.type(), old.data(), 0, expected, 0, expected.length);
                assertThat(tensor.data().toArray(Metadata.FLOAT)).isEqualTo(expected);
            }
        }
        Path half = folder.resolve("f16.gguf");
        quantize(TestFiles.path("stories260K.gguf"), half, "F16");
        try (GgufFile to = GgufFile.open(half)) {
            assertThat(to.tensor("blk.0.attn_q.weight").orElseThrow().type()).isEqualTo(TensorType.F16);
            assertThat(to.tensor("blk.0.attn_norm.weight").orElseThrow().type()).isEqualTo(TensorType.F32);
        }
    }

    @Test
    void refusesWhatCannotBe() throws IOException {
        assertThatThrownBy(() -> Quantizer.Recipe.parse("Q9"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("Q4_K_M");
        assertThat(Quantizer.Recipe.parse("q4_k")).isEqualTo(Quantizer.Recipe.Q4_K_M);
        Path copy = Files.copy(TestFiles.path("stories260K.gguf"), folder.resolve("m.gguf"));
        assertThatThrownBy(() -> quantize(copy, copy, "Q8_0")).hasMessageContaining("is the file to be read");
    }

    @ParameterizedTest
    @CsvSource({"NaN, Q8_0, a.weight holds NaN as value 5", "1e30, Q4_0, cannot hold; choose F32 or BF16"})
    void refusesNumbersThatCannotBeKept(float number, String type, String message) {
        Path bad = folder.resolve("bad.gguf");
        try (GgufWriter writer = GgufWriter.create(
                bad, Metadata.builder().build(), List.of(GgufWriter.tensor("a.weight", TensorType.F32, 32, 2)))) {
            float[] values = new float[64];
            values[5] = number;
            writer.write(MemorySegment.ofArray(values));
            writer.finish();
        }
        assertThatThrownBy(() -> quantize(bad, folder.resolve("out.gguf"), type))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining(message);
        assertThat(folder.resolve("out.gguf")).doesNotExist();
        assertThat(folder.resolve("out.gguf.partial")).doesNotExist();
    }

    /** Digests of the files that llama-quantize (llama.cpp 0.5.0) makes of the same models. */
    @ParameterizedTest
    @CsvSource({
        "tied, F16, 1c04889f28ddf85999477b70e46833175de6b64476d7d9e05548c8c7c462bbed",
        "tied, BF16, 14d9ca199baba18e6a3e7ff5738c35f9b59ec535429556660cd805ddde054ea5",
        "tied, Q8_0, 02606f4d1426553f8e26e807c046067c9dd942b4c0449f1974f4e46bd4b4c558",
        "tied, Q4_0, 6745a4ab4df0c3c98fc4969038673c9babda00dbcd76151d02dbbeb6ea5f5815",
        "tied, Q4_1, 01c90d17ce794b5e9ed0f223e912683ddccc656290b519476c43a943f8ba3640",
        "tied, Q5_0, 4eeb01d8c28e63f3a8eb433b4fe4596280801e37fe8fc84f93e31d23c1555dea",
        "tied, Q5_1, dd9ed9b088863d8264c9c026b132980c698c8d18ee22abd06a535660eeb8005b",
        "tied, Q4_K_S, c6bbd00164241bafe64e3972a509547db1b9ec54d153e1c5a3ad2978844efe20",
        "tied, Q4_K_M, b83b316dbfe46b8dc6476a17439ea90d76cd781bfa65ad921498d916bdbd7045",
        "tied, Q5_K_S, b131501e4f97d94cee8a55b79a6dabbc80f74c70da8a241f90a3ed18f2295987",
        "tied, Q5_K_M, d0707e228ff630ab28a431dd10675d8cd3151571df38423aea9e9c03239c461c",
        "tied, Q6_K, 6323148d4fdd8aebb7ac3d93ca30433bfd3fd417df75da4be5ace46e312de8b1",
        "untied, Q4_0, 108c51188ee1c46952ab5d893b77841b87ee19bc57d74c8da6872e2def880356",
        "untied, Q4_K_M, 7003a064c25e80a2b4c76d92cdcd394e2772edc193f4e58f2c819f80808e6032"
    })
    void everyRecipeEqualsLlamaQuantize(String kind, String type, String digest) {
        Path source = folder.resolve("source.gguf");
        Path target = folder.resolve("target.gguf");
        writeModel(source, kind.equals("tied"));
        quantize(source, target, type);
        assertThat(digest(target)).isEqualTo(digest);
        try (GgufFile file = GgufFile.open(target)) {
            assertThat(ModelFacts.of(file).fileType()).contains(type);
        }
    }
}
