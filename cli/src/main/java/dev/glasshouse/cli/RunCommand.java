package dev.glasshouse.cli;

import dev.glasshouse.Answer;
import dev.glasshouse.AskOptions;
import dev.glasshouse.Chat;
import dev.glasshouse.Model;
import dev.glasshouse.chat.Message;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.weights.GlassException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glass run}: chat, one answer, or a text continued. */
@Command(
        name = "run",
        abbreviateSynopsis = true,
        description = {
            "Chat with a model, get one answer, or continue a text.",
            "",
            "With TEXT, or with text on stdin, one answer is printed; without, a chat begins. Only the answer goes to"
                    + " stdout."
        },
        footer = {
            "",
            "Examples:",
            "  glass run smollm2",
            "  glass run smollm2 \"Why is the sky blue?\" --seed 7 --verbose",
            "  glass run tiny --raw --temperature 0 \"Once upon a time\"",
            "  git diff | glass run smollm2 \"Summarise this change:\""
        })
final class RunCommand implements Runnable {
    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Mixin
    private final EngineOption engine = new EngineOption();

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "The message, or with --raw the text to continue.")
    private List<String> words = List.of();

    @Option(names = "--raw", description = "No chat template: continue the text as it is.")
    private boolean raw;

    @Option(names = "--ids", description = "Continue token ids: TEXT is numbers.")
    private boolean ids;

    @Option(names = "--system", paramLabel = "TEXT", description = "The system message of the chat.")
    private Optional<String> system = Optional.empty();

    @Option(names = "--messages", paramLabel = "FILE", description = "Begin with the messages of a JSON file.")
    private Optional<Path> messages = Optional.empty();

    @Option(
            names = {"-n", "--max-tokens"},
            paramLabel = "N",
            description = "Write at most N tokens; otherwise until the model ends or the context is full.")
    private Optional<Integer> maxTokens = Optional.empty();

    @Option(names = "--stop", paramLabel = "TEXT", description = "End the answer before this text; may be repeated.")
    private List<String> stops = List.of();

    @Option(names = "--no-think", description = "Let a model that reasons answer at once, where its template can.")
    private boolean noThink;

    @Option(names = "--show-thinking", description = "Print the reasoning too, on stderr.")
    private boolean showThinking;

    @Option(names = "--json", description = "Print the trace of every step as JSON instead of the answer.")
    private boolean json;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Save the trace of the answer; 'glass replay' runs it again.")
    private Optional<Path> trace = Optional.empty();

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "10",
            description = "Candidates a step in the trace (10).")
    private int top;

    @Option(names = "--verbose", description = "Print memory, settings and timings on stderr.")
    private boolean verbose;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        String text = ids ? "" : text();
        boolean once = ids || !text.isEmpty();
        if (!once && (raw || messages.isEmpty() && !console.inputTerminal())) {
            throw new GlassException("There is no text: give one as an argument or on stdin.");
        }
        AskOptions options = options();
        InstalledModel installed = model.installed(console);
        try (Model open = engine.open(console, installed, verbose)) {
            if (ids) {
                print(text(printer -> open.complete(TokenizeCommand.ids(words), options, printer)));
            } else if (raw) {
                print(text(printer -> open.complete(text, options, printer)));
            } else {
                Chat chat = open.chat();
                system.ifPresent(chat::system);
                messages.ifPresent(file -> chat.load(Input.file(file)));
                if (open.template().isEmpty()) {
                    console.note(console.faint(installed.name() + " has no chat template: it continues your text."));
                }
                if (once) {
                    print(text(printer -> chat.ask(text, options, printer)));
                } else if (waiting(chat)) {
                    print(text(printer -> chat.regenerate(options, printer)));
                } else if (!console.inputTerminal()) {
                    throw new GlassException("The last message is not the user's: there is nothing to answer.");
                } else {
                    if (trace.isPresent()) {
                        throw new GlassException(
                                "--trace saves the trace of one answer. In a chat, '/trace FILE' does it.");
                    }
                    new Repl(console, installed, open, chat, options, showThinking, verbose).run();
                }
            }
        }
    }

    private static boolean waiting(Chat chat) {
        List<Message> all = chat.messages();
        return !all.isEmpty() && all.getLast().role().equals("user");
    }

    private interface Asking {
        Answer ask(AnswerPrinter printer);
    }

    private Answer text(Asking asking) {
        AnswerPrinter printer = new AnswerPrinter(console, showThinking, !json);
        Answer answer = asking.ask(printer);
        printer.finish(answer, verbose);
        return answer;
    }

    private void print(Answer answer) {
        answer.trace().ifPresent(made -> {
            if (json) {
                console.json(made.toJson());
            }
            trace.ifPresent(file -> TraceFile.save(console, file, made));
        });
    }

    /** The arguments and, behind them, what is piped in. */
    private String text() {
        List<String> parts = new ArrayList<>();
        if (!words.isEmpty()) {
            parts.add(String.join(" ", words));
        }
        if (!console.inputTerminal()) {
            String piped = Input.all();
            if (!piped.isBlank()) {
                parts.add(raw ? piped : piped.strip());
            }
        }
        return String.join("\n\n", parts);
    }

    private AskOptions options() {
        AskOptions options =
                AskOptions.DEFAULT.withSettings(SamplerOptions.values(spec)).withThinking(!noThink);
        for (String stop : stops) {
            options = options.withStop(stop);
        }
        if (maxTokens.isPresent()) {
            options = options.withMaxTokens(maxTokens.get());
        }
        return json || trace.isPresent() ? options.withTrace(top) : options;
    }
}
