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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data of a recipe, for a check: the folder given, {@code data/} beside the lock, or made again, from the texts given or by
 * the program's own generator.
 */
final class DataFinder {
    /** Where the data is to come from; no shard was read or made yet. */
    sealed interface Place {
        /** Documents of what must be made first. */
        default long documents() {
            return 0;
        }

        /** Bytes on disk of what must be made first. */
        default long diskBytes() {
            return 0;
        }
    }

    /** A data set that is there. */
    private record Folder(Path path, String how) implements Place {}

    /** A data set that must be made from its sources. */
    private record Sources(Manifest manifest, List<DataSource> list) implements Place {
        @Override
        public long documents() {
            return DataFinder.documents(manifest);
        }

        @Override
        public long diskBytes() {
            return manifest.diskBytes();
        }
    }

    /** What was found. */
    sealed interface Result {}

    /**
     * The data of the recipe.
     *
     * @param how where it comes from, for people
     */
    record Found(DataSet data, String how) implements Result {}

    /** No data, or other data. */
    record Wrong(Verdict verdict) implements Place, Result {}

    private static final String GENERATED = "generated";

    private final Path folder;
    private final Path given;
    private final RecipeLock lock;
    private final VerifyOptions options;
    private final Path scratch;
    private final VerifyListener listener;
    /** Of the files of text that were given. */
    private final Map<Path, String> hashes = new HashMap<>();

    DataFinder(Path folder, Path given, RecipeLock lock, VerifyOptions options, Path scratch, VerifyListener listener) {
        this.listener = listener;
        this.folder = folder;
        this.given = given;
        this.lock = lock;
        this.options = options;
        this.scratch = scratch;
    }

    /** Looks at manifests and at the hashes of texts, which is cheap beside reading or making a data set. */
    Place place() {
        for (Path path : options.data()) {
            if (Files.isDirectory(path)) {
                return folder(path, "the folder " + path);
            }
        }
        if (options.data().isEmpty()) {
            for (Path path : List.of(folder.resolve("data"), given.resolve("data"))) {
                if (Files.isDirectory(path) && !Files.isSymbolicLink(path)) {
                    return folder(path, "the shards in " + path);
                }
            }
        }
        return sources();
    }

    /** Reads or makes the data, and compares it with the recipe's. */
    Result find(Place place) {
        return switch (place) {
            case Wrong wrong -> wrong;
            case Folder there -> open(there.path, there.how);
            case Sources sources -> make(sources.manifest, sources.list);
        };
    }

    private Place folder(Path path, String how) {
        try (DataSet data = DataSet.open(path)) {
            Optional<Verdict> other = otherData(data);
            return other.isPresent() ? new Wrong(other.get()) : new Folder(path, how);
        } catch (GlassException e) {
            return new Wrong(new Different("data", -1, "", String.valueOf(e.getMessage())));
        }
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
        return otherData(data);
    }

    /** By its manifest; whether its files are those of the manifest is not looked at. */
    private Optional<Verdict> otherData(DataSet data) {
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

    private Place sources() {
        Manifest manifest = Manifest.of(lock.data());
        Optional<Verdict> impossible = affordable(manifest);
        if (impossible.isPresent()) {
            return new Wrong(impossible.get());
        }
        List<String> missing = new ArrayList<>();
        List<DataSource> sources = new ArrayList<>();
        for (Manifest.Source source : manifest.sources()) {
            source(source)
                    .ifPresentOrElse(
                            sources::add,
                            () -> missing.add(
                                    "The text " + Milestone.quoted(source.name()) + " with the SHA-256 "
                                            + source.sha256()
                                            + " is needed to make the data again: give it with --data, or give the folder of the data."));
        }
        return missing.isEmpty() ? new Sources(manifest, sources) : new Wrong(new CannotTell(missing));
    }

    private Result make(Manifest manifest, List<DataSource> sources) {
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
        builder.shardTokens(manifest.shardTokens())
                .mostTokens(manifest.train().tokens() + manifest.validation().tokens());
        sources.forEach(builder::add);
        listener.making("the data, from " + documents(manifest) + " documents");
        DataSet data;
        try {
            data = builder.build(scratch.resolve("data"));
        } catch (DataBuilder.TooManyTokensException e) {
            return new Wrong(
                    new Different("data", -1, "", "The recipe's texts do not give its data: " + e.getMessage()));
        }
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

    /** A lock comes from somebody else: what it asks for is held against itself and against the disk before anything is made. */
    private Optional<Verdict> affordable(Manifest manifest) {
        for (Manifest.Source source : manifest.sources()) {
            if (source.kind().equals(GENERATED)
                    && source.how().asObject().integer("documents").orElse(-1) != source.documents()) {
                return Optional.of(new Different(
                        RecipeLock.NAME,
                        -1,
                        "",
                        "The lock's manifest lists " + source.documents() + " documents of the source "
                                + Milestone.quoted(source.name()) + ", but has another number of them made."));
            }
        }
        // Of a single text, the end may be for validation: it counts twice then.
        if (documents(manifest)
                > manifest.train().documents()
                        + manifest.validation().documents()
                        + manifest.duplicates()
                        + manifest.empty()) {
            return Optional.of(new Different(
                    RecipeLock.NAME,
                    -1,
                    "",
                    "The lock's manifest has more documents in its sources than it says became of them."));
        }
        long free;
        try {
            free = Files.getFileStore(scratch).getUsableSpace();
        } catch (IOException e) {
            throw new GlassException("Cannot find out how much room there is in " + scratch + ": " + e + ".", e);
        }
        return manifest.diskBytes() <= free
                ? Optional.empty()
                : Optional.of(new CannotTell(List.of("Making the data again takes "
                        + (manifest.diskBytes() / 1_000_000 + 1) + " MB in " + scratch + "; only " + free / 1_000_000
                        + " MB are free there. Free some space, or give the folder of the data with --data.")));
    }

    private static long documents(Manifest manifest) {
        return manifest.sources().stream()
                .mapToLong(Manifest.Source::documents)
                .reduce(0, (sum, more) -> Math.min(sum + more, 1L << 60)); // each is at most 2⁵⁰: no sum overflows
    }

    private Optional<DataSource> source(Manifest.Source source) {
        if (source.kind().equals(GENERATED)) {
            return StoryData.source(source.how());
        }
        for (Path path : options.data()) {
            if (Files.isRegularFile(path)
                    && hashes.computeIfAbsent(path, ModelFiles::sha256).equals(source.sha256())) {
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
