package dev.glasshouse.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelFileTest {
    @Test
    void readsAnOrdinaryFile() {
        Tensor query;
        try (GgufFile file = GgufFile.open(TestFiles.path("stories260K-Q4_0.gguf"))) {
            assertThat(file.metadata().string("general.architecture")).contains("llama");
            assertThat(file.metadata().integer("llama.embedding_length")).hasValue(64);
            assertThat(file.metadata().integer("none")).isEmpty();
            assertThat(file.metadata().strings("tokenizer.ggml.tokens").orElseThrow())
                    .hasSize(512)
                    .startsWith("<unk>", "<s>", "</s>");
            assertThat(file.metadata().describe("tokenizer.ggml.token_type").orElseThrow())
                    .endsWith("… 512 in all]");
            assertThatThrownBy(() -> file.metadata().integer("general.architecture"))
                    .isInstanceOf(GlassException.class)
                    .hasMessage("The metadata key general.architecture should hold an integer but holds a value of type"
                            + " string.");
            query = file.tensor("blk.0.attn_q.weight").orElseThrow();
            assertThat(query.type()).isEqualTo(TensorType.Q4_0);
            assertThat(query.columns()).isEqualTo(64);
            assertThat(query.data().byteSize()).isEqualTo(64 * 64 / 32 * 18);
            assertThat(file.tensor("none")).isEmpty();
        }
        MemorySegment closed = query.data();
        assertThatThrownBy(() -> closed.get(Metadata.INT, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void namesASplitSet() {
        assertThat(GgufFile.namesOfSet("m-00002-of-00003.gguf"))
                .containsExactly("m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf");
        assertThat(GgufFile.namesOfSet("m-00004-of-00003.gguf")).containsExactly("m-00004-of-00003.gguf");
        assertThat(GgufFile.namesOfSet("m.gguf")).containsExactly("m.gguf");
    }

    @Test
    void builtMetadataReadsBack() {
        Metadata metadata = Metadata.builder()
                .put("s", "žluť")
                .putUint32("u", 0xFFFF_FFFFL)
                .putInt32("i", -5)
                .putFloat32("f", 1.5f)
                .put("b", true)
                .putStrings("ss", List.of("a", "", "🦙"))
                .putInt32s("is", 1, -2)
                .putFloat32s("fs", 1, Float.NaN)
                .build();
        assertThat(metadata.keys()).containsExactly("s", "u", "i", "f", "b", "ss", "is", "fs");
        assertThat(metadata.string("s")).contains("žluť");
        assertThat(metadata.integer("u")).hasValue(0xFFFF_FFFFL);
        assertThat(metadata.number("i")).hasValue(-5);
        assertThat(metadata.number("f")).hasValue(1.5);
        assertThat(metadata.bool("b")).contains(true);
        assertThat(metadata.strings("ss").orElseThrow()).containsExactly("a", "", "🦙");
        assertThat(metadata.integers("is").orElseThrow()).containsExactly(1, -2);
        assertThatThrownBy(() -> metadata.floats("fs")).hasMessageContaining("not a finite number");
        assertThat(metadata.describe("ss")).contains("[\"a\", \"\", \"🦙\"]");
    }
}
