package dev.glasshouse.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ids and decoded text of google/sentencepiece, for its own two test models. */
class SentencePieceOracleTest {
    @ParameterizedTest
    @CsvSource({"test_model.model, sp-test_model-unigram.jsonl", "test_ja_model.model, sp-test_ja_model.jsonl"})
    void idsAndTextEqualSentencePiece(String model, String oracle) {
        Tokenizer tokenizer = Tokenizer.ofSentencePieceModel(Oracle.resource(model));
        SoftAssertions softly = new SoftAssertions();
        int lines = 0;
        for (Oracle line : Oracle.read(oracle)) {
            softly.assertThat(tokenizer.encode(line.text(), false))
                    .as("ids of <%s>", line.text())
                    .isEqualTo(line.ids());
            softly.assertThat(tokenizer.decode(line.ids()))
                    .as("text of <%s>", line.text())
                    .isEqualTo(line.decoded());
            lines++;
        }
        assertThat(lines).isEqualTo(250);
        softly.assertAll();
    }
}
