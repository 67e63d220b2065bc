package dev.glasshouse.cli;

import dev.glasshouse.training.data.DataSet;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass data build}: text to tokens. */
@Command(
        name = "build",
        description = {
            "Make training data from files of text, or of JSON lines.",
            "",
            "Exact duplicates are dropped. Which documents are kept for validation hangs on their own text alone, so that the"
                    + " same text is on the same side in any mixture."
        },
        footer = {
            "",
            "Examples:",
            "  glass data build my.txt -o my-data",
            "  glass data build a.jsonl b.jsonl --key content --vocabulary 4096 -o data"
        })
final class DataBuildCommand implements Runnable {
    private final Console console;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Text in UTF-8, or JSON lines (.jsonl) with a text in each.")
    private List<Path> files = List.of();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "OUT",
            required = true,
            description = "The folder to write; it must not be there.")
    private Path out = Path.of("");

    @Mixin
    private final DataOption data = new DataOption();

    @Option(names = "--json", description = "Print the manifest.")
    private boolean json;

    DataBuildCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (DataSet made = data.build(console, files, out, false, false, 0)) {
            DataShowCommand.print(console, made, json);
        }
    }
}
