package dev.glasshouse.cli;

import dev.glasshouse.AskOptions;
import dev.glasshouse.Chat;
import dev.glasshouse.Model;
import dev.glasshouse.Session;
import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.Look;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.weights.GlassException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glass explain}: the whole way from a text to the next token, on a real model. */
@Command(
        name = "explain",
        abbreviateSynopsis = true,
        description = {
            "Show how a model comes from a text to its next token.",
            "",
            "From top to bottom: the text cut into tokens, each with its id; the candidates for the next token with"
                    + " their probabilities, 'raw' as the network gives them and then behind each stage of the sampler"
                    + " ('cut': the stage dropped it); the chain of stages in its order, those switched off in brackets;"
                    + " the draw: a random number u falls on a bar on which each candidate has as much room as its"
                    + " probability. Every column adds up to 100 %%.",
            "",
            "The same seed draws the same. Without TEXT it is read from stdin."
        },
        footer = {
            "",
            "Examples:",
            "  glass explain tiny \"Once upon a time\"",
            "  glass explain tiny --temperature 1.5 --top-p 0.8 --seed 7 -n 3 \"The dog\"",
            "  glass explain smollm2 --chat \"Why is the sky blue?\"",
            "  glass explain smollm2 --lens \"The capital of France is\"",
            "  glass explain smollm2 --tree 3x2 \"The capital of France is\"",
            "  glass explain tiny --save step.json \"The dog\"; glass replay step.json"
        })
final class ExplainCommand implements Runnable {
    private static final int LENS_TOP = 5;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Mixin
    private final EngineOption engine = new EngineOption();

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "The text to continue; with --chat, the message.")
    private List<String> words = List.of();

    @Option(names = "--chat", description = "Put TEXT through the model's chat template, as 'glass run' does.")
    private boolean chat;

    @Option(names = "--system", paramLabel = "TEXT", description = "With --chat: the system message.")
    private Optional<String> system = Optional.empty();

    @Option(names = "--ids", description = "TEXT is token ids.")
    private boolean ids;

    @Option(
            names = {"-n", "--max-tokens"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Explain N tokens, one after the other (1).")
    private int steps;

    @Option(names = "--top", paramLabel = "K", defaultValue = "10", description = "Show the K likeliest (10).")
    private int top;

    @Option(names = "--map", description = "Show too how surprising each token of the text is to the model.")
    private boolean map;

    @Option(names = "--lens", description = "Show too what each layer would say for the first token.")
    private boolean lens;

    @Option(
            names = "--tree",
            paramLabel = "KxD",
            description = "Show too what could follow: the K likeliest, D tokens deep, for example 3x2.")
    private Optional<String> tree = Optional.empty();

    @Option(names = "--json", description = "Print the trace as JSON instead of pictures.")
    private boolean json;

    @Option(names = "--save", paramLabel = "FILE", description = "Save the trace too; 'glass replay' runs it again.")
    private Optional<Path> save = Optional.empty();

    @Option(names = "--ascii", description = "Draw with ASCII characters only.")
    private boolean ascii;

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        check();
        AskOptions options = AskOptions.DEFAULT
                .withSettings(SamplerOptions.values(spec))
                .withMaxTokens(steps)
                .withTrace(top);
        InstalledModel installed = model.installed(console);
        try (Model open = engine.open(console, installed, false)) {
            Trace trace = trace(open, options);
            if (json) {
                console.json(trace.toJson());
            } else {
                print(installed, open, trace);
            }
            save.ifPresent(file -> TraceFile.save(console, file, trace));
        }
    }

    private void check() {
        if (steps < 0) {
            throw new GlassException("-n must not be negative.");
        }
        if (top < 1 || top > 1000) {
            throw new GlassException("--top must be from 1 to 1000, not " + top + ".");
        }
        if (system.isPresent() && !chat) {
            throw new GlassException("--system needs --chat: a text that is only continued has no system message.");
        }
        if (json && (map || lens || tree.isPresent())) {
            throw new GlassException("--json prints the trace alone: leave out --map, --lens and --tree.");
        }
        if (ids && chat) {
            throw new GlassException("--ids and --chat cannot be had together: a chat template takes text.");
        }
    }

    private Trace trace(Model open, AskOptions options) {
        if (ids) {
            return open.complete(TokenizeCommand.ids(words), options, event -> {})
                    .trace()
                    .orElseThrow();
        }
        String text = words.isEmpty() ? Input.all() : String.join(" ", words);
        if (!chat) {
            return open.complete(text, options, event -> {}).trace().orElseThrow();
        }
        if (open.template().isEmpty()) {
            throw new GlassException(model.name() + " has no chat template: leave out --chat.");
        }
        Chat talk = open.chat();
        system.ifPresent(talk::system);
        return talk.ask(text.strip(), options, event -> {}).trace().orElseThrow();
    }

    private void print(InstalledModel installed, Model open, Trace trace) {
        Canvas canvas = ascii ? console.canvas().withoutUnicode() : console.canvas();
        TokenNames names = TokenNames.of(open.tokenizer());
        List<String> lines = new ArrayList<>();
        lines.add(canvas.paint(Role.STRONG, "model") + "  " + installed.name() + ", "
                + Numbers.parameters(trace.model().parameters()) + " parameters, "
                + ProgressBar.bytes(trace.model().bytes()));
        String licence = "       licence " + Fetching.licence(installed.licence());
        // The name says enough where the address does not fit.
        lines.add(Columns.of(licence) <= canvas.width() ? licence : licence.replaceFirst(" {2}http\\S+$", ""));
        lines.addAll(TracePicture.prompt(trace, canvas));
        if (map || lens || tree.isPresent()) {
            try (Session session = open.session()) {
                look(session, trace, names, canvas, lines);
            }
        }
        for (int i = 0; i < trace.steps().size(); i++) {
            lines.add("");
            lines.addAll(TracePicture.step(trace, i, top, names, canvas));
        }
        if (trace.steps().size() > 1) {
            lines.add("");
            lines.addAll(TracePicture.answer(trace, canvas));
        }
        lines.forEach(console.out()::println);
        Map<String, String> said = SamplerOptions.values(spec);
        if (!said.containsKey(Parameter.SEED.name()) && !trace.settings().greedy() && steps > 0) {
            console.note(console.faint("The seed was chosen at random; --seed "
                    + trace.settings().get(Parameter.SEED) + " draws the same again."));
        }
    }

    /** What is asked for beside the steps. */
    private void look(Session session, Trace trace, TokenNames names, Canvas canvas, List<String> lines) {
        int node = session.prompt(trace.promptIds());
        if (map) {
            lines.add("");
            lines.addAll(SurprisePicture.lines("bits", SurprisePicture.words(session, node, 0), canvas));
        }
        if (lens) {
            Look look = Look.NOTHING.withLens(LENS_TOP);
            if (!trace.steps().isEmpty()) {
                look = look.withTarget(trace.steps().getFirst().token().id());
            }
            lines.add("");
            lines.addAll(LensPicture.lines(
                    session.look(node, look, new Cancellation()).lens(), names, canvas));
        }
        if (tree.isPresent()) {
            int[] size = TreePicture.size(tree.get());
            lines.add("");
            lines.addAll(TreePicture.lines(session.tree(node, size[0], size[1], new Cancellation()), names, canvas));
        }
    }
}
