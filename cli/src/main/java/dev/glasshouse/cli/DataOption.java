package dev.glasshouse.cli;

import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.training.Planner;
import dev.glasshouse.training.data.DataBuilder;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.DataSource;
import dev.glasshouse.training.data.DocumentRule;
import dev.glasshouse.training.data.SplitRule;
import dev.glasshouse.training.data.TokenizerRecipe;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How files of text become training data: tokenizer, documents, what is kept for validation. */
final class DataOption {
    /** Fewer texts than this are long ones: the end of each is kept, as their hashes would choose too little or too much. */
    private static final int FEW_DOCUMENTS = 100;

    private static final String END = DocumentRule.MARK;

    @Option(
            names = {"-v", "--vocabulary"},
            paramLabel = "N",
            description = "Learn a tokenizer of N pieces from the text; without it, as many as suit it.")
    private Optional<Integer> vocabulary = Optional.empty();

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "gpt2",
            description = "How that tokenizer cuts text into words first: gpt2 or llama3 (gpt2).")
    private String split = "gpt2";

    @Option(names = "--characters", description = "Its pieces are the characters of the text.")
    private boolean characters;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "Use a tokenizer that 'glass tokenizer train' made.")
    private Optional<Path> tokenizer = Optional.empty();

    @Option(
            names = "--documents",
            paramLabel = "RULE",
            description = "What a document is: the whole file, what lies between blank lines (blank-lines), or between"
                    + " <|endoftext|> (end-mark). Without it: end-mark where there is one, else file.")
    private Optional<String> documents = Optional.empty();

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Kept from training, to measure on (0.05): whole documents, chosen by their hash; of few"
                    + " long texts the end.")
    private double validation;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "text",
            description = "Of the text in JSON lines (text).")
    private String key = "text";

    @Option(
            names = "--text-license",
            paramLabel = "SPDX",
            defaultValue = DataSource.UNKNOWN_LICENCE,
            description = "The licence of the text, written down in the manifest (unknown).")
    private String licence = DataSource.UNKNOWN_LICENCE;

    /** The folder of the tokenizer that was given. */
    Optional<Path> tokenizer() {
        return tokenizer;
    }

    /**
     * Builds the data from files of text.
     *
     * @param unmarked whether nothing is put behind a document: nanoGPT's way
     */
    DataSet build(Console console, List<Path> files, Path folder, boolean byCharacter, boolean unmarked, double share) {
        TextFiles.check(files);
        if (Files.exists(folder)) {
            throw new GlassException(folder + " is there already; choose another name.");
        }
        DataBuilder builder = tokenizer
                .map(path -> DataBuilder.with(read(path)))
                .orElseGet(() -> DataBuilder.learning(recipe(files, byCharacter || characters, unmarked)));
        builder.endsDocuments(!unmarked);
        long count = 0;
        for (Path file : files) {
            if (TextFiles.jsonLines(file)) {
                builder.add(new DataSource.JsonLines(file, key, licence));
                count += FEW_DOCUMENTS;
            } else {
                DocumentRule rule = rule(file);
                builder.add(new DataSource.TextFile(file, rule, licence));
                count += rule == DocumentRule.FILE ? 1 : FEW_DOCUMENTS;
            }
        }
        double kept = share > 0 ? share : validation;
        builder.split(count < FEW_DOCUMENTS ? new SplitRule.Tail(kept) : new SplitRule.ByHash(kept));
        console.note("making the data …");
        long before = System.nanoTime();
        builder.progress(done -> {
            if (console.errTerminal() && System.nanoTime() - before > 500_000_000L) {
                console.err().print("\r" + Numbers.whole(done) + " documents\u001b[K");
                console.err().flush();
            }
        });
        DataSet made = builder.build(folder);
        if (console.errTerminal()) {
            console.err().print("\r\u001b[K");
        }
        return made;
    }

    private DocumentRule rule(Path file) {
        if (documents.isEmpty()) {
            return contains(file, END) ? DocumentRule.END_MARK : DocumentRule.FILE;
        }
        return switch (documents.get()) {
            case "file" -> DocumentRule.FILE;
            case "blank-lines" -> DocumentRule.BLANK_LINES;
            case "end-mark" -> DocumentRule.END_MARK;
            default ->
                throw new GlassException("'" + documents.get()
                        + "' is no rule for documents; there are file, blank-lines and end-mark.");
        };
    }

    /** Whether a file holds a mark of ASCII characters. It is read piece by piece: a text may be larger than the memory. */
    static boolean contains(Path file, String mark) {
        byte[] buffer = new byte[1 << 16];
        int kept = 0;
        try (InputStream in = Files.newInputStream(file)) {
            int read;
            while ((read = in.read(buffer, kept, buffer.length - kept)) >= 0) {
                int end = kept + read;
                if (new String(buffer, 0, end, StandardCharsets.ISO_8859_1).contains(mark)) {
                    return true;
                }
                kept = Math.min(end, mark.length() - 1); // a mark may begin here and end in the next piece
                System.arraycopy(buffer, end - kept, buffer, 0, kept);
            }
            return false;
        } catch (IOException e) {
            throw new GlassException(file + " could not be read: " + Input.reason(e), e);
        }
    }

    private TokenizerRecipe recipe(List<Path> files, boolean byCharacter, boolean unmarked) {
        List<String> special = unmarked ? List.of() : List.of(END);
        Optional<String> end = unmarked ? Optional.empty() : Optional.of(END);
        return TokenizerTrainCommand.recipe(
                byCharacter,
                vocabulary.orElseGet(() -> Planner.vocabulary(TextFiles.bytes(files))),
                split,
                special,
                0,
                end);
    }

    /** A tokenizer that this program trained. */
    static TrainedTokenizer read(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new GlassException(
                    folder + " holds no tokenizer: name the folder that 'glass tokenizer train' wrote.");
        }
        return TrainedTokenizer.read(Json.read(file), Json.read(folder.resolve("tokenizer_config.json")));
    }
}
