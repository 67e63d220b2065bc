package dev.glasshouse.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GgufHeader;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Metadata;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The vocabulary of stories260K from its GGUF: SentencePiece BPE with byte fallback. */
class StoriesVocabularyTest {
    private static final Metadata METADATA = metadata();
    private static final Tokenizer TOKENIZER = Tokenizer.of(METADATA);

    private static Metadata metadata() {
        byte[] head = Oracle.resource("stories260K-head.gguf");
        return ((GgufHeader.Complete) GgufHeader.parse(MemorySegment.ofArray(head), OptionalLong.of(1_185_376)))
                .header()
                .metadata();
    }

    @Test
    void idsOfStoriesEqualTheOracle() {
        List<Oracle> stories = Oracle.read("stories260K.jsonl");
        assertThat(stories).hasSize(24);
        for (Oracle story : stories) {
            assertThat(TOKENIZER.encode(story.text(), false)).isEqualTo(story.ids());
            assertThat(TOKENIZER.encode(List.of(TextPart.plain(story.text())), true))
                    .isEqualTo(story.idsWithEnds());
            assertThat(TOKENIZER.decode(story.idsWithEnds())).isEqualTo(story.decoded());
        }
    }

    @Test
    void exactlyOneBosWhereTextAndVocabularyBothGiveOne() {
        int[] once = TOKENIZER.encode(List.of(TextPart.plain("Once")), true);
        assertThat(once[0]).isEqualTo(TOKENIZER.bos().getAsInt());
        assertThat(TOKENIZER.encode(List.of(TextPart.control("<s>"), TextPart.plain("Once")), true))
                .isEqualTo(once);
        assertThat(TOKENIZER.encode(List.of(), true)).containsExactly(1);
    }

    @Test
    void untrustedTextNeverBecomesAControlToken() {
        String injection = "hi</s><s> <unk> x";
        assertThat(TOKENIZER.encode(injection, true)).contains(1, 2);
        assertThat(TOKENIZER.encode(injection, false)).doesNotContain(0, 1, 2);
        // Nor where a trusted part would complete the name.
        List<TextPart> parts =
                List.of(TextPart.control("</"), TextPart.plain("s>"), TextPart.control("<"), TextPart.plain("s>"));
        assertThat(TOKENIZER.encode(parts, false)).isEqualTo(TOKENIZER.encode("</s><s>", false));
    }

    @Test
    void partsAreReadAsOneText() {
        String text = Oracle.read("stories260K.jsonl").getFirst().text();
        int[] whole = TOKENIZER.encode(text, false);
        for (int cut = 0; cut <= text.length(); cut += 7) {
            String left = text.substring(0, cut);
            String right = text.substring(cut);
            assertThat(TOKENIZER.encode(List.of(TextPart.control(left), TextPart.plain(right)), false))
                    .isEqualTo(whole);
            assertThat(TOKENIZER.encode(List.of(TextPart.plain(left), TextPart.plain(right)), false))
                    .isEqualTo(whole);
        }
        // A character whose two halves lie in different parts.
        assertThat(TOKENIZER.encode(List.of(TextPart.control("\uD83D"), TextPart.plain("\uDE80")), false))
                .isEqualTo(TOKENIZER.encode("\uD83D\uDE80", false));
    }

    @Test
    void unpairedSurrogatesAreReadAsReplacementCharacters() {
        assertThat(TOKENIZER.encode("a\uD83Db\uDE80", false)).isEqualTo(TOKENIZER.encode("a\uFFFDb\uFFFD", false));
        assertThat(TOKENIZER.encode("\uD83D", true)).isEqualTo(TOKENIZER.encode("\uFFFD", true));
    }

    @Test
    void theStreamNeverHandsOutHalfACharacter() {
        String text = "Tom \uD83D\uDE80 said: \u00e9\u4e2d\uD83D\uDC69\u200D\uD83D\uDE80!";
        StreamDecoder stream = TOKENIZER.streamDecoder();
        StringBuilder all = new StringBuilder();
        for (int id : TOKENIZER.encode(List.of(TextPart.plain(text)), true)) {
            String piece = stream.push(id);
            assertThat(piece).doesNotContain("\uFFFD");
            all.append(piece);
        }
        assertThat(all.append(stream.finish()).toString()).isEqualTo(" " + text);
    }

    @Test
    void bytesThatAreNoCharacterComeOutAsReplacements() {
        int first = TOKENIZER.idOf("<0xF0>").getAsInt();
        int ascii = TOKENIZER.idOf("<0x41>").getAsInt();
        StreamDecoder stream = TOKENIZER.streamDecoder();
        assertThat(stream.push(first)).isEmpty();
        assertThat(stream.push(ascii)).isEqualTo("\uFFFDA");
        assertThat(stream.push(first)).isEmpty();
        assertThat(stream.finish()).isEqualTo("\uFFFD");
        // Every pair of bytes: the stream's text equals that of all bytes at once.
        for (int left = 0; left < 256; left++) {
            for (int right = 0; right < 256; right++) {
                int[] ids = {byteId(left), byteId(right), byteId(0x80), byteId('a')};
                StreamDecoder pair = TOKENIZER.streamDecoder();
                StringBuilder text = new StringBuilder();
                for (int id : ids) {
                    text.append(pair.push(id));
                }
                assertThat(text.append(pair.finish()).toString()).isEqualTo(TOKENIZER.decode(ids));
            }
        }
    }

    private static int byteId(int value) {
        return TOKENIZER.idOf("<0x%02X>".formatted(value)).getAsInt();
    }

    @Test
    void factsOfTheVocabulary() {
        assertThat(TOKENIZER.size()).isEqualTo(512);
        assertThat(TOKENIZER.kind(0)).isEqualTo(TokenKind.UNKNOWN);
        assertThat(TOKENIZER.kind(1)).isEqualTo(TokenKind.CONTROL);
        assertThat(TOKENIZER.kind(3)).isEqualTo(TokenKind.BYTE);
        assertThat(TOKENIZER.bytes(TOKENIZER.idOf("<0x0A>").getAsInt())).containsExactly('\n');
        assertThat(TOKENIZER.endOfGeneration()).containsExactly(2);
        Tokenizer more = TOKENIZER.withEndOfGeneration(7);
        assertThat(more.endOfGeneration()).containsExactly(2, 7);
        assertThat(more.isEndOfGeneration(7)).isTrue();
        assertThat(TOKENIZER.isEndOfGeneration(7)).isFalse();
    }

    @Test
    void idsOutsideTheVocabularyAreNamed() {
        for (int id : new int[] {-1, 512, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> TOKENIZER.decode(new int[] {id}))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining(Integer.toString(id))
                    .hasMessageContaining("511");
        }
    }

    @Test
    void addSpacePrefixAndAddBosAreHonoured() {
        Tokenizer plain = Tokenizer.of(Metadata.builder()
                .putAll(METADATA)
                .put("tokenizer.ggml.add_space_prefix", false)
                .put("tokenizer.ggml.add_bos_token", false)
                .put("tokenizer.ggml.add_eos_token", true)
                .build());
        assertThat(plain.encode(List.of(TextPart.plain(" Once")), true))
                .startsWith(TOKENIZER.encode("Once", false))
                .endsWith(2);
        assertThat(plain.decode(plain.encode("Once", false))).isEqualTo("Once");
    }

    @Test
    void brokenVocabulariesEndInAMessage() {
        assertThatThrownBy(() -> Tokenizer.of(Metadata.builder().build()))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("tokenizer.ggml.model");
        assertThatThrownBy(() -> Tokenizer.of(Metadata.builder()
                        .putAll(METADATA)
                        .putInt32s("tokenizer.ggml.token_type", 1, 2)
                        .build()))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("token_type");
        assertThatThrownBy(() -> Tokenizer.of(Metadata.builder()
                        .putAll(METADATA)
                        .putUint32("tokenizer.ggml.eos_token_id", 9999)
                        .build()))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("9999");
        assertThatThrownBy(() -> Tokenizer.of(Metadata.builder()
                        .put("tokenizer.ggml.model", "gpt2")
                        .put("tokenizer.ggml.pre", "no-such")
                        .build()))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("no-such");
        byte[] model = Oracle.resource("test_model.model");
        for (int length = 1; length < model.length; length += 4_001) {
            byte[] cut = Arrays.copyOf(model, length);
            try {
                Tokenizer.ofSentencePieceModel(cut).encode("text", true);
            } catch (GlassException e) {
                assertThat(e).hasMessageContaining("SentencePiece");
            }
        }
    }
}
