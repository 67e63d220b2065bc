package dev.glasshouse.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of tokenizer.json on vocabularies small enough to see the answer. */
class JsonTokenizerTest {
    private static final String UNIGRAM = """
            {"added_tokens": [
               {"id": 0, "content": "<unk>", "special": true},
               {"id": 7, "content": "<sep>", "special": true, "lstrip": true, "rstrip": true},
               {"id": 8, "content": "or", "special": false, "single_word": true},
               {"id": 9, "content": "<|role|>", "special": false}],
             "normalizer": {"type": "Sequence", "normalizers": [
               {"type": "NFKC"}, {"type": "Lowercase"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
             "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
             "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
             "post_processor": {"type": "TemplateProcessing",
               "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "<sep>", "type_id": 0}}],
               "special_tokens": {"<sep>": {"id": "<sep>", "ids": [7], "tokens": ["<sep>"]}}},
             "model": {"type": "Unigram", "unk_id": 0, "vocab": [
               ["<unk>", 0], ["▁", -5], ["▁ab", -2.5], ["a", -2], ["b", -2], ["▁a", -1], ["f", -4]]}}
            """;

    private final Tokenizer unigram = Tokenizer.ofTokenizerJson(Json.parse(UNIGRAM));

    @Test
    void unigramTakesTheBestPath() {
        // "▁ab" costs 2.5, "▁a" and "b" together 3.
        assertThat(unigram.encode("ab", false)).containsExactly(2);
        // ﬀ is "ff" in NFKC; A is lower-cased; a run of unknown characters is one id.
        assertThat(unigram.encode("A \uFB00", false)).containsExactly(5, 1, 6, 6);
        assertThat(unigram.encode("axyz", false)).containsExactly(5, 0);
        assertThat(unigram.decode(new int[] {5, 4, 2})).isEqualTo("ab ab");
    }

    @Test
    void addedTokensSwallowSpaceAndMindWords() {
        assertThat(unigram.encode("a  <sep>  b", true)).containsExactly(5, 7, 1, 4);
        assertThat(unigram.encode("b or b", false)).containsExactly(1, 4, 1, 8, 1, 4);
        assertThat(unigram.encode("bor", false)).doesNotContain(8);
    }

    @Test
    void whatLooksLikeAControlTokenIsHeldBackFromUntrustedText() {
        assertThat(unigram.kind(9)).isEqualTo(TokenKind.USER_DEFINED);
        assertThat(unigram.encode("<|role|>", true)).containsExactly(9);
        assertThat(unigram.encode("<|role|><sep>", false)).doesNotContain(7, 9);
    }

    @Test
    void endsComeFromThePostProcessorAndTheConfig() {
        assertThat(unigram.encode(List.of(TextPart.plain("a")), true)).containsExactly(5, 7);
        assertThat(unigram.encode(List.of(TextPart.plain("a"), TextPart.control("<sep>")), true))
                .containsExactly(5, 7);
        assertThat(unigram.addsBos()).isFalse();
        Json config = Json.parse(
                "{\"bos_token\": {\"content\": \"<unk>\"}, \"add_bos_token\": true, \"add_eos_token\": false, \"eos_token\": \"<sep>\"}");
        Tokenizer configured = Tokenizer.ofTokenizerJson(Json.parse(UNIGRAM), config);
        assertThat(configured.encode(List.of(TextPart.plain("a")), true)).containsExactly(0, 5);
        assertThat(configured.endOfGeneration()).containsExactly(7);
    }

    @Test
    void everyNameThatEndsAGenerationDoes() {
        assertThat(ends("<|im_start|>", "<|im_end|>", "<|endoftext|>", "x")).containsExactly(2, 3);
        assertThat(ends("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<end_of_turn>"))
                .containsExactly(1, 2, 3, 4);
        // gpt-oss: <|end|> closes a message, not the answer.
        assertThat(ends("<|end|>", "<|return|>", "<|call|>")).containsExactly(2, 3);
        assertThat(ends("<|end|>", "<|user|>")).containsExactly(1);
    }

    private static int[] ends(String... names) {
        StringBuilder added = new StringBuilder();
        for (int i = 0; i < names.length; i++) {
            added.append(i == 0 ? "" : ",")
                    .append("{\"id\":" + (i + 1) + ",\"special\":true,\"content\":\"" + names[i] + "\"}");
        }
        return Tokenizer.ofTokenizerJson(Json.parse("{\"added_tokens\":[" + added
                        + "],\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}"))
                .endOfGeneration();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {}}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 16000000}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"ab\"]}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [1]}}",
                "{\"added_tokens\": [3], \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}}",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\"]]}}",
                "{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}}, \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}}",
                "{\"normalizer\": {\"type\": \"Nothing\"}, \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}}"
            })
    void brokenFilesEndInAMessage(String json) {
        assertThatThrownBy(() -> Tokenizer.ofTokenizerJson(Json.parse(json))).isInstanceOf(GlassException.class);
    }

    @Test
    void aPatternThatExplodesEndsInAMessage() {
        Tokenizer tokenizer = Tokenizer.ofTokenizerJson(Json.parse(
                "{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(a*)*(a*)*(a*)*b\"}, \"behavior\": \"Isolated\"},"
                        + " \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}}"));
        assertThatThrownBy(() -> tokenizer.encode("a".repeat(5_000), false))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("pattern");
    }

    @Test
    void patternsOfNormalizersReplaceAndCannotHang() {
        String model = "\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1}, \"merges\": []}}";
        String replace =
                "{\"normalizer\": {\"type\": \"Replace\", \"content\": \"b\", \"pattern\": {\"Regex\": \"%s\"}}, ";
        Tokenizer plain = Tokenizer.ofTokenizerJson(Json.parse(replace.formatted("[$x]") + model));
        assertThat(plain.encode("a$xa", false)).containsExactly(0, 1, 1, 0);
        Tokenizer trap = Tokenizer.ofTokenizerJson(Json.parse(replace.formatted("(a*)*(a*)*(a*)*b") + model));
        assertThatThrownBy(() -> trap.encode("a".repeat(5_000), false))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("pattern");
    }

    @Test
    void aPatternNestedTooDeeplyEndsInAShortMessage() {
        String regex = "(".repeat(200_000) + "a" + ")".repeat(200_000);
        assertThatThrownBy(() -> RegexSplitter.compile(regex))
                .isInstanceOf(GlassException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
    }

    @Test
    void anUnusedEntryIsAStepOnTheWayOnly() {
        Entries entries = new Entries(5);
        String[] names = {"a", "b", "c", "ab", "abc"};
        for (int id = 0; id < names.length; id++) {
            entries.names[id] = names[id];
            entries.scores[id] = -id;
        }
        entries.kinds[4] = TokenKind.UNUSED;
        Vocabulary vocabulary = entries.sentencePiece("");
        IntList ids = new IntList();
        new ScoredPairModel(vocabulary, -1, false).encode(new byte[] {'a', 'b', 'c'}, 0, 3, new Workspace(), ids);
        assertThat(ids.toArray()).containsExactly(3, 2);
    }
}
