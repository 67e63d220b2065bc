package dev.glasshouse.cli;

import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.Manifest;
import dev.glasshouse.training.data.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass data show}: what training data is made of. */
@Command(
        name = "show",
        description = "Show what training data is made of: sources and their licences, tokens, documents, hashes.")
final class DataShowCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "DIR", description = "A folder that 'glass data build' made.")
    private Path folder = Path.of("");

    @Option(names = "--json", description = "Print the manifest.")
    private boolean json;

    @Option(names = "--text", paramLabel = "N", description = "Print the first N tokens to learn from as text.")
    private Optional<Integer> text = Optional.empty();

    DataShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (DataSet data = DataSet.open(folder)) {
            if (text.isPresent()) {
                int[] ids = new int[(int) Math.clamp(text.get(), 0L, data.tokens(Split.TRAIN))];
                data.read(Split.TRAIN, 0, ids);
                console.out().println(data.tokenizer().tokenizer().decode(ids, true));
            } else {
                print(console, data, json);
            }
        }
    }

    static void print(Console console, DataSet data, boolean json) {
        Manifest manifest = data.manifest();
        if (json) {
            console.json(manifest.json());
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SOURCE", "LICENCE", "SIZE", "DOCUMENTS", "SHA-256"));
        for (Manifest.Source source : manifest.sources()) {
            rows.add(List.of(
                    source.name(),
                    source.licence(),
                    ProgressBar.bytes(source.bytes()),
                    Numbers.whole(source.documents()),
                    source.sha256().substring(0, 16) + "…"));
        }
        Table.print(console, rows);
        console.out().println();
        rows.clear();
        rows.add(List.of("SPLIT", "TOKENS", "DOCUMENTS", "TEXT", "BYTES A TOKEN"));
        for (Split split : Split.values()) {
            Manifest.Part part = manifest.part(split);
            rows.add(List.of(
                    split.name().toLowerCase(Locale.ROOT),
                    Numbers.whole(part.tokens()),
                    Numbers.whole(part.documents()),
                    ProgressBar.bytes(part.bytes()),
                    part.tokens() == 0
                            ? "–"
                            : String.format(Locale.ROOT, "%.2f", (double) part.bytes() / (double) part.tokens())));
        }
        Table.print(console, rows);
        console.out()
                .println("\nvocabulary " + Numbers.whole(manifest.vocabulary()) + ", duplicates dropped "
                        + Numbers.whole(manifest.duplicates()) + "\nsha256 " + data.sha256());
    }
}
