package dev.glasshouse.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.weights.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Megabytes of text, also of one repeated character: work that grows with the square of the length would not end here within a build
 * (10¹¹ steps and more); what is asserted is the answer.
 */
class LongTextTest {
    private static final int LENGTH = 1 << 20;

    /** A byte-level vocabulary of all bytes and of runs of 2, 4 … 64 of some of them. */
    private static Tokenizer byteLevel(String pre) {
        List<String> tokens = new ArrayList<>();
        List<String> merges = new ArrayList<>();
        for (int c = 0; c < 0x144; c++) {
            boolean letter =
                    (c >= 0x21 && c <= 0x7E) || (c >= 0xA1 && c <= 0xAC) || (c >= 0xAE && c <= 0xFF) || c >= 0x100;
            if (letter) {
                tokens.add(Character.toString(c));
            }
        }
        for (String start : List.of("a", "1", "\u0120", "\u010A", "!", "A")) {
            String run = start;
            for (int i = 0; i < 6; i++) {
                merges.add(run + " " + run);
                run = run + run;
                tokens.add(run);
            }
        }
        return Tokenizer.of(Metadata.builder()
                .put("tokenizer.ggml.model", "gpt2")
                .put("tokenizer.ggml.pre", pre)
                .putStrings("tokenizer.ggml.tokens", tokens)
                .putStrings("tokenizer.ggml.merges", merges)
                .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-2",
                "llama-bpe",
                "qwen2",
                "gpt-4o",
                "tekken",
                "smollm",
                "deepseek-v3",
                "deepseek-llm",
                "default",
                "tiny_aya",
                "superbpe",
                "falcon",
                "exaone-moe",
                "kimi-k2"
            })
    void oneRepeatedCharacter(String pre) {
        Tokenizer tokenizer = byteLevel(pre);
        for (String unit : List.of("a", "A", "1", " ", "\n", "!", "aA", " a", "\u4e2d", "'")) {
            String text = unit.repeat(LENGTH / 4) + "x";
            assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(text);
        }
    }

    @Test
    void oneWordOfAMillionBytesMergesIntoTheLongestEntries() {
        int[] ids = byteLevel("llama-bpe").encode("a".repeat(LENGTH), false);
        assertThat(ids).hasSize(LENGTH / 64);
    }

    @Test
    void sentencePieceAndUnigram() {
        for (String model : List.of("test_model.model", "test_ja_model.model")) {
            Tokenizer tokenizer = Tokenizer.ofSentencePieceModel(Oracle.resource(model));
            for (String unit : List.of("a", " ", "the ", "\u65e5\u672c", "\uD83D\uDE80")) {
                assertThat(tokenizer.encode(unit.repeat(LENGTH / unit.length()), false).length)
                        .isLessThanOrEqualTo(4 * LENGTH);
            }
        }
    }
}
