package dev.glasshouse.cli;

import dev.glasshouse.Answer;
import dev.glasshouse.AskOptions;
import dev.glasshouse.Chat;
import dev.glasshouse.Model;
import dev.glasshouse.chat.Message;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.JsonStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
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
    }

    void run() {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
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
            answer(printer -> chat.ask(message, options, printer));
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
            case REGENERATE -> answer(printer -> chat.regenerate(options, printer));
            case CLEAR -> {
                chat.clear();
                console.note("The chat is empty again.");
            }
            case HELP -> console.err().print(SlashCommand.help());
            case BYE -> {
                return false;
            }
        }
        return true;
    }

    private interface Asking {
        Answer ask(AnswerPrinter printer);
    }

    private void answer(Asking asking) {
        AnswerPrinter printer = new AnswerPrinter(console, showThinking, true);
        Answer answer = asking.ask(printer);
        printer.finish(answer, verbose);
        console.note("");
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
