package dev.glasshouse.training;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.weights.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The film strip of a report: what one prompt made of the model at some moments of its training. */
final class ReportFilm {
    private static final int CANDIDATES = 5;

    private ReportFilm() {}

    private record Shown(Trace.Token token, double probability) {}

    /** The likeliest first tokens. */
    private static List<Shown> first(Trace trace) {
        List<Shown> shown = new ArrayList<>();
        if (!trace.steps().isEmpty()) {
            Map<Integer, Trace.Token> tokens = new HashMap<>();
            trace.tokens().forEach(token -> tokens.put(token.id(), token));
            List<Candidate> top = trace.steps().getFirst().sampling().top();
            for (Candidate candidate : top.subList(0, Math.min(CANDIDATES, top.size()))) {
                shown.add(new Shown(
                        tokens.getOrDefault(candidate.id(), new Trace.Token(candidate.id(), new byte[0], false)),
                        candidate.probability()));
            }
        }
        return shown;
    }

    static Json json(Report.Moment moment) {
        List<Json> top = new ArrayList<>();
        for (Shown shown : first(moment.trace())) {
            Json.ObjectBuilder token = Json.object();
            shown.token().toJson().asObject().members().forEach(token::put);
            top.add(token.put("p", shown.probability()).build());
        }
        return Json.object()
                .put("step", moment.step())
                .put("top", top)
                .put("text", moment.trace().text())
                .build();
    }

    static String html(List<Report.Moment> film) {
        if (film.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("<section><h2>Film strip</h2><p class=\"muted\">One prompt, at "
                + film.size() + " moments of the training: the likeliest next tokens, and how the model went on.</p>"
                + "<p class=\"prompt\" dir=\"auto\">" + ReportPage.text(prompt(film.getFirst()))
                + " <b>?</b></p><ol class=\"film\">\n");
        for (Report.Moment moment : film) {
            out.append("<li><h3>step ").append(moment.step()).append("</h3><ul class=\"bars\">");
            for (Shown shown : first(moment.trace())) {
                out.append("<li><code>")
                        .append(ReportPage.text(visible(shown.token().bytes())))
                        .append(String.format(
                                Locale.ROOT,
                                "</code><span class=\"bar\"><i style=\"width:%.1f%%\"></i></span><span>%.1f %%</span></li>",
                                shown.probability() * 100,
                                shown.probability() * 100));
            }
            out.append("</ul><p dir=\"auto\">")
                    .append(ReportPage.text(moment.trace().text().strip()))
                    .append("</p></li>\n");
        }
        return out + "</ol></section>\n";
    }

    static String prompt(Report.Moment moment) {
        StringBuilder out = new StringBuilder();
        moment.trace().prompt().stream()
                .filter(token -> !token.control())
                .forEach(token -> out.append(new String(token.bytes(), StandardCharsets.UTF_8)));
        return out.toString();
    }

    /** Bytes as people can see them: blanks and breaks as signs, what is no text as numbers. */
    private static String visible(byte[] bytes) {
        String decoded = new String(bytes, StandardCharsets.UTF_8);
        if (decoded.indexOf('\uFFFD') >= 0) {
            StringBuilder hex = new StringBuilder();
            for (byte value : bytes) {
                hex.append(String.format(Locale.ROOT, "<%02X>", value & 0xff));
            }
            return hex.toString();
        }
        return decoded.replace(' ', '␣').replace("\n", "↵").replace("\t", "⇥");
    }
}
