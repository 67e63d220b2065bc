package dev.glasshouse.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BpeTrainerTest {
    private static final List<String> SPECIAL = List.of("<|end|>", "<|user|>", "<|assistant|>");

    static Stream<Json.ObjectValue> goldens() {
        return new String(Oracle.resource("bpe/goldens.jsonl"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> Json.parse(line).asObject());
    }

    private static TrainedTokenizer train(Json.ObjectValue golden, int threads) {
        String text = new String(
                Oracle.resource("bpe/" + golden.string("text").orElseThrow() + ".txt"), StandardCharsets.UTF_8);
        WordSplit split = golden.get("split").asString().equals("gpt2") ? WordSplit.GPT2 : WordSplit.LLAMA3;
        BpeOptions options = new BpeOptions(
                golden.get("vocabulary").asInt(),
                split,
                SPECIAL,
                golden.get("minimum").asLong(),
                Optional.of("<|end|>"),
                Optional.empty());
        return BpeTrainer.trainOnTexts(
                options, golden.get("lines").asBoolean() ? BpeTraining.lines(text) : Stream.of(text), threads);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void mergesAreThoseOfHuggingFace(Json.ObjectValue golden) throws Exception {
        TrainedTokenizer trained = train(golden, 1);
        List<String> merges = trained.merges();
        List<String> first =
                golden.array("first").orElseThrow().stream().map(Json::asString).toList();
        assertThat(merges.subList(0, first.size())).isEqualTo(first);
        assertThat(merges).hasSize(golden.get("merges").asInt());
        assertThat(trained.size()).isEqualTo(golden.get("entries").asInt());
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(String.join("\n", merges).getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo(golden.get("sha256").asString());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void threadsDoNotShow(Json.ObjectValue golden) {
        if (golden.get("lines").asBoolean()) {
            assertThat(train(golden, 3).tokenizerJson().write())
                    .isEqualTo(train(golden, 1).tokenizerJson().write());
        }
    }

    static Stream<Json.ObjectValue> goldensWithIds() {
        return goldens().filter(golden -> golden.find("ids").isPresent());
    }

    @ParameterizedTest
    @MethodSource("goldensWithIds")
    void everyFormGivesTheIdsOfHuggingFace(Json.ObjectValue golden) {
        TrainedTokenizer trained = train(golden, 1);
        List<Tokenizer> forms = List.of(
                trained.tokenizer(),
                Tokenizer.of(trained.metadata(Optional.of("{{ messages }}"))),
                Tokenizer.ofTokenizerJson(Json.parse(trained.tokenizerJson().pretty())),
                TrainedTokenizer.read(
                                Json.parse(trained.tokenizerJson().write()),
                                Json.parse(trained.configJson(Optional.of("{{ messages }}"))
                                        .write()))
                        .tokenizer());
        List<Json> cases = golden.array("ids").orElseThrow();
        assertThat(cases).hasSize(120);
        for (Tokenizer tokenizer : forms) {
            for (Json json : cases) {
                String text = json.asObject().get("text").asString();
                int[] ids = json.asObject().array("ids").orElseThrow().stream()
                        .mapToInt(Json::asInt)
                        .toArray();
                assertThat(tokenizer.encode(text, true)).as("%s", text).isEqualTo(ids);
                assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
            }
            // In text from users the names of special tokens are plain characters.
            assertThat(tokenizer.encode("<|end|>", false).length).isGreaterThan(1);
            assertThat(tokenizer.kind(0)).isEqualTo(TokenKind.CONTROL);
            assertThat(tokenizer.isEndOfGeneration(0)).isTrue();
            assertThat(tokenizer.addsBos()).isFalse();
        }
        assertThat(forms.get(1).eos()).hasValue(0);
        assertThat(forms.get(3).eos()).hasValue(0);
    }

    @Test
    void specialTokensInTrustedTextAreNotLearnt() {
        List<TextPart> chat = List.of(
                TextPart.control("<|user|>"),
                TextPart.plain("ab ab"),
                TextPart.control("<|end|>"),
                TextPart.plain("ab"));
        TrainedTokenizer trained =
                BpeTrainer.train(BpeOptions.of(300, WordSplit.GPT2, SPECIAL, "<|end|>"), Stream.of(chat, chat), 2);
        // "ab" (four times), then " ab".
        assertThat(trained.merges()).containsExactly("a b", "\u0120 ab");
        assertThat(trained.specialTokens()).isEqualTo(SPECIAL);
    }

    @Test
    void bytesOfATextAreNumberedInOrder() {
        TrainedTokenizer trained = BpeTrainer.bytesOf(
                Stream.of(List.of(TextPart.plain("hello\nworld é"))), List.of("<|end|>"), Optional.of("<|end|>"), 1);
        byte[] all = "\n dehlorw".getBytes(StandardCharsets.UTF_8);
        assertThat(trained.size()).isEqualTo(all.length + 2 + 1);
        for (Tokenizer tokenizer : List.of(trained.tokenizer(), Tokenizer.of(trained.metadata(Optional.empty())))) {
            for (int id = 0; id < all.length; id++) {
                assertThat(tokenizer.bytes(id)).isEqualTo(new byte[] {all[id]});
            }
            assertThat(tokenizer.encode("hold", false)).containsExactly(4, 6, 5, 2);
            assertThat(tokenizer.decode(tokenizer.encode("world é", false))).isEqualTo("world é");
            assertThat(tokenizer.eos()).hasValue(trained.size() - 1);
        }
    }

    @ParameterizedTest
    @MethodSource("goldensWithIds")
    void piecesHaveTheIdsOfTheText(Json.ObjectValue golden) {
        TrainedTokenizer trained = train(golden, 1);
        for (String name : List.of("code", "mixed", "tinystories")) {
            String text = new String(Oracle.resource("bpe/" + name + ".txt"), StandardCharsets.UTF_8);
            List<String> pieces = WordSplit.pieces(text, 7);
            assertThat(pieces).hasSizeGreaterThan(name.equals("mixed") ? 10 : 500);
            assertThat(String.join("", pieces)).isEqualTo(text);
            int[] joined = pieces.stream()
                    .flatMapToInt(piece -> IntStream.of(trained.tokenizer().encode(piece, false)))
                    .toArray();
            assertThat(joined).isEqualTo(trained.tokenizer().encode(text, false));
        }
    }

    @Test
    void aTextWithoutPairsGivesTheBytesAlone() {
        TrainedTokenizer trained = BpeTrainer.trainOnTexts(BpeOptions.of(1000), Stream.of("a", "", "b"), 2);
        assertThat(trained.size()).isEqualTo(257);
        assertThat(trained.tokenizer().encode("ab", false)).containsExactly(1 + 'a' - '!', 1 + 'b' - '!');
    }

    @Test
    void optionsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> BpeOptions.of(100))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("A vocabulary of 100 entries is not possible");
        assertThatThrownBy(() -> BpeOptions.of(300, WordSplit.GPT2, List.of("<|a|>"), "<|b|>"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("<|b|>");
        assertThatThrownBy(() -> BpeOptions.of(300, WordSplit.GPT2, List.of("<|a|>", "<|a|>"), "<|a|>"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> BpeOptions.of(300, WordSplit.GPT2, List.of("a"), "a"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("2 to 200 characters");
    }

    @Test
    void aTokenizerOfAnotherKindIsNotReadBack() {
        TrainedTokenizer trained = BpeTrainer.trainOnTexts(BpeOptions.of(260), Stream.of("aaaa"), 1);
        Json config = trained.configJson(Optional.empty());
        String json = trained.tokenizerJson().write();
        assertThatThrownBy(() -> TrainedTokenizer.read(Json.parse(json.replace("\"Ā\":", "\"Ā\":9")), config))
                .isInstanceOf(GlassException.class);
        assertThatThrownBy(() ->
                        TrainedTokenizer.read(Json.parse(json.replace("\"dropout\":null", "\"dropout\":0.1")), config))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("not one that this program trained");
    }

    @Test
    void theLongestWordDoesNotTakeForever() {
        // One word of 200,000 letters: every merge goes over it once.
        String text = IntStream.range(0, 200_000)
                .mapToObj(i -> String.valueOf((char) ('a' + i * 7 % 26)))
                .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
                .toString();
        TrainedTokenizer trained = BpeTrainer.trainOnTexts(BpeOptions.of(400), Stream.of(text), 1);
        assertThat(trained.tokenizer().decode(trained.tokenizer().encode(text, false)))
                .isEqualTo(text);
    }
}
