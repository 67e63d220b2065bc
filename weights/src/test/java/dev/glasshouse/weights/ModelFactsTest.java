package dev.glasshouse.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFactsTest {
    @TempDir
    Path folder;

    @Test
    void factsOfAFileAndOfItsHeaderAreTheSame() throws IOException {
        Path path = TestFiles.path("stories260K-Q8_0.gguf");
        ModelFacts facts;
        try (ModelFile file = ModelFile.open(path)) {
            facts = ModelFacts.of(file);
        }
        assertThat(facts.format()).isEqualTo("GGUF v3");
        assertThat(facts.architecture()).contains("llama");
        assertThat(facts.fileType()).contains("Q8_0");
        assertThat(facts.layers()).hasValue(5);
        assertThat(facts.heads()).hasValue(8);
        assertThat(facts.keyValueHeads()).hasValue(4);
        assertThat(facts.embedding()).hasValue(64);
        assertThat(facts.vocabulary()).hasValue(512);
        assertThat(facts.tokenizer())
                .hasValueSatisfying(kind -> assertThat(kind).startsWith("llama"));
        assertThat(facts.chatTemplate()).isFalse();
        assertThat(facts.fileBytes()).isEqualTo(Files.size(path));
        assertThat(facts.licence().isKnown()).isFalse();
        assertThat(facts.licence().text()).isEqualTo("unknown");
        // 5 layers of 64·64·2 + 32·64·2 + 3·64·172 + 2·64, two matrices of 512·64, one norm of 64.
        assertThat(facts.parameters()).isEqualTo(5 * (8192 + 4096 + 33_024 + 128) + 2 * 32_768 + 64);
        assertThat(facts.types().stream()
                        .mapToLong(ModelFacts.TypeShare::parameters)
                        .sum())
                .isEqualTo(facts.parameters());
        byte[] prefix = Arrays.copyOf(Files.readAllBytes(path), 32_768);
        GgufHeader.Result header = GgufHeader.parse(MemorySegment.ofArray(prefix), OptionalLong.of(facts.fileBytes()));
        assertThat(ModelFacts.of(((GgufHeader.Complete) header).header(), facts.fileBytes()))
                .isEqualTo(facts);
    }

    @Test
    void licenceAndLineageComeFromTheFile() {
        Metadata metadata = Metadata.builder()
                .put("general.license", "other")
                .put("general.license.name", "gemma")
                .put("general.license.link", "https://ai.google.dev/gemma/terms")
                .putUint32("general.base_model.count", 2)
                .put("general.base_model.0.name", "Base")
                .put("general.base_model.0.organization", "Org")
                .put("general.base_model.0.repo_url", "https://example.org/base")
                .putUint32("general.dataset.count", 1)
                .put("general.dataset.0.name", "Stories")
                .build();
        ModelFacts facts = FactReading.gguf("GGUF v3", metadata, List.of(), 0);
        assertThat(facts.licence().text()).isEqualTo("gemma");
        assertThat(facts.lineage()).singleElement().satisfies(base -> {
            assertThat(base.name()).isEqualTo("Base");
            assertThat(base.link()).contains("https://example.org/base");
        });
        assertThat(facts.datasets()).containsExactly("Stories");
    }

    @Test
    void factsOfASafetensorsFolder() throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                "{\"model_type\":\"llama\",\"num_hidden_layers\":2,\"num_attention_heads\":4,\"hidden_size\":8,"
                        + "\"max_position_embeddings\":99,\"vocab_size\":16}");
        String trap = "x:" + " ".repeat(60_000) + "#\n"; // sharing these out in every way takes years
        Files.writeString(
                folder.resolve("README.md"), "---\n" + trap + "license: apache-2.0\nbase_model: a/b\n---\n# Card\n");
        byte[] header =
                "{\"w\":{\"dtype\":\"BF16\",\"shape\":[2,3],\"data_offsets\":[0,12]}}".getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(20 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        Files.write(folder.resolve("model.safetensors"), file.array());
        try (ModelFile model = ModelFile.open(folder)) {
            ModelFacts facts = ModelFacts.of(model);
            assertThat(facts.licence().text()).isEqualTo("apache-2.0");
            assertThat(facts.lineage()).extracting(ModelFacts.Ancestor::name).containsExactly("a/b");
            assertThat(facts.keyValueHeads()).hasValue(4);
            assertThat(facts.context()).hasValue(99);
            assertThat(facts.types()).containsExactly(new ModelFacts.TypeShare(TensorType.BF16, 1, 6, 12));
        }
    }

    /** The digest of "abc" is the example of FIPS 180-2. */
    @Test
    void digestOfAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");
        long[] seen = {0};
        assertThat(FileDigest.sha256(file, done -> seen[0] = done))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(seen[0]).isEqualTo(3);
    }
}
