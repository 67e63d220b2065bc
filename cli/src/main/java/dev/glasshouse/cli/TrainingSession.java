package dev.glasshouse.cli;

import dev.glasshouse.training.Report;
import dev.glasshouse.training.Trainer;
import dev.glasshouse.training.TrainingConfig;
import dev.glasshouse.training.TrainingListener;
import dev.glasshouse.training.TrainingLog;
import dev.glasshouse.training.TrainingResult;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a training at the terminal: shows it, saves it when the process is told to end (SIGTERM, Ctrl+C), and writes the report.
 */
final class TrainingSession {
    private final Console console;
    private final boolean json;
    private final boolean chat;
    private final OptionalDouble entropy;
    /** Everything was said: the process may end. */
    private final CountDownLatch said = new CountDownLatch(1);

    private volatile boolean ending;

    /**
     * @param json whether each line of the log is printed, instead of a picture
     * @param chat whether the model is to be talked with, instead of having a text continued
     */
    TrainingSession(Console console, boolean json, boolean chat, OptionalDouble entropy) {
        this.console = console;
        this.json = json;
        this.chat = chat;
        this.entropy = entropy;
    }

    /** What is shown while it runs. */
    TrainingListener listener(TrainingConfig config, Path folder) {
        return json ? new Lines() : new Picture(config, folder);
    }

    private final class Lines implements TrainingListener {
        @Override
        public void step(TrainingLog.Step step, Pace pace) {
            console.json(step.toJson());
        }

        @Override
        public void validation(TrainingLog.Validation validation) {
            console.json(validation.toJson());
        }

        @Override
        public void sample(TrainingLog.Sample sample) {
            console.json(sample.toJson());
        }

        @Override
        public void picture(TrainingLog.Picture picture) {
            console.json(picture.toJson());
        }

        @Override
        public void note(String text) {
            console.note(text);
        }
    }

    private final class Picture implements TrainingListener, AutoCloseable {
        private final TrainingScreen screen;
        private final Path folder;

        Picture(TrainingConfig config, Path folder) {
            screen = new TrainingScreen(console, config.steps());
            this.folder = folder;
        }

        @Override
        public void started(TrainingConfig config, long step, String kernels, int threads) {
            if (step > 0) {
                screen.before(TrainingLog.read(folder.resolve("log.jsonl")).stream()
                        .filter(entry -> entry instanceof TrainingLog.Step && entry.step() <= step)
                        .mapToDouble(entry -> ((TrainingLog.Step) entry).loss())
                        .toArray());
                console.note("going on after step " + Numbers.whole(step));
            }
        }

        @Override
        public void step(TrainingLog.Step step, Pace pace) {
            screen.step(step.step(), step.loss(), pace.tokensPerSecond(), pace.secondsLeft());
        }

        @Override
        public void validation(TrainingLog.Validation validation) {
            screen.validation(validation.step(), validation.validation(), validation.bitsPerByte());
        }

        @Override
        public void sample(TrainingLog.Sample sample) {
            screen.sample(sample.step(), sample.prompt(), sample.text());
        }

        @Override
        public void note(String text) {
            screen.note(text);
        }

        @Override
        public void close() {
            screen.close();
        }
    }

    /** Trains to the end, or until the process is told to end. */
    void run(Trainer trainer, TrainingListener listener) {
        Thread hook = new Thread(() -> end(trainer), "glass-save");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            TrainingResult result = trainer.run();
            if (listener instanceof Picture picture) {
                picture.close();
            }
            finish(result);
        } catch (GlassException e) {
            if (!ending) {
                throw e;
            }
            console.error(String.valueOf(
                    e.getMessage())); // whoever catches it would be too late: the process is gone by then
        } finally {
            said.countDown();
            forget(hook);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // the process is ending already: the hook waits for what was just said
        }
    }

    /** Saves, and returns when everything was said; the process ends then. */
    void end(Trainer trainer) {
        ending = true;
        trainer.stop();
        try {
            said.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(TrainingResult result) {
        Report report = Report.ofRun(result.folder());
        if (entropy.isPresent()) {
            report = report.withEntropy(entropy.getAsDouble());
        }
        Path file = result.folder().resolve("report.html");
        report.write(file);
        result.model().ifPresent(model -> copy(file, model.resolve("report.html")));
        film(report, result.folder().resolve("film.json"));
        if (json) {
            Json.ObjectBuilder end = Json.object()
                    .put("finished", result.finished())
                    .put("step", result.step())
                    .put("seconds", result.seconds())
                    .put("weights_sha256", result.weights())
                    .put("folder", result.folder().toString())
                    .put("report", file.toString());
            result.validation().ifPresent(loss -> end.put("validation", loss));
            result.model().ifPresent(model -> end.put("model", model.toString()));
            console.json(Json.object().put("result", end.build()).build());
            return;
        }
        if (!result.finished()) {
            console.note("saved after step " + Numbers.whole(result.step()) + "; go on with: "
                    + console.bold("glass train --resume " + result.folder()));
            return;
        }
        console.note("trained in " + ProgressBar.duration(result.seconds()) + ", weights " + result.weights());
        console.note("  report  " + file);
        result.model().ifPresent(model -> {
            console.note(
                    "  try it  " + console.bold("glass run " + model.resolve("model.gguf") + (chat ? "" : " --raw")));
            console.note("  check   " + console.bold("glass verify " + result.folder()));
        });
    }

    /** The film strip as the page's tour shows it. */
    private static void film(Report report, Path file) {
        if (!report.film().isEmpty()) {
            try {
                Files.writeString(file, report.filmJson().write() + "\n");
            } catch (IOException e) {
                throw new GlassException("The film could not be written to " + file + ": " + Input.reason(e), e);
            }
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new GlassException("The report could not be written to " + to + ": " + Input.reason(e), e);
        }
    }
}
