package dev.glasshouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a training looks like on a terminal and elsewhere. */
class TrainingScreenTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private TrainingScreen screen(boolean terminal, Canvas canvas, long steps) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new TrainingScreen(
                new Console(stream, stream, terminal, terminal, terminal, canvas.width(), canvas), steps);
    }

    private static Canvas canvas(int width) {
        return new Canvas(width, ColourLevel.NONE, true);
    }

    private static void train(TrainingScreen screen, int to) {
        for (int step = 1; step <= to; step++) {
            screen.step(step, 1.5 + 5.0 / step, 12_345, 75);
        }
    }

    @Test
    void thePictureOfATrainingThatIsOnItsWay() throws IOException {
        TrainingScreen screen = screen(true, canvas(80), 300);
        train(screen, 200);
        screen.validation(200, 1.61, 0.812);
        screen.sample(
                200,
                "Once upon a time",
                " there was a fox\nwho lived by the river and never left it, not even in winter.");
        Goldens.assertPicture("training-80", screen.lines());
        assertThat(screen.lines()).allMatch(line -> Columns.of(line) < 80);
    }

    @Test
    void inAsciiAndNarrow() throws IOException {
        TrainingScreen screen = screen(true, canvas(44).withoutUnicode(), 300);
        train(screen, 300);
        List<String> lines = screen.lines();
        assertThat(String.join("", lines)).matches("\\p{ASCII}*");
        assertThat(lines).allMatch(line -> line.length() < 44);
        Goldens.assertPicture("training-ascii", lines);
    }

    @Test
    void theFirstStepsAndALossThatNeverMovesAreDrawnToo() {
        TrainingScreen screen = screen(true, canvas(80), 1_000_000);
        screen.step(1, 4.0, 0, Double.POSITIVE_INFINITY);
        assertThat(screen.lines()).hasSize(11).first().asString().contains("4.00");
        for (int step = 2; step < 200; step++) {
            screen.step(step, 4.0, 0, 1);
        }
        assertThat(screen.lines()).hasSize(11);
    }

    @Test
    void elsewhereItIsPlainLinesForEachTwentieth() {
        TrainingScreen screen = screen(false, canvas(80), 200);
        train(screen, 200);
        screen.validation(200, 1.61, 0.812);
        screen.close();
        String text = err.toString(StandardCharsets.UTF_8);
        assertThat(text.lines().count()).isEqualTo(22); // the first step, each twentieth, the validation
        assertThat(text)
                .doesNotContain("\u001b", "\r")
                .contains("step 200 of 200  loss 1.525  12,345 tokens/s\n")
                .contains("step 10 of 200", "1m15s left", "validation 1.610 (0.812 bits a byte)");
    }

    @Test
    void aNoteStaysAboveThePictureWhichIsDrawnAgain() {
        TrainingScreen screen = screen(true, canvas(80), 10);
        train(screen, 3);
        screen.note("the disk is nearly full");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("\u001b[11A\r\u001b[Jthe disk is nearly full\n");
    }
}
