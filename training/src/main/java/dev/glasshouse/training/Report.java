package dev.glasshouse.training;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The report of a training: one HTML file that needs nothing else, with the curves of loss, rate, gradient and pace, the texts
 * the model wrote on its way, and the film strip.
 *
 * @param title what was trained
 * @param log what happened
 * @param entropy bits a byte that no model can stay below on the validation texts; empty where nobody knows it
 * @param film the model on one prompt at some moments of its training
 * @param configuration all that decided the weights, if it is to be shown
 */
public record Report(
        String title,
        List<TrainingLog.Entry> log,
        OptionalDouble entropy,
        List<Moment> film,
        Optional<Json> configuration) {
    public Report {
        log = List.copyOf(log);
        film = List.copyOf(film);
    }

    /**
     * One picture of the film strip.
     *
     * @param step after which the model was as it is here
     * @param trace of its continuation of the prompt
     */
    public record Moment(long step, Trace trace) {}

    /** The report of what a log says, without entropy and film. */
    public static Report of(String title, List<TrainingLog.Entry> log) {
        return new Report(title, log, OptionalDouble.empty(), List.of(), Optional.empty());
    }

    /**
     * The report of the run in a folder: its log, its film strip, its configuration.
     *
     * @throws GlassException if they cannot be read
     */
    public static Report ofRun(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        List<TrainingLog.Entry> log = TrainingLog.read(root.resolve("log.jsonl"));
        List<Moment> film = new ArrayList<>();
        for (TrainingLog.Entry entry : log) {
            if (entry instanceof TrainingLog.Picture picture) {
                Path trace = root.resolve(picture.film()).normalize();
                if (!trace.startsWith(root)) {
                    throw new GlassException(
                            "The log of " + folder + " names a film outside of the folder: " + trace + ".");
                }
                film.add(new Moment(picture.step(), Trace.fromJson(Json.read(trace))));
            }
        }
        Path name = root.getFileName();
        return of(name == null ? "training" : name.toString(), log)
                .withFilm(film)
                .withConfiguration(Trainer.config(root).toJson());
    }

    public Report withEntropy(double bitsPerByte) {
        return new Report(title, log, OptionalDouble.of(bitsPerByte), film, configuration);
    }

    public Report withFilm(List<Moment> moments) {
        return new Report(title, log, entropy, moments, configuration);
    }

    public Report withConfiguration(Json recipe) {
        return new Report(title, log, entropy, film, Optional.of(recipe));
    }

    /** The file's text. */
    public String html() {
        return new ReportPage(this).html();
    }

    /**
     * The film strip alone, as the tour shows it: {@code prompt}, and a list of {@code moments} with {@code step}, the likeliest
     * next tokens and the text that followed.
     */
    public Json filmJson() {
        List<Json> moments = new ArrayList<>();
        for (Moment moment : film) {
            moments.add(ReportFilm.json(moment));
        }
        return Json.object()
                .put("prompt", film.isEmpty() ? "" : ReportFilm.prompt(film.getFirst()))
                .put("moments", moments)
                .build();
    }

    /** Writes the file; one that is there is replaced as a whole. @throws GlassException if it cannot be written */
    public void write(Path file) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, html(), StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new GlassException("The report " + file + " could not be written: " + e.getMessage(), e);
        }
    }
}
