package dev.glasshouse.cli;

import static dev.glasshouse.cli.Goldens.assertPicture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.StageKind;
import dev.glasshouse.sampling.StepRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is drawn of a step, at several widths, with and without colours and glyphs. */
class StepPictureTest {
    private static final Map<String, Object> ALL_ON = Map.of(
            "temperature",
            1.3,
            "typical_p",
            0.95,
            "top_n_sigma",
            8,
            "xtc_probability",
            1,
            "xtc_threshold",
            0.05,
            "repeat_penalty",
            1.1,
            "logit_bias",
            Map.of("264", 1.5));

    private static Canvas canvas(int width) {
        return new Canvas(width, ColourLevel.NONE, true);
    }

    private static List<String> lines(Trace.Step step, Canvas canvas) {
        return StepPicture.lines(step, 1, 8192, 8, Steps.names(), canvas);
    }

    private static Trace.Step usual() {
        return Steps.step(Map.of(), 8, OptionalInt.empty());
    }

    @Test
    void atEightyColumns() throws IOException {
        assertPicture("step-80", lines(usual(), canvas(80)));
    }

    @Test
    void atHundredAndTwentyColumns() throws IOException {
        assertPicture("step-120", lines(usual(), canvas(120)));
    }

    @Test
    void inAscii() throws IOException {
        List<String> lines = lines(usual(), canvas(80).withoutUnicode());
        assertThat(String.join("", lines)).matches("\\p{ASCII}*");
        assertPicture("step-ascii", lines);
    }

    @Test
    void inColour() throws IOException {
        List<String> lines = lines(usual(), new Canvas(80, ColourLevel.TRUE, true));
        assertPicture("step-colour", lines);
        assertThat(lines.stream().map(Goldens::plain)).isEqualTo(lines(usual(), canvas(80)));
    }

    @Test
    void aTokenThatAPersonPickedFromFarBelow() throws IOException {
        assertPicture("step-user", lines(Steps.step(Map.of(), 5, OptionalInt.of(37)), canvas(80)));
    }

    @Test
    void everyStageSwitchedOn() throws IOException {
        assertPicture("step-all-80", lines(Steps.step(ALL_ON, 8, OptionalInt.empty()), canvas(80)));
        assertPicture("step-all-120", lines(Steps.step(ALL_ON, 8, OptionalInt.empty()), canvas(120)));
    }

    @Test
    void otherPickers() throws IOException {
        assertPicture("step-greedy", lines(Steps.step(Map.of("temperature", 0), 4, OptionalInt.empty()), canvas(80)));
        assertPicture("step-mirostat", lines(Steps.step(Map.of("mirostat", 2), 4, OptionalInt.empty()), canvas(80)));
    }

    @Test
    void theChain() throws IOException {
        List<String> lines =
                new ArrayList<>(ChainPicture.lines(usual().sampling().stages(), canvas(80)));
        lines.addAll(ChainPicture.lines(
                Steps.step(ALL_ON, 4, OptionalInt.empty()).sampling().stages(), canvas(80)));
        assertPicture("chain", lines);
    }

    @Test
    void noLineIsWiderThanTheScreen() {
        Stream.of(usual(), Steps.step(ALL_ON, 8, OptionalInt.empty()), Steps.step(Map.of(), 5, OptionalInt.of(37)))
                .forEach(step -> {
                    for (int width = 60; width <= 200; width++) {
                        for (Canvas canvas :
                                List.of(canvas(width), canvas(width).withoutUnicode())) {
                            for (String line : lines(step, canvas)) {
                                assertThat(Columns.of(line)).as(line).isLessThanOrEqualTo(width);
                            }
                        }
                    }
                });
    }

    /** F64 sums of at most 1,000 probabilities, each rounded from F32 arithmetic: 1e-6 is the sampler's own bound. */
    @Test
    void everyColumnAddsUpToOne() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<StageKind> order = new ArrayList<>(StageKind.defaultOrder());
            Collections.shuffle(order, random);
            Map<String, Object> settings = new HashMap<>(ALL_ON);
            settings.put("samplers", order.stream().map(StageKind::fullName).toList());
            StepRecord record = Steps.record(
                    settings, 8, round % 3 == 0 ? OptionalInt.of(random.nextInt(1000)) : OptionalInt.empty());
            CandidateTable table = CandidateTable.of(record, 6);
            for (int column = 0; column < table.columns().size(); column++) {
                double sum = table.columns().get(column).rest();
                for (CandidateTable.Row row : table.rows()) {
                    sum += row.cells().get(column) instanceof CandidateTable.Cell.Share share ? share.p() : 0;
                }
                assertThat(sum).as("column %d of %s", column, order).isCloseTo(1, offset(1e-6));
            }
        }
    }

    @Test
    void whatAStageDroppedStaysCut() {
        CandidateTable table = CandidateTable.of(Steps.record(ALL_ON, 8, OptionalInt.empty()), 8);
        for (CandidateTable.Row row : table.rows()) {
            boolean cut = false;
            for (CandidateTable.Cell cell : row.cells()) {
                assertThat(cut && cell instanceof CandidateTable.Cell.Share).isFalse();
                cut = cut || cell instanceof CandidateTable.Cell.Cut;
            }
        }
    }

    @Test
    void thePointStandsWhereUFell() {
        for (int seed = 0; seed < 40; seed++) {
            StepRecord record = Steps.record(Map.of("seed", seed, "temperature", 2), 8, OptionalInt.empty());
            List<String> lines = DrawPicture.lines(record, Steps.names(), canvas(80));
            String bar = lines.getLast();
            double place = (bar.indexOf('●') - bar.indexOf('├') - 0.5) / (bar.indexOf('┤') - bar.indexOf('├') - 1);
            assertThat(place).isCloseTo(record.draws().getLast().u(), offset(0.5 / 68));
        }
    }
}
