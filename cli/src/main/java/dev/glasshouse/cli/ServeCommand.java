package dev.glasshouse.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass serve}: the page and the HTTP interfaces. */
@Command(
        name = "serve",
        abbreviateSynopsis = true,
        description = {
            "Serve the page that shows a model think, and interfaces for programs.",
            "",
            "The page is at http://127.0.0.1:11500/; chat programs for OpenAI's interface use http://127.0.0.1:11500/v1."
                    + " Only this machine can reach it, until --host says otherwise; then an API key is needed."
        },
        footer = {
            "",
            "Ctrl+C ends it: answers in progress may finish first.",
            "",
            "Examples:",
            "  glass serve                    the page, with the model inside the program",
            "  glass serve smollm2            with a model that is fetched if need be",
            "  glass serve smollm2 --port 8080",
            "  GLASS_API_KEY=secret glass serve smollm2 --host 0.0.0.0",
            "  curl -H 'Content-Type: application/json' 127.0.0.1:11500/v1/chat/completions \\",
            "    -d '{\"messages\": [{\"role\": \"user\", \"content\": \"Why is the sky blue?\"}]}'"
        })
final class ServeCommand implements Runnable {
    private final Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "The model that is used where a request names none; without it, tiny.")
    private Optional<String> model = Optional.empty();

    @Mixin
    private final EngineOption engine = new EngineOption();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Listen at this address (127.0.0.1).")
    private String host = "127.0.0.1";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "N",
            defaultValue = "11500",
            description = "Listen at this port (11500); 0: any that is free.")
    private int port = 11500;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description =
                    "Ask for this key; may be repeated. Others on this machine can see it: better use a file or GLASS_API_KEY.")
    private List<String> keys = List.of();

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "Ask for one of the keys in this file, one a line.")
    private Optional<Path> keyFile = Optional.empty();

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = "Answer under this name too, for example behind a proxy; may be repeated.")
    private List<String> hosts = List.of();

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description = "Let pages of this origin use it (https://chat.example); may be repeated.")
    private List<String> origins = List.of();

    @Option(
            names = "--max-models",
            paramLabel = "N",
            defaultValue = "2",
            description = "Keep at most N models in memory (2).")
    private int maxModels = 2;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "Compute at most N answers at a time, in turns (4).")
    private int parallel = 4;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "32",
            description = "Let at most N more wait; others hear 429 (32).")
    private int queue = 32;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Write at most N tokens a request; otherwise what the context holds.")
    private Optional<Integer> maxTokens = Optional.empty();

    @Option(
            names = "--drain-seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "At the end, let answers in progress go on for N seconds (20).")
    private int drainSeconds = 20;

    @Option(
            names = "--accept-license",
            description = "Accept a licence of MODEL that has conditions, without being asked.")
    private boolean acceptLicence;

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        // Shows the licence and fetches the model, if it is not here yet.
        model.ifPresent(name -> new ModelOption(name, acceptLicence).installed(console));
        VectorModule.load();
        List<String> all = new ArrayList<>(keys);
        keyFile.ifPresent(file -> Input.file(file).lines().map(String::strip).forEach(all::add));
        all.add(Optional.ofNullable(System.getenv("GLASS_API_KEY")).orElse("").strip());
        all.removeIf(String::isEmpty);
        // In a class of its own, so that other commands do not load the server.
        new Serving(console)
                .run(new Serving.Choice(
                        host,
                        port,
                        all,
                        hosts,
                        origins,
                        maxModels,
                        parallel,
                        queue,
                        maxTokens,
                        drainSeconds,
                        model,
                        engine.options()));
    }
}
