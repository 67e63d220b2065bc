package dev.glasshouse.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReasoningSplitterTest {
    /** Reasoning and answer, the text being fed in pieces of one size. */
    private static List<String> split(String prompt, String answer, int size) {
        ReasoningSplitter splitter = ReasoningSplitter.after(prompt);
        List<ReasoningSplitter.Segment> segments = new ArrayList<>();
        for (int i = 0; i < answer.length(); i += size) {
            segments.addAll(splitter.accept(answer.substring(i, Math.min(answer.length(), i + size))));
        }
        segments.addAll(splitter.finish());
        StringBuilder reasoning = new StringBuilder();
        StringBuilder said = new StringBuilder();
        segments.forEach(segment -> (segment.reasoning() ? reasoning : said).append(segment.text()));
        return List.of(reasoning.toString(), said.toString());
    }

    @Test
    void splitsWhateverThePieces() {
        for (int size = 1; size < 40; size++) {
            assertThat(split("", "<think>\nfirst </b> second\n</think>\n\nThe answer.\n", size))
                    .containsExactly("first </b> second", "The answer.\n");
            assertThat(split("<|assistant|><think>\n", "I wonder</think>Yes", size))
                    .containsExactly("I wonder", "Yes");
            assertThat(split("", "No thoughts <think>here</think>", size))
                    .containsExactly("", "No thoughts <think>here</think>");
            assertThat(split("", "\n<think></think>x", size)).containsExactly("", "x");
            assertThat(split("", "<think>cut off</thi", size)).containsExactly("cut off</thi", "");
            assertThat(split("", "<thin", size)).containsExactly("", "<thin");
            assertThat(split("", "", size)).containsExactly("", "");
        }
    }

    @Test
    void textGoesOnAsSoonAsItIsCertain() {
        ReasoningSplitter splitter = ReasoningSplitter.after("");
        assertThat(splitter.accept("<thi")).isEmpty();
        assertThat(splitter.accept("nk>a b")).containsExactly(new ReasoningSplitter.Segment("a b", true));
        assertThat(splitter.accept(" </")).isEmpty();
        assertThat(splitter.accept("i> c")).containsExactly(new ReasoningSplitter.Segment(" </i> c", true));
        assertThat(splitter.accept("</think> ")).isEmpty();
        assertThat(splitter.accept("d")).containsExactly(new ReasoningSplitter.Segment("d", false));
    }
}
