package dev.glasshouse.training;

import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.training.Verification.CannotTell;
import dev.glasshouse.training.Verification.Different;
import dev.glasshouse.training.Verification.Verdict;
import dev.glasshouse.training.data.DataBuilder;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.DataSource;
import dev.glasshouse.training.data.DocumentRule;
import dev.glasshouse.training.data.Manifest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The data of a recipe, for a check: the folder given, {@code data/} beside the lock, or made again, from the texts given or by
 * the program's own generator.
 */
final class DataFinder {
    /** What was found. */
    sealed interface Result {}

    /**
     * The data of the recipe.
     *
     * @param how where it comes from, for people
     */
    record Found(DataSet data, String how) implements Result {}

    /** No data, or other data. */
    record Wrong(Verdict verdict) implements Result {}

    private final Path folder;
    private final Path given;
    private final RecipeLock lock;
    private final VerifyOptions options;
    private final Path scratch;
    private final VerifyListener listener;

    DataFinder(Path folder, Path given, RecipeLock lock, VerifyOptions options, Path scratch, VerifyListener listener) {
        this.listener = listener;
        this.folder = folder;
        this.given = given;
        this.lock = lock;
        this.options = options;
        this.scratch = scratch;
    }

    Result find() {
        for (Path path : options.data()) {
            if (Files.isDirectory(path)) {
                return open(path, "the folder " + path);
            }
        }
        if (options.data().isEmpty()) {
            for (Path path : List.of(folder.resolve("data"), given.resolve("data"))) {
                if (Files.isDirectory(path) && !Files.isSymbolicLink(path)) {
                    return open(path, "the shards in " + path);
                }
            }
        }
        return again();
    }

    private Result open(Path path, String how) {
        DataSet data;
        try {
            data = DataSet.open(path);
        } catch (GlassException e) {
            return new Wrong(new Different("data", -1, "", String.valueOf(e.getMessage())));
        }
        Optional<Verdict> wrong = compare(data);
        if (wrong.isPresent()) {
            data.close();
            return new Wrong(wrong.get());
        }
        return new Found(data, how + ", by SHA-256");
    }

    private Optional<Verdict> compare(DataSet data) {
        try {
            data.verify();
        } catch (GlassException e) {
            return Optional.of(new Different("data", -1, "", String.valueOf(e.getMessage())));
        }
        if (!data.sha256().equals(lock.dataSha256())) {
            return Optional.of(new Different(
                    "data",
                    -1,
                    "",
                    "The data in " + data.folder() + " has the SHA-256 " + data.sha256() + "; the recipe's has "
                            + lock.dataSha256() + "."));
        }
        return Optional.empty();
    }

    /** Builds the data anew. */
    private Result again() {
        Manifest manifest;
        try {
            manifest = Manifest.of(lock.data());
        } catch (GlassException e) {
            return new Wrong(new Different(RecipeLock.NAME, -1, "", "The lock's manifest: " + e.getMessage()));
        }
        List<String> missing = new ArrayList<>();
        List<DataSource> sources = new ArrayList<>();
        for (Manifest.Source source : manifest.sources()) {
            source(source)
                    .ifPresentOrElse(
                            sources::add,
                            () -> missing.add(
                                    "The text \"" + source.name() + "\" with the SHA-256 " + source.sha256()
                                            + " is needed to make the data again: give it with --data, or give the folder of the data."));
        }
        if (!missing.isEmpty()) {
            return new Wrong(new CannotTell(missing));
        }
        Json config = Json.read(folder.resolve(ModelExport.TOKENIZER_CONFIG));
        boolean learning = manifest.tokenizerRecipe().isPresent();
        DataBuilder builder = manifest.tokenizerRecipe()
                .map(DataBuilder::learning)
                .orElseGet(() -> DataBuilder.with(
                        TrainedTokenizer.read(Json.read(folder.resolve(ModelExport.TOKENIZER)), config)));
        builder.split(manifest.splitRule())
                .endsDocuments(manifest.endsDocuments())
                .threads(options.threads());
        config.asObject().string("chat_template").ifPresent(builder::chatTemplate);
        if (manifest.train().shards().size() > 1) {
            builder.shardTokens(manifest.train().shards().getFirst().tokens());
        }
        sources.forEach(builder::add);
        listener.making("the data, from "
                + manifest.sources().stream()
                        .mapToLong(Manifest.Source::documents)
                        .sum() + " documents");
        DataSet data = builder.build(scratch.resolve("data"));
        Optional<Verdict> wrong = compare(data);
        if (wrong.isPresent()) {
            data.close();
            return new Wrong(wrong.get());
        }
        return new Found(
                data,
                learning
                        ? "made again: the tokenizer learnt anew, every shard by SHA-256"
                        : "made again with the tokenizer of the folder, every shard by SHA-256");
    }

    private Optional<DataSource> source(Manifest.Source source) {
        if (source.kind().equals("generated")) {
            return StoryData.source(source.how());
        }
        for (Path path : options.data()) {
            if (Files.isRegularFile(path) && ModelFiles.sha256(path).equals(source.sha256())) {
                return file(source, path);
            }
        }
        return Optional.empty();
    }

    /** How the text was read, as its manifest says; empty where it says something else. */
    private static Optional<DataSource> file(Manifest.Source source, Path path) {
        Json.ObjectValue how = source.how().asObject();
        if (source.kind().equals("jsonl")) {
            return how.string("key").map(key -> new DataSource.JsonLines(path, key, source.licence()));
        }
        String rule = how.string("documents").orElse("");
        return Arrays.stream(DocumentRule.values())
                .filter(known -> known.label().equals(rule))
                .map(known -> (DataSource) new DataSource.TextFile(path, known, source.licence()))
                .findFirst();
    }
}
