package dev.glasshouse.cli;

import dev.glasshouse.Model;
import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.engine.Engine;
import dev.glasshouse.engine.ReplayReport;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.weights.GlassException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass replay}: runs a saved trace again and says whether everything came out the same. */
@Command(
        name = "replay",
        description = {
            "Run a saved trace again and say whether every draw and every pick came out the same.",
            "",
            "The answer of a model is the same to the bit on every machine, whatever its threads and vectors, so a trace"
                    + " can be checked by anybody who has the same model file. Tokens that a person picked are picked the"
                    + " same. Exit code: 0 all the same, 1 different, or it cannot be run.",
            "",
            "With --show the saved steps are drawn, without any model."
        },
        footer = {
            "",
            "Examples:",
            "  glass run tiny --raw --trace story.json -n 20 \"Once upon a time\"",
            "  glass replay story.json",
            "  glass replay story.json --scalar -t 1      the same bits, computed otherwise",
            "  glass replay story.json --show 3           step 3 of the saved trace"
        })
final class ReplayCommand implements Callable<Integer> {
    private static final String ALL = "all";

    private final Console console;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "The trace.")
    private Optional<Path> file = Optional.empty();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "The model; without it, the one on this machine that the trace was made with.")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--show",
            arity = "0..1",
            fallbackValue = ALL,
            paramLabel = "STEP",
            description = "Only draw what is saved: all steps, or this one, from 1.")
    private Optional<String> show = Optional.empty();

    @Option(names = "--top", paramLabel = "K", defaultValue = "10", description = "With --show: the K likeliest (10).")
    private int top;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads that compute. The result does not depend on it.")
    private Optional<Integer> threads = Optional.empty();

    @Option(names = "--scalar", description = "Compute without the Vector API: the same bits, slowly.")
    private boolean scalar;

    @Option(names = "--ascii", description = "Draw with ASCII characters only.")
    private boolean ascii;

    ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        // "--show FILE": what stands behind --show need not be a number.
        if (file.isEmpty() && show.isPresent() && !show.get().equals(ALL)) {
            file = Optional.of(Path.of(show.get()));
            show = Optional.of(ALL);
        }
        Path saved = file.orElseThrow(() -> new GlassException("There is no trace: name the file that holds one."));
        Trace trace = TraceFile.read(saved);
        if (show.isPresent()) {
            show(trace, show.get());
            return 0;
        }
        return replay(trace);
    }

    private int replay(Trace trace) {
        if (trace.model().numerics() != Engine.NUMERICS_VERSION) {
            throw new GlassException("The trace was made with numerics version "
                    + trace.model().numerics() + ", this program has version " + Engine.NUMERICS_VERSION
                    + ": its numbers cannot be compared. 'glass replay FILE --show' still shows it.");
        }
        InstalledModel installed = installed(trace);
        // The last token of a run is not fed, so it needs no place.
        int positions = trace.prompt().size() + Math.max(0, trace.steps().size() - 1);
        EngineOption engine = new EngineOption(trace.model().kv(), positions, threads, scalar);
        try (Model open = engine.open(console, installed, false)) {
            ReplayReport report = open.engine().replay(trace);
            console.out().println(report.message());
            return report.same() ? 0 : Main.FAILED;
        }
    }

    private InstalledModel installed(Trace trace) {
        if (model.isPresent()) {
            return new ModelOption(model.get(), false).installed(console);
        }
        try (Hub hub = Hub.open(HubSettings.ofProcess())) {
            List<InstalledModel> here = new ArrayList<>(hub.list());
            hub.find("tiny").ifPresent(here::add);
            Trace.Model made = trace.model();
            return here.stream()
                    .filter(each ->
                            each.files().stream().anyMatch(part -> part.sha256().equals(Optional.of(made.sha256()))))
                    .findFirst()
                    .or(() -> here.stream()
                            .filter(each -> each.files().stream()
                                    .anyMatch(part -> part.sha256().isEmpty()
                                            && part.name().equals(made.file())))
                            .findFirst())
                    .orElseThrow(
                            () -> new GlassException(
                                    "The trace was made with " + TokenText.oneLine(made.file(), 100)
                                            + " (" + TokenText.oneLine(made.name(), 60) + ", "
                                            + ProgressBar.bytes(made.bytes())
                                            + ", SHA-256 " + TokenText.oneLine(made.sha256(), 64)
                                            + "), and no model on this machine is that file.\n"
                                            + "  Pull it, or name it: glass replay FILE MODEL. 'glass replay FILE --show' needs none."));
        }
    }

    private void show(Trace trace, String which) {
        Canvas canvas = ascii ? console.canvas().withoutUnicode() : console.canvas();
        TokenNames names = TokenNames.of(trace);
        List<String> lines = new ArrayList<>();
        Trace.Model made = trace.model();
        lines.add(canvas.paint(Role.STRONG, "model") + "  " + TokenText.oneLine(made.name(), 60) + " ("
                + TokenText.oneLine(made.file(), 60) + "), " + Numbers.parameters(made.parameters())
                + " parameters, licence " + TokenText.oneLine(made.licence(), 60));
        if (which.equals(ALL)) {
            lines.addAll(TracePicture.prompt(trace, canvas));
            for (int i = 0; i < trace.steps().size(); i++) {
                lines.add("");
                lines.addAll(TracePicture.step(trace, i, top, names, canvas));
            }
            lines.add("");
            lines.addAll(TracePicture.answer(trace, canvas));
        } else {
            lines.addAll(TracePicture.step(trace, index(which, trace.steps().size()), top, names, canvas));
        }
        lines.forEach(console.out()::println);
    }

    private static int index(String which, int steps) {
        try {
            int step = Integer.parseInt(which);
            if (step >= 1 && step <= steps) {
                return step - 1;
            }
        } catch (NumberFormatException e) {
            throw new GlassException("--show takes the number of a step, not '" + which + "'.", e);
        }
        throw new GlassException("The trace has the steps 1 to " + steps + ", not " + which + ".");
    }
}
