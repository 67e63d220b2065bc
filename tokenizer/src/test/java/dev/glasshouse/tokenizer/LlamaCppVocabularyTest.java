package dev.glasshouse.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.testkit.TestData;
import dev.glasshouse.weights.GgufFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** llama.cpp's own cases for its vocabularies: {@code .inp} holds texts, {@code .out} their ids. */
@Tag("real-model")
class LlamaCppVocabularyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "command-r",
                "deepseek-coder",
                "deepseek-llm",
                "falcon",
                "gemma-4",
                "gpt-2",
                "llama-bpe",
                "llama-spm",
                "mpt",
                "phi-3",
                "qwen2",
                "qwen35",
                "refact",
                "starcoder"
            })
    void idsEqualLlamaCpp(String name) throws Exception {
        Path folder = TestData.llamaCppSource().resolve("models");
        Path vocabulary = folder.resolve("ggml-vocab-" + name + ".gguf");
        String[] texts = Files.readString(Path.of(vocabulary + ".inp"), StandardCharsets.UTF_8)
                .split("\n__ggml_vocab_test__\n", -1);
        String[] lines = Files.readString(Path.of(vocabulary + ".out"), StandardCharsets.UTF_8)
                .split("\n", -1);
        Tokenizer tokenizer;
        try (GgufFile file = GgufFile.open(vocabulary)) {
            tokenizer = Tokenizer.of(file.metadata());
        }
        assertThat(lines.length).isGreaterThanOrEqualTo(40);
        SoftAssertions softly = new SoftAssertions();
        for (int i = 0; i < Math.min(texts.length, lines.length); i++) {
            int[] ids = Arrays.stream(lines[i].strip().split("\\s+"))
                    .filter(id -> !id.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            softly.assertThat(tokenizer.encode(texts[i], false))
                    .as("ids of <%s>", texts[i])
                    .isEqualTo(ids);
        }
        softly.assertAll();
    }
}
