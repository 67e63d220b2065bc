package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.engine.Engine;
import dev.glasshouse.engine.EngineOptions;
import dev.glasshouse.engine.Request;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.testkit.TinyModels;
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

    private static List<TrainingLog.Entry> log() {
        List<TrainingLog.Entry> log = new ArrayList<>();
        for (int step = 1; step <= 100; step++) {
            log.add(new TrainingLog.Step(step, 1 + 6.0 / step, 0.5, 0.001, step * 512L, step * 0.0625));
        }
        log.add(new TrainingLog.Validation(50, 1.5, 1.0, 900, 3));
        log.add(new TrainingLog.Validation(100, 1.2, 0.8, 900, 6));
        log.add(new TrainingLog.Sample(50, "Once <b>", "a & b", 3));
        log.add(new TrainingLog.Picture(50, "film/1.json", 3));
        return log;
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
        Report report = Report.of("t", log()).withFilm(List.of(new Report.Moment(20, trace)));
        report.write(file);
        String share = String.format(
                java.util.Locale.ROOT,
                "<span>%.1f %%</span>",
                trace.steps().getFirst().sampling().top().getFirst().probability() * 100);
        assertThat(Files.readString(file)).contains("<h3>step 20</h3>", share);
        Json.ObjectValue moment =
                report.filmJson().asObject().get("moments").asArray().getFirst().asObject();
        assertThat(moment.get("step").asLong()).isEqualTo(20);
        assertThat(moment.get("text").asString()).isEqualTo(trace.text());
        assertThat(moment.get("top").asArray()).hasSize(5);
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
