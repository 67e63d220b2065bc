package dev.glasshouse.cli;

import dev.glasshouse.Answer;
import dev.glasshouse.AskOptions;
import dev.glasshouse.Chat;
import dev.glasshouse.Model;
import dev.glasshouse.Session;
import dev.glasshouse.chat.Message;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.stories.SampleRequests;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.JsonStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The chat at a terminal: a line is a message, a line that begins with a slash is a command. */
final class Repl {
    private final Console console;
    private final InstalledModel installed;
    private final Model model;
    private final Chat chat;
    private final boolean showThinking;
    private final Workbench bench;
    private final GlassBox glass;
    private AskOptions options;
    private boolean verbose;

    Repl(
            Console console,
            InstalledModel installed,
            Model model,
            Chat chat,
            AskOptions options,
            boolean showThinking,
            boolean verbose) {
        this.console = console;
        this.installed = installed;
        this.model = model;
        this.chat = chat;
        this.options = options;
        this.showThinking = showThinking;
        this.verbose = verbose;
        this.bench = new Workbench(model, chat);
        this.glass = new GlassBox(console, model, bench);
    }

    void run() {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build();
                bench) {
            terminal.handle(Terminal.Signal.INT, signal -> chat.cancel());
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .parser(new ReplParser())
                    .completer(new ReplCompleter())
                    .variable(LineReader.SECONDARY_PROMPT_PATTERN, "... ")
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .option(LineReader.Option.BRACKETED_PASTE, true)
                    .build();
            history().ifPresent(file -> reader.setVariable(LineReader.HISTORY_FILE, file));
            console.note(console.faint("Type a message, /? for commands, Ctrl+D to leave."));
            if (installed.name().equals("tiny")) {
                console.note(console.faint("It tells stories of a small world. Ask, for example:"));
                SampleRequests.ALL.forEach(request -> console.note("  " + request));
            }
            loop(reader);
        } catch (IOException e) {
            throw new GlassException("The terminal cannot be used: " + e.getMessage(), e);
        }
    }

    private void loop(LineReader reader) {
        boolean again = true;
        while (again) {
            try {
                String line = reader.readLine(">>> ");
                again = take(reader, line);
            } catch (UserInterruptException e) {
                console.note(console.faint("Ctrl+D or /bye leaves."));
            } catch (EndOfFileException e) {
                return;
            } catch (CancellationException e) {
                console.note(console.faint("(stopped)"));
            } catch (GlassException e) {
                console.error(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Does what a line asks for; false to leave. */
    private boolean take(LineReader reader, String line) {
        String message = ReplParser.message(line);
        if (message.isEmpty()) {
            return true;
        }
        if (!message.startsWith("/")) {
            ask(message, options);
            return true;
        }
        Optional<SlashCommand> command = SlashCommand.of(message);
        if (command.isEmpty()) {
            console.error("There is no command " + message.split("\\s")[0]
                    + "; /? lists them. To send a message that begins" + " with a slash, put it between \"\"\".");
            return true;
        }
        String rest = SlashCommand.rest(message);
        switch (command.get()) {
            case SET -> set(reader, rest);
            case SHOW -> show(rest);
            case SAVE -> save(rest);
            case REGENERATE -> answer(asked -> printer -> chat.regenerate(asked, printer), options);
            case CLEAR -> {
                chat.clear();
                bench.forget();
                console.note("The chat is empty again.");
            }
            case STEP -> step(rest);
            case PICK -> glass.pick(rest, options);
            case BRANCH -> glass.branch(rest, options);
            case GO -> go(rest);
            case SEED -> options = glass.seed(rest, options);
            case SAMPLER -> options = glass.sampler(rest, options);
            case TOKENS -> glass.tokens(rest.equals("all"));
            case PROBS -> glass.probs(rest, options);
            case TREE -> glass.tree(rest);
            case LENS -> glass.lens(rest);
            case WHY -> glass.why();
            case TIME -> glass.time(rest);
            case TRACE -> glass.trace(rest);
            case HELP -> console.err().print(SlashCommand.help(console.width()));
            case BYE -> {
                return false;
            }
        }
        return true;
    }

    private interface Asking {
        Answer ask(AnswerPrinter printer);
    }

    private void ask(String message, AskOptions how) {
        answer(asked -> printer -> chat.ask(message, asked, printer), how);
    }

    /** Every answer is recorded, so that it can be looked into afterwards. */
    private void answer(Function<AskOptions, Asking> asking, AskOptions how) {
        AnswerPrinter printer = new AnswerPrinter(console, showThinking, true);
        Answer answer = asking.apply(bench.recorded(how)).ask(printer);
        printer.finish(answer, verbose);
        bench.answered(answer, printer.tokens());
        console.note("");
    }

    /** {@code /step}: on in the answer, or the first token of a new one. */
    private void step(String rest) {
        if (rest.isEmpty() || rest.chars().allMatch(Character::isDigit)) {
            glass.step(rest, options);
            return;
        }
        AnswerPrinter silent = new AnswerPrinter(console, showThinking, false);
        Answer answer = chat.ask(rest, bench.recorded(options).withMaxTokens(1), silent);
        bench.answered(answer, silent.tokens());
        glass.last();
    }

    /** {@code /go}: the rest of the answer, printed as an answer is, behind what is there. */
    private void go(String rest) {
        AskOptions some =
                rest.isEmpty() ? options : options.withMaxTokens(Workbench.number(rest, "a number of tokens"));
        AnswerPrinter printer = new AnswerPrinter(console, showThinking, true);
        printer.text(bench.text(), false);
        Session.Result result = bench.go(some, printer);
        if (result.finish() == FinishReason.MAX_TOKENS) {
            printer.end();
            console.note(console.faint("(" + result.timings().generatedTokens() + " tokens more; /go goes on)"));
        } else {
            printer.finish(result.finish(), result.timings(), verbose);
            console.note("");
        }
    }

    private void set(LineReader reader, String rest) {
        String[] words = rest.split("\\s+", 3);
        switch (words[0].toLowerCase(Locale.ROOT)) {
            case "parameter" -> {
                if (words.length < 3) {
                    throw new GlassException("/set parameter needs a name and a value; /show parameters lists them.");
                }
                AskOptions changed = options.with(words[1], words[2]);
                model.settings(changed);
                options = changed;
                console.note("set " + words[1] + " to " + words[2]);
            }
            case "system" -> {
                chat.system(rest.length() > 6 ? rest.substring(6).strip() : "");
                console.note(chat.system().isEmpty() ? "no system message" : "set the system message");
            }
            case "verbose" -> verbose = true;
            case "quiet" -> verbose = false;
            case "think", "nothink" -> {
                options = options.withThinking(words[0].equalsIgnoreCase("think"));
                console.note("where the template can say so, the model "
                        + (options.thinking() ? "may reason" : "answers at once"));
            }
            case "history" -> reader.setVariable(LineReader.DISABLE_HISTORY, false);
            case "nohistory" -> reader.setVariable(LineReader.DISABLE_HISTORY, true);
            default -> console.note("/set " + SlashCommand.SET.arguments());
        }
    }

    private void show(String what) {
        switch (what.strip().toLowerCase(Locale.ROOT)) {
            case "info" -> new FactsPicture(console).print(model.facts(), installed);
            case "license", "licence" ->
                console.out().println(new FactsPicture(console).licence(model.facts(), installed));
            case "parameters" -> SettingsPicture.print(console, model.settings(options));
            case "system" -> console.out().println(chat.system().orElse("(no system message)"));
            case "template" ->
                console.out().println(model.template().map(t -> t.source()).orElse("(the model has no chat template)"));
            case "messages" ->
                chat.messages().forEach(message -> console.out()
                        .println(console.bold(message.role()) + "  " + message.text()));
            default -> console.note("/show " + SlashCommand.SHOW.arguments());
        }
    }

    private void save(String file) {
        if (file.isEmpty()) {
            throw new GlassException("/save needs the name of a file.");
        }
        Json json = Json.of(chat.messages().stream().map(Message::toJson).toList());
        try {
            Files.writeString(Path.of(file), json.write(JsonStyle.PRETTY) + "\n");
            console.note("saved " + chat.messages().size() + " messages to " + file + "; 'glass run MODEL --messages "
                    + file + "' goes on from there");
        } catch (IOException e) {
            throw new GlassException("The chat could not be saved to " + file + ": " + Input.reason(e), e);
        }
    }

    private static Optional<Path> history() {
        Path home = HubSettings.ofProcess().home();
        try {
            Files.createDirectories(home);
            return Optional.of(home.resolve("history"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
