package dev.glasshouse.cli;

import static dev.glasshouse.cli.Ran.glass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.glasshouse.weights.Json;
import org.junit.jupiter.api.Test;

/** {@code glass stories}: the same stories for the same seed, their marks and odds. */
class StoriesTest {
    @Test
    void aSeedAlwaysTellsTheSame() {
        String two = glass("stories", "-n", "2", "--seed", "5").out();
        assertThat(glass("stories", "-n", "2", "--seed", "5").out()).isEqualTo(two);
        assertThat(glass("stories", "-n", "2", "--seed", "6").out()).isNotEqualTo(two);
        assertThat(two).endsWith(glass("stories", "--from", "1", "--seed", "5").out());
        assertThat(two).doesNotContain("<|");
    }

    @Test
    void piecesMakeUpTheTextAndTheirBitsItsInformation() {
        Json.ObjectValue story = Json.parse(glass("stories", "--json").out()).asObject();
        StringBuilder text = new StringBuilder();
        double bits = 0;
        for (Json piece : story.get("pieces").asArray()) {
            text.append(piece.asObject().get("text").asString());
            bits += piece.asObject().get("bits").asDouble();
        }
        assertThat(text.toString()).isEqualTo(story.get("text").asString());
        assertThat(bits).isCloseTo(story.get("bits").asDouble(), offset(1e-6)); // a sum in another order
    }

    @Test
    void whatMayComeNextHasItsOdds() {
        Json.ObjectValue next = Json.parse(glass("stories", "--after", "<|user|>Tell me a story about ", "--json")
                        .out())
                .asObject();
        double sum = next.get("next").asArray().stream()
                .mapToDouble(each -> each.asObject().get("p").asDouble())
                .sum();
        assertThat(sum).isCloseTo(1, offset(1e-9));
        Ran none = glass("stories", "--after", "The weather report");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).startsWith("glass: ");
    }

    @Test
    void theMarksLeaveTheTextAsItIs() {
        String marked = glass("stories", "--odds").out();
        assertThat(marked).contains("[").contains("all else had to come");
        assertThat(marked.lines().filter(line -> line.length() > 80)).isEmpty();
        String plain = marked.substring(0, marked.stripTrailing().lastIndexOf('\n'))
                .replaceAll("][₀-₉·]+", "")
                .replaceAll("[\\[\\]]", "")
                .replaceAll("\\s+", " ")
                .strip();
        assertThat(plain)
                .isEqualTo(glass("stories").out().replaceAll("\\s+", " ").strip());
    }
}
