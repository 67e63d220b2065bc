package dev.glasshouse.cli;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.training.Verification;
import dev.glasshouse.training.Verifier;
import dev.glasshouse.training.VerifyListener;
import dev.glasshouse.training.VerifyOptions;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass verify}: do these weights come from this recipe? */
@Command(
        name = "verify",
        description = {
            "Check that a model's weights come from its recipe, bit for bit.",
            "",
            "Files are compared with their hashes in recipe.lock, the quantised file with what our quantiser makes of the"
                    + " weights, and then the training is repeated and compared at each milestone, with any number of threads on"
                    + " any processor. What it costs is said first. Without an option the first tenth of the training is repeated.",
            "",
            "It ends in 'same' (exit code 0), 'different' (1: the first milestone and tensor) or 'cannot tell' (3: what is"
                    + " missing). Nothing in DIR is executed, nothing is downloaded."
        },
        footer = {
            "",
            "Examples:",
            "  glass verify tiny --steps 0             the model inside this program: its files only",
            "  glass verify my-model",
            "  glass verify my-model --full",
            "  glass verify my-model --steps 50 --data my.txt"
        })
final class VerifyCommand implements java.util.concurrent.Callable<Integer> {
    private static final int CANNOT_TELL = 3;
    private static final double SHARE = 0.1;

    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "A run, or a model's folder with its recipe.lock, or the name of a model that is here.")
    private String model = "";

    @Option(names = "--full", description = "Repeat all of the training.")
    private boolean full;

    @Option(names = "--steps", paramLabel = "K", description = "Repeat so many steps.")
    private Optional<Long> steps = Optional.empty();

    @Option(
            names = "--from",
            paramLabel = "CHECKPOINT",
            description = "Begin at a checkpoint instead of the first weights.")
    private Optional<Path> from = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description = "The data, or the files of text it was made of, where DIR does not hold them.")
    private List<Path> data = List.of();

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads that compute; one a processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--scalar", description = "Compute without the Vector API: the same bits, slowly.")
    private boolean scalar;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (full && (steps.isPresent() || from.isPresent())) {
            throw new GlassException("--full repeats everything: leave --steps and --from away.");
        }
        if (steps.isPresent() && steps.get() < 0 || threads < 1) {
            throw new GlassException("--steps must not be negative, --threads must be 1 or more.");
        }
        Path folder = folder();
        if (!scalar) {
            VectorModule.load();
        }
        Verification found;
        try (Screen screen = new Screen()) {
            found = Verifier.verify(folder, options(folder), screen);
        }
        return report(found);
    }

    private Path folder() {
        if (Files.isDirectory(Path.of(model))) {
            return Path.of(model);
        }
        try (Hub hub = Hub.open(HubSettings.ofProcess())) {
            return hub.find(model)
                    .map(InstalledModel::folder)
                    .orElseThrow(() -> new GlassException(
                            model + " is neither a folder nor a model that is here: see glass list."));
        }
    }

    private VerifyOptions options(Path folder) {
        VerifyOptions options = VerifyOptions.full().withThreads(threads).withData(data);
        if (scalar) {
            options = options.withKernels(KernelChoice.SCALAR);
        }
        if (from.isPresent()) {
            options = options.from(from.get());
        }
        OptionalLong count = steps.isPresent() ? OptionalLong.of(steps.get()) : tenth(folder);
        return count.isPresent() ? options.withSteps(count.getAsLong()) : options;
    }

    /** What is repeated where nobody says: enough to meet some milestones; all from a checkpoint on. */
    private OptionalLong tenth(Path folder) {
        if (full || from.isPresent()) {
            return OptionalLong.empty();
        }
        return Verifier.milestone(folder, SHARE);
    }

    private final class Screen implements VerifyListener, AutoCloseable {
        private long begin = -1;
        private long began;
        private long drawn;
        private int lastTenth = -1;

        @Override
        public boolean cost(Cost cost) {
            note(String.format(
                    Locale.ROOT,
                    "to repeat: %,d steps of training, %,d tokens, about %s, %s of memory%s",
                    cost.steps(),
                    cost.tokens(),
                    ProgressBar.duration(cost.seconds()),
                    ProgressBar.bytes(cost.memory()),
                    cost.disk() == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "; before that the data is made from %,d documents, %s on disk",
                                    cost.documents(),
                                    ProgressBar.bytes(cost.disk()))));
            return true;
        }

        @Override
        public void making(String what) {
            note("making " + what + " …");
        }

        @Override
        public void checked(String what) {
            note(console.canvas().glyph("✓ ", "ok ") + what);
        }

        private void note(String text) {
            clear();
            if (!json) {
                console.note(text);
            }
        }

        @Override
        public void step(long step, long last, double loss) {
            long now = System.nanoTime();
            if (begin < 0) {
                begin = step;
                began = now;
            }
            if (json || !console.errTerminal()) {
                int tenth = (int) ((step - begin + 1) * 10 / Math.max(1, last - begin + 1));
                if (!json && tenth != lastTenth) {
                    lastTenth = tenth;
                    console.note(String.format(Locale.ROOT, "step %,d of %,d  loss %.3f", step, last, loss));
                }
            } else if (now - drawn > 200_000_000L || step == last) {
                drawn = now;
                double left = step == begin ? Double.NaN : (now - began) / 1e9 / (step - begin) * (last - step);
                console.err()
                        .print(String.format(Locale.ROOT, "\rstep %,d of %,d  loss %.3f", step, last, loss)
                                + (Double.isFinite(left) ? "  " + ProgressBar.duration(left) + " left" : "")
                                + "\u001b[K");
                console.err().flush();
            }
        }

        private void clear() {
            if (drawn != 0) {
                console.err().print("\r\u001b[K");
                drawn = 0;
            }
        }

        @Override
        public void close() {
            clear();
        }
    }

    private int report(Verification found) {
        String words =
                switch (found.outcome()) {
                    case SAME -> "same";
                    case DIFFERENT -> "different";
                    case CANNOT_TELL -> "cannot tell";
                };
        String share = share(found);
        if (json) {
            Json.ObjectBuilder out = Json.object()
                    .put("result", words)
                    .put("from_step", found.fromStep())
                    .put("to_step", found.toStep())
                    .put("steps", found.steps())
                    .put("share", found.share())
                    .put("files_follow", found.filesFollow())
                    .put("seconds", found.seconds())
                    .put("checked", found.checked().stream().map(Json::of).toList());
            switch (found.verdict()) {
                case Verification.Same same -> {}
                case Verification.Different different -> {
                    out.put("where", different.where()).put("what", different.what());
                    if (different.step() >= 0) {
                        out.put("step", different.step());
                    }
                    if (!different.tensor().isEmpty()) {
                        out.put("tensor", different.tensor());
                    }
                }
                case Verification.CannotTell unknown ->
                    out.put("missing", unknown.missing().stream().map(Json::of).toList());
            }
            console.json(out.build());
        } else {
            console.out()
                    .println(console.bold(words)
                            + switch (found.verdict()) {
                                case Verification.Same same -> ": " + share;
                                case Verification.Different different ->
                                    ": " + different.where()
                                            + (different.step() >= 0 ? ", step " + different.step() : "")
                                            + (different.tensor().isEmpty() ? "" : ", " + different.tensor()) + "\n  "
                                            + different.what();
                                case Verification.CannotTell unknown -> "\n  " + String.join("\n  ", unknown.missing());
                            });
        }
        return switch (found.outcome()) {
            case SAME -> 0;
            case DIFFERENT -> Main.FAILED;
            case CANNOT_TELL -> CANNOT_TELL;
        };
    }

    private static String share(Verification found) {
        if (found.whole()) {
            return "the whole training gives these weights, bit for bit";
        }
        String files = found.filesFollow()
                ? "the files of weights follow from the recipe's last milestone"
                : "the files have the lock's SHA-256; only --full can tell whether they follow from the training";
        if (found.toStep() < 0) {
            return files + "; no step was repeated and the data was not looked at";
        }
        return String.format(
                Locale.ROOT,
                "steps %,d to %,d of %,d are repeated (%.0f%% of the training), and %s%s",
                found.fromStep(),
                found.toStep(),
                found.steps(),
                found.share() * 100,
                files,
                found.filesFollow() ? "; --full repeats the rest" : "");
    }
}
