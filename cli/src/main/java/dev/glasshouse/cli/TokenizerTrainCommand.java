package dev.glasshouse.cli;

import dev.glasshouse.tokenizer.BpeOptions;
import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.tokenizer.WordSplit;
import dev.glasshouse.training.data.DataSource;
import dev.glasshouse.training.data.DocumentRule;
import dev.glasshouse.training.data.TokenizerRecipe;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass tokenizer train}: learn a byte-level BPE vocabulary from text. */
@Command(
        name = "train",
        description = {
            "Learn a tokenizer from text: byte-level BPE, as GPT-2 and Llama 3 have it.",
            "",
            "It begins with the 256 bytes, so that any text can be written. Then the pair of neighbours seen most often becomes"
                    + " one piece, again and again, until the vocabulary is full. Pairs never cross the borders of words, which the"
                    + " split defines. The folder OUT gets tokenizer.json and tokenizer_config.json, which Hugging Face's"
                    + " libraries read too."
        },
        footer = {
            "",
            "Examples:",
            "  glass tokenizer train my.txt -o my-tokenizer",
            "  glass tokenizer train a.txt b.jsonl --vocabulary 4096 --split llama3 -o tok"
        })
final class TokenizerTrainCommand implements Runnable {
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

    @Option(
            names = {"-v", "--vocabulary"},
            paramLabel = "N",
            defaultValue = "1024",
            description = "Pieces: 256 bytes, special tokens and merges together (1024).")
    private int vocabulary;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "gpt2",
            description = "How text is cut into words first: gpt2 or llama3 (gpt2).")
    private String split = "gpt2";

    @Option(
            names = "--special",
            paramLabel = "TOKEN",
            description = "A token that stands for structure; may be repeated (<|endoftext|>).")
    private List<String> special = List.of();

    @Option(names = "--end", paramLabel = "TOKEN", description = "Which of them ends a text; without it the first.")
    private Optional<String> end = Optional.empty();

    @Option(names = "--min-count", paramLabel = "N", description = "Merge no pair that is seen less often (0).")
    private long minimumCount;

    @Option(names = "--characters", description = "No merges: one piece for each byte that the text has.")
    private boolean characters;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "text",
            description = "Of the text in JSON lines (text).")
    private String key = "text";

    @Option(names = "--json", description = "Print what was made as JSON.")
    private boolean json;

    TokenizerTrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        TextFiles.check(files);
        if (Files.exists(out)) {
            throw new GlassException(out + " is there already; choose another name.");
        }
        List<String> tokens = special.isEmpty() ? List.of("<|endoftext|>") : special;
        TokenizerRecipe recipe =
                recipe(characters, vocabulary, split, tokens, minimumCount, Optional.of(end.orElse(tokens.getFirst())));
        long before = System.nanoTime();
        List<DataSource> sources = files.stream().map(this::source).toList();
        TrainedTokenizer made = recipe.learn(sources, Runtime.getRuntime().availableProcessors());
        double seconds = (System.nanoTime() - before) / 1e9;
        write(made, out);
        report(made, TextFiles.bytes(files), seconds);
    }

    private DataSource source(Path file) {
        return TextFiles.jsonLines(file)
                ? new DataSource.JsonLines(file, key, DataSource.UNKNOWN_LICENCE)
                : new DataSource.TextFile(file, DocumentRule.FILE, DataSource.UNKNOWN_LICENCE);
    }

    /** A tokenizer from all of the texts; where it has no merges, their bytes decide how large it is. */
    static TokenizerRecipe recipe(
            boolean characters,
            int vocabulary,
            String split,
            List<String> special,
            long minimumCount,
            Optional<String> end) {
        int size = characters ? 256 + special.size() : vocabulary;
        return new TokenizerRecipe(
                characters ? TokenizerRecipe.Method.BYTES : TokenizerRecipe.Method.BPE,
                new BpeOptions(size, split(split), special, minimumCount, end, Optional.empty()),
                0);
    }

    private static WordSplit split(String name) {
        return Arrays.stream(WordSplit.values())
                .filter(each -> each.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new GlassException("'" + name + "' is not a split; there are "
                        + Arrays.stream(WordSplit.values())
                                .map(WordSplit::label)
                                .collect(Collectors.joining(" and "))
                        + "."));
    }

    private static void write(TrainedTokenizer made, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("tokenizer.json"), made.tokenizerJson().write());
            Files.writeString(
                    folder.resolve("tokenizer_config.json"),
                    made.configJson(Optional.empty()).pretty() + "\n");
        } catch (IOException e) {
            throw new GlassException("The tokenizer could not be written to " + folder + ": " + Input.reason(e), e);
        }
    }

    private void report(TrainedTokenizer made, long bytes, double seconds) {
        if (json) {
            console.json(Json.object()
                    .put("folder", out.toString())
                    .put("vocabulary", made.size())
                    .put("merges", made.merges().size())
                    .put("special", made.specialTokens().stream().map(Json::of).toList())
                    .put("split", made.split().label())
                    .put("bytes", bytes)
                    .put("seconds", seconds)
                    .build());
            return;
        }
        console.note(String.format(
                Locale.ROOT,
                "%,d pieces learnt from %s in %.1f s: %s",
                made.size(),
                ProgressBar.bytes(bytes),
                seconds,
                out));
        if (!characters && made.size() < vocabulary) {
            console.note("  The text has too few different pairs for " + Numbers.whole(vocabulary) + " pieces.");
        }
        List<String> merges = made.merges();
        if (!merges.isEmpty()) {
            console.note(console.faint("  first merges: "
                    + merges.subList(0, Math.min(8, merges.size())).stream()
                            .map(merge -> merge.replace(" ", "+").replace("Ġ", "␣"))
                            .collect(Collectors.joining("  "))));
        }
    }
}
