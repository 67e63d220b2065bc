package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** How the parts of a {@link Report} become HTML. */
final class ReportPage {
    private static final int MOST_SAMPLES = 10;
    /** The smoothed loss looks back over this share of the steps, and at most over so many. */
    private static final double SMOOTHED_SHARE = 1.0 / 60;

    private static final double MOST_SMOOTHED = 50;

    private final String title;
    private final ReportLog log;
    private final OptionalDouble entropy;
    private final List<Report.Moment> film;
    private final Optional<Json> configuration;

    ReportPage(Report report) {
        this.title = report.title();
        this.log = ReportLog.of(report.log());
        this.entropy = report.entropy();
        this.film = report.film();
        this.configuration = report.configuration();
    }

    String html() {
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" + text(title)
                + " · training report</title>\n<style>\n" + resource("report.css") + "</style></head><body><main>\n<h1>"
                + text(title) + "</h1>\n" + facts() + "<section class=\"charts\" aria-label=\"Curves\">\n" + charts()
                + "</section>\n" + ReportFilm.html(film) + samples() + table() + settings()
                + "</main></body></html>\n";
    }

    private String facts() {
        StringBuilder out = new StringBuilder("<dl class=\"facts\">");
        if (!log.steps().isEmpty()) {
            TrainingLog.Step last = log.steps().getLast();
            fact(out, "steps", String.valueOf(last.step()));
            fact(out, "tokens seen", ReportChart.number((double) last.tokens()));
            fact(out, "time", duration(last.seconds()));
            fact(out, "loss, nats a token", fixed(last.loss(), 3));
        }
        if (!log.validations().isEmpty()) {
            TrainingLog.Validation last = log.validations().getLast();
            fact(out, "validation loss", fixed(last.validation(), 3));
            fact(out, "bits a byte", fixed(last.bitsPerByte(), 4));
            entropy.ifPresent(
                    least -> fact(out, "above the entropy", fixed((last.bitsPerByte() / least - 1) * 100, 1) + " %"));
        }
        return out + "</dl>\n";
    }

    private static void fact(StringBuilder out, String name, String value) {
        out.append("<div><dt>")
                .append(text(name))
                .append("</dt><dd>")
                .append(text(value))
                .append("</dd></div>");
    }

    private String charts() {
        List<ReportChart.Curve> loss = new ArrayList<>();
        double[] numbers = each(step -> (double) step.step());
        double[] losses = each(TrainingLog.Step::loss);
        loss.add(new ReportChart.Curve("faint", "", numbers, losses));
        loss.add(new ReportChart.Curve("a", "training", numbers, smoothed(losses)));
        double[] at = log.validations().stream()
                .mapToDouble(each -> (double) each.step())
                .toArray();
        double[] unseen = log.validations().stream()
                .mapToDouble(TrainingLog.Validation::validation)
                .toArray();
        loss.add(new ReportChart.Curve("b", "validation", at, unseen));
        List<ReportChart.Curve> bits = new ArrayList<>();
        bits.add(new ReportChart.Curve(
                "b",
                "validation",
                at,
                log.validations().stream()
                        .mapToDouble(TrainingLog.Validation::bitsPerByte)
                        .toArray()));
        if (entropy.isPresent() && !log.validations().isEmpty()) {
            TrainingLog.Validation last = log.validations().getLast();
            long steps = log.steps().isEmpty() ? 1 : log.steps().getLast().step();
            double end = (double) Math.max(last.step(), steps);
            bits.add(line("entropy: no model can stay below", end, entropy.getAsDouble()));
            loss.add(line("entropy", end, entropy.getAsDouble() * last.validation() / last.bitsPerByte()));
        }
        return new ReportChart("Loss", "nats a token", loss, false).html()
                + new ReportChart("On text it never saw", "bits a byte", bits, false).html()
                + amount("Learning rate", "", each(TrainingLog.Step::rate))
                + amount("Gradient", "norm before clipping", each(TrainingLog.Step::norm))
                + amount("Pace", "tokens a second", log.pace());
    }

    private static ReportChart.Curve line(String name, double end, double height) {
        return new ReportChart.Curve("c", name, new double[] {0, end}, new double[] {height, height});
    }

    private double[] each(ToDoubleFunction<TrainingLog.Step> value) {
        return log.steps().stream().mapToDouble(value).toArray();
    }

    private String amount(String name, String unit, double[] values) {
        return new ReportChart(
                        name,
                        unit,
                        List.of(new ReportChart.Curve("a", "", each(step -> (double) step.step()), values)),
                        true)
                .html();
    }

    /** A moving mean that forgets; corrected for its beginning, so that the first value is the first loss. */
    private static double[] smoothed(double[] values) {
        double[] out = new double[values.length];
        double keep = 1 - 1 / Math.clamp(values.length * SMOOTHED_SHARE, 1, MOST_SMOOTHED);
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < values.length; i++) {
            sum = sum * keep + values[i];
            weight = weight * keep + 1;
            out[i] = sum / weight;
        }
        return out;
    }

    private String samples() {
        if (log.samples().isEmpty()) {
            return "";
        }
        Map<String, List<TrainingLog.Sample>> byPrompt = new LinkedHashMap<>();
        for (TrainingLog.Sample sample : log.samples()) {
            byPrompt.computeIfAbsent(sample.prompt(), none -> new ArrayList<>()).add(sample);
        }
        StringBuilder out = new StringBuilder("<section><h2>What it wrote</h2>\n");
        byPrompt.forEach((prompt, all) -> {
            out.append("<p class=\"prompt\" dir=\"auto\">").append(text(prompt)).append("</p><ol class=\"samples\">");
            for (TrainingLog.Sample sample : chosen(all)) {
                out.append("<li><b>step ")
                        .append(ReportChart.number((double) sample.step()))
                        .append("</b><p dir=\"auto\">")
                        .append(text(sample.text()))
                        .append("</p></li>\n");
            }
            out.append("</ol>");
        });
        return out + "</section>\n";
    }

    /** The first, the last, and some between, evenly. */
    private static List<TrainingLog.Sample> chosen(List<TrainingLog.Sample> all) {
        if (all.size() <= MOST_SAMPLES) {
            return all;
        }
        List<TrainingLog.Sample> some = new ArrayList<>();
        for (int i = 0; i < MOST_SAMPLES; i++) {
            some.add(all.get((int) Math.round((double) i * (all.size() - 1) / (MOST_SAMPLES - 1))));
        }
        return some;
    }

    private String table() {
        if (log.validations().isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("<details><summary>Validation in numbers</summary><div class=\"scroll\">"
                + "<table><thead><tr><th scope=\"col\">step</th><th scope=\"col\">nats a token</th>"
                + "<th scope=\"col\">bits a byte</th></tr></thead><tbody>\n");
        for (TrainingLog.Validation each : log.validations()) {
            out.append("<tr><td>")
                    .append(each.step())
                    .append("</td><td>")
                    .append(fixed(each.validation(), 5))
                    .append("</td><td>")
                    .append(fixed(each.bitsPerByte(), 5))
                    .append("</td></tr>\n");
        }
        return out + "</tbody></table></div></details>\n";
    }

    private String settings() {
        return configuration
                .map(Json::pretty)
                .map(json -> "<details><summary>Configuration</summary><pre>" + text(json) + "</pre></details>\n")
                .orElse("");
    }

    /** Text within HTML. */
    static String text(String plain) {
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String fixed(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60
                ? fixed(seconds, 1) + " s"
                : whole < 3600
                        ? whole / 60 + " min " + whole % 60 + " s"
                        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(ReportPage.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new GlassException("The style of the report cannot be read: install the program again.", e);
        }
    }
}
