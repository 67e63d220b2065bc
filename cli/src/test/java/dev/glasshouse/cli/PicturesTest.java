package dev.glasshouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jline.reader.EOFError;
import org.jline.reader.Parser;
import org.junit.jupiter.api.Test;

/** What is drawn and read at a terminal, without one. */
class PicturesTest {
    @Test
    void theBarFitsEveryWidth() {
        for (int width = 20; width <= 200; width++) {
            String line =
                    ProgressBar.line("pulling model.gguf", 62_000_000, 98_362_432, 11e6, OptionalLong.of(3), width);
            assertThat(line.length()).isLessThanOrEqualTo(width);
        }
        assertThat(ProgressBar.line("pulling m", 50, 100, 0, OptionalLong.empty(), 60))
                .isEqualTo("pulling m  50% ▕████████████████                ▏ 50 B/100 B");
    }

    @Test
    void numbersForPeople() {
        assertThat(ProgressBar.bytes(999)).isEqualTo("999 B");
        assertThat(ProgressBar.bytes(98_362_432)).isEqualTo("98.4 MB");
        assertThat(ProgressBar.bytes(999_999)).isEqualTo("1.00 MB");
        assertThat(ProgressBar.duration(59.6)).isEqualTo("1m00s");
        assertThat(ProgressBar.duration(7500)).isEqualTo("2h05m");
        assertThat(Numbers.parameters(134_515_008)).isEqualTo("134.5 M");
        assertThat(Numbers.parameters(1_235_814_432)).isEqualTo("1.24 B");
    }

    @Test
    void tokensAreVisible() {
        assertThat(TokenText.visible(" a\n\t".getBytes(StandardCharsets.UTF_8))).isEqualTo("␣a↵⇥");
        assertThat(TokenText.visible(new byte[] {(byte) 0xe4, (byte) 0xbd})).isEqualTo("⟨e4⟩⟨bd⟩");
        assertThat(TokenText.visible("\u001b[31m".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("⟨U+001B⟩[31m");
        assertThat(TokenText.visible("\u202e".getBytes(StandardCharsets.UTF_8))).isEqualTo("⟨U+202E⟩");
    }

    @Test
    void messagesOfSeveralLines() {
        ReplParser parser = new ReplParser();
        assertThatThrownBy(() -> parser.parse("\"\"\"one\ntwo", 3, Parser.ParseContext.ACCEPT_LINE))
                .isInstanceOf(EOFError.class);
        parser.parse("\"\"\"one\ntwo\"\"\"", 3, Parser.ParseContext.ACCEPT_LINE);
        assertThat(ReplParser.message("\"\"\"one\ntwo\"\"\"")).isEqualTo("one\ntwo");
        assertThat(ReplParser.message("  plain ")).isEqualTo("plain");
    }

    @Test
    void answersBreakBetweenWords() {
        WordWrap wrap = new WordWrap(10);
        String printed = wrap.accept("the qui") + wrap.accept("ck brown fo") + wrap.accept("x\n你好你好你好") + wrap.finish();
        assertThat(printed).isEqualTo("the quick \nbrown fox\n你好你好你\n好");
        WordWrap off = new WordWrap(0);
        assertThat(off.accept("a b c d e f g h")).isEqualTo("a b c d e f g h");
    }

    @Test
    void slashCommands() {
        assertThat(SlashCommand.of("/exit")).contains(SlashCommand.BYE);
        assertThat(SlashCommand.of("/SHOW info")).contains(SlashCommand.SHOW);
        assertThat(SlashCommand.of("/nothing")).isEmpty();
        assertThat(SlashCommand.SHOW.choices()).contains("info", "license", "template");
        assertThat(SlashCommand.rest("/set parameter top_k 5")).isEqualTo("parameter top_k 5");
    }
}
