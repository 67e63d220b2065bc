package dev.glasshouse.cli;

import dev.glasshouse.Model;
import dev.glasshouse.chat.ChatRequest;
import dev.glasshouse.chat.ChatTemplate;
import dev.glasshouse.chat.Message;
import dev.glasshouse.chat.Prompt;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass template}: what a model really reads when it is sent messages. */
@Command(
        name = "template",
        description = {
            "Show the prompt that a model's chat template makes of messages; without messages, the template itself.",
            "",
            "On a terminal, the template's own text is faint, text from the messages is not: only the former may hold"
                    + " control tokens."
        },
        footer = {
            "",
            "Example:",
            "  glass template smollm2 \"Why is the sky blue?\"",
            "  echo '[{\"role\":\"user\",\"content\":\"Hi\"}]' > m.json; glass template smollm2 --messages m.json --ids"
        })
final class TemplateCommand implements Runnable {
    private final Console console;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "One message of the user.")
    private List<String> words = List.of();

    @Option(names = "--messages", paramLabel = "FILE", description = "A JSON array of {\"role\", \"content\"}.")
    private Optional<Path> messages = Optional.empty();

    @Option(names = "--tools", paramLabel = "FILE", description = "A JSON array of tool descriptions.")
    private Optional<Path> tools = Optional.empty();

    @Option(names = "--system", paramLabel = "TEXT", description = "A system message in front.")
    private Optional<String> system = Optional.empty();

    @Option(names = "--no-generation-prompt", description = "Do not begin the assistant's turn.")
    private boolean noGenerationPrompt;

    @Option(names = "--ids", description = "Print the token ids of the prompt.")
    private boolean ids;

    TemplateCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Path path = model.installed(console).path();
        Optional<ChatTemplate> template = Model.templates(path).choose(tools.isPresent());
        List<Message> list = messages();
        if (list.isEmpty()) {
            console.out()
                    .println(template.orElseThrow(() -> new GlassException(model.name() + " has no chat template."))
                            .source());
            return;
        }
        Tokenizer tokenizer = Model.tokenizer(path);
        Prompt prompt = template.map(t -> t.render(Model.withTokens(
                        ChatRequest.of(list, LocalDateTime.now(ZoneId.systemDefault()))
                                .withTools(tools())
                                .withGenerationPrompt(!noGenerationPrompt),
                        tokenizer)))
                .orElseGet(() -> Prompt.plain(list));
        if (!prompt.templated()) {
            console.note(model.name() + " has no chat template: the messages are plain text to continue.");
        }
        if (prompt.systemMerged()) {
            console.note("The template knows no system role: the system message stands before the first message.");
        }
        if (ids) {
            console.out()
                    .println(Arrays.stream(tokenizer.encode(prompt.parts(), true))
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(" ")));
        } else {
            for (TextPart part : prompt.parts()) {
                console.out().print(part.control() ? console.faint(part.text()) : part.text());
            }
            console.out().println();
        }
    }

    private List<Message> messages() {
        List<Message> list = new ArrayList<>();
        system.ifPresent(text -> list.add(Message.system(text)));
        messages.ifPresent(
                file -> Json.parse(Input.file(file)).asArray().forEach(message -> list.add(Message.fromJson(message))));
        if (!words.isEmpty()) {
            list.add(Message.user(String.join(" ", words)));
        }
        return list;
    }

    private List<Json> tools() {
        return tools.map(file -> Json.parse(Input.file(file)).asArray()).orElse(List.of());
    }
}
