package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.engine.Engine;
import dev.glasshouse.engine.EngineOptions;
import dev.glasshouse.engine.Request;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.testkit.TinyModels;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a log written by hand: what is drawn where, and that the file needs nothing else. */
class ReportTest {
    @TempDir
    Path folder;

    private static List<String> log() {
        List<String> lines = new ArrayList<>();
        for (int step = 1; step <= 100; step++) {
            lines.add("{\"step\":" + step + ",\"loss\":" + (1 + 6.0 / step) + ",\"norm\":0.5,\"rate\":0.001,\"tokens\":"
                    + step * 512 + ",\"seconds\":" + step * 0.0625 + "}");
        }
        lines.add("{\"step\":50,\"validation\":1.5,\"bits_per_byte\":1.0,\"tokens\":900,\"seconds\":3}");
        lines.add("{\"step\":100,\"validation\":1.2,\"bits_per_byte\":0.8,\"tokens\":900,\"seconds\":6}");
        lines.add("{\"step\":50,\"prompt\":\"Once <b>\",\"text\":\"a & b\",\"seconds\":3}");
        lines.add("{\"step\":50,\"film\":\"film/1.json\",\"seconds\":3}");
        return lines;
    }

    @Test
    void curvesFactsAndSamplesAreThereAndNothingIsAskedOfOthers() {
        String html = Report.of("my run", log())
                .withEntropy(0.64)
                .withConfiguration(Json.object().put("dropout", 0.25).build())
                .html();
        assertThat(html)
                .contains("<b>Loss</b>", "Learning rate", "norm before clipping", "tokens a second")
                .contains("<dd>51.2k</dd>") // tokens seen
                .contains("<dd>25.0 %</dd>") // 0.8 bits over an entropy of 0.64
                .contains("Once &lt;b&gt;", "a &amp; b", "&quot;dropout&quot;: 0.25")
                .contains("aria-label=\"Pace: 8192 to 8192\"") // 512 tokens in 1/16 s
                .doesNotContain("<b> ?", "http", "src=", "url(", "<script", "@import");
        // The last point of the validation curve is at the right end, the lower of the two.
        assertThat(html).contains("class=\"b\" d=\"M500.0 ").contains("L1000.0 ");
    }

    @Test
    void aLogOfNothingGivesAPageAllTheSame() {
        assertThat(Report.of("empty", List.of()).html())
                .contains("<h1>empty</h1>")
                .doesNotContain("<figure");
    }

    @Test
    void aLastLineCutShortIsLeftOutAndADamagedOneIsNamed() {
        List<String> lines = log();
        String whole = Report.of("t", lines).html();
        lines.add("{\"step\":101,\"lo");
        assertThat(Report.of("t", lines).html()).isEqualTo(whole);
        lines.add(lines.get(1));
        assertThatThrownBy(() -> Report.of("t", lines).html())
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("Line 105 of the log");
    }

    @Test
    void theFilmShowsWhatTheModelHeldLikelyAndWroteAtEachMoment() throws IOException {
        Path model = TinyModels.llama(folder.resolve("tiny.gguf"));
        Trace trace;
        try (Engine engine = Engine.open(model, EngineOptions.defaults().withThreads(1))) {
            trace = engine.generate(
                            Request.of(new int[] {1, 5, 9}).withMaxTokens(3).withTrace(5))
                    .trace()
                    .orElseThrow();
        }
        Path file = folder.resolve("report.html");
        Report.of("t", log()).withFilm(List.of(new Report.Moment(20, trace))).write(file);
        String share = String.format(
                java.util.Locale.ROOT,
                "<span>%.1f %%</span>",
                trace.steps().getFirst().sampling().top().getFirst().probability() * 100);
        assertThat(Files.readString(file)).contains("<h3>step 20</h3>", share);
        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("tiny.gguf", "report.html");
        }
    }

    @Test
    void ticksAreRoundValuesWithinTheRange() {
        assertThat(ReportChart.ticks(0, 100)).containsExactly(0.0, 20.0, 40.0, 60.0, 80.0, 100.0);
        assertThat(ReportChart.decades(0.8, 7)).containsExactly(1.0, 2.0, 5.0);
        assertThat(ReportChart.number(0.0003)).isEqualTo("3e-4");
        assertThat(ReportChart.number(12_345)).isEqualTo("12.3k");
        assertThat(ReportChart.number(2.5)).isEqualTo("2.5");
    }
}
