package dev.glasshouse.training.data;

import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A folder of tokens that {@link DataBuilder} made, mapped into memory. Any thread may read it; closing ends all reading. */
public final class DataSet implements AutoCloseable {
    private record Side(List<TokenFile> shards, long[] firstTokens, TokenFile starts) {}

    private final Path folder;
    private final Manifest manifest;
    private final Map<Split, Side> sides = new EnumMap<>(Split.class);
    private final Arena arena;

    private DataSet(Path folder, Manifest manifest, Arena arena) {
        this.folder = folder;
        this.manifest = manifest;
        this.arena = arena;
    }

    /**
     * Opens a folder. Headers and sizes are checked, hashes are not: see {@link #verify()}.
     *
     * @throws GlassException if it is no data set, or its parts do not fit together
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena lives until close()
    public static DataSet open(Path folder) {
        Path file = folder.resolve(Manifest.FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new GlassException("There is no data in " + folder + ": it has no file " + Manifest.FILE
                    + ". Build the data with `glass data build`.");
        }
        Manifest manifest;
        try {
            manifest = Manifest.of(Json.read(file));
        } catch (GlassException e) {
            throw new GlassException("Cannot use " + file + ": " + e.getMessage(), e);
        }
        Arena arena = Arena.ofShared();
        try {
            DataSet data = new DataSet(folder, manifest, arena);
            for (Split split : Split.values()) {
                data.sides.put(split, data.map(split));
            }
            return data;
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private Side map(Split split) {
        Manifest.Part part = manifest.part(split);
        List<TokenFile> shards = new ArrayList<>();
        long[] first = new long[part.shards().size() + 1];
        int width = TokenFile.width(manifest.vocabulary());
        for (Manifest.Shard shard : part.shards()) {
            TokenFile file = map(shard.file(), width, manifest.vocabulary());
            if (file.count() != shard.tokens()) {
                throw new GlassException(folder.resolve(shard.file()) + " holds " + file.count()
                        + " tokens; the manifest says " + shard.tokens() + ".");
            }
            shards.add(file);
            first[shards.size()] = first[shards.size() - 1] + file.count();
        }
        TokenFile starts = map(Manifest.startsName(split), 8, 0);
        if (starts.count() != part.documents()) {
            throw new GlassException(folder.resolve(Manifest.startsName(split)) + " lists " + starts.count()
                    + " documents; the manifest says " + part.documents() + ".");
        }
        return new Side(shards, first, starts);
    }

    private TokenFile map(String name, int width, int vocabulary) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new GlassException("The file " + file + " of the data is missing. Build the data again.");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return TokenFile.of(bytes, file.toString(), width, vocabulary);
        } catch (IOException e) {
            throw new GlassException("Cannot read " + file + ": " + e + ".", e);
        }
    }

    /**
     * Reads every file and compares its SHA-256 with the manifest's.
     *
     * @throws GlassException naming the first file that differs
     */
    public void verify() {
        check(Manifest.TOKENIZER, manifest.tokenizerSha256());
        check(Manifest.CONFIG, manifest.configSha256());
        for (Split split : Split.values()) {
            check(Manifest.startsName(split), manifest.part(split).startsSha256());
            for (Manifest.Shard shard : manifest.part(split).shards()) {
                check(shard.file(), shard.sha256());
            }
        }
    }

    private void check(String name, String wanted) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new GlassException("The file " + file + " of the data is missing. Build the data again.");
        }
        String found = FileDigest.sha256(file, read -> {});
        if (!found.equals(wanted)) {
            throw new GlassException(file + " has changed: its SHA-256 is " + found + ", the manifest says " + wanted
                    + ". Build the data again.");
        }
    }

    /** What the data is made of. */
    public Manifest manifest() {
        return manifest;
    }

    /** Where it lies. */
    public Path folder() {
        return folder;
    }

    /** Entries of the vocabulary. */
    public int vocabulary() {
        return manifest.vocabulary();
    }

    /** Tokens of one side. */
    public long tokens(Split split) {
        return manifest.part(split).tokens();
    }

    /** Documents of one side. */
    public long documents(Split split) {
        return manifest.part(split).documents();
    }

    /** Bytes of the text of one side, in UTF-8: what a loss in bits is divided by. */
    public long bytes(Split split) {
        return manifest.part(split).bytes();
    }

    /** The hash of what training sees: {@link Manifest#sha256()}. */
    public String sha256() {
        return manifest.sha256();
    }

    /** The tokenizer. @throws GlassException if its file has changed */
    public TrainedTokenizer tokenizer() {
        check(Manifest.TOKENIZER, manifest.tokenizerSha256());
        TrainedTokenizer tokenizer = TrainedTokenizer.read(Json.read(folder.resolve(Manifest.TOKENIZER)), config());
        if (tokenizer.size() != vocabulary()) {
            throw new GlassException("The tokenizer of " + folder + " has " + tokenizer.size()
                    + " entries; the manifest says " + vocabulary() + ".");
        }
        return tokenizer;
    }

    /** The template of chats, if the data is made of chats. */
    public Optional<String> chatTemplate() {
        return config().asObject().string("chat_template");
    }

    private Json config() {
        check(Manifest.CONFIG, manifest.configSha256());
        return Json.read(folder.resolve(Manifest.CONFIG));
    }

    /** The place of a document's first token. @throws GlassException if the list of starts is broken */
    public long documentStart(Split split, long document) {
        Objects.checkIndex(document, documents(split));
        long start = side(split).starts().get(document);
        if (start < 0 || start >= tokens(split)) {
            throw new GlassException("The file " + folder.resolve(Manifest.startsName(split)) + " is broken: document "
                    + document + " begins at token " + start + " of " + tokens(split) + ". Build the data again.");
        }
        return start;
    }

    /**
     * Reads the tokens from {@code at} on, as many as {@code into} holds.
     *
     * @throws IndexOutOfBoundsException if there are not so many
     * @throws GlassException for a token outside the vocabulary
     */
    public void read(Split split, long at, int[] into) {
        Objects.checkFromIndexSize(at, into.length, tokens(split));
        readAround(split, at, into);
    }

    /** As {@link #read}, but behind the last token the first one follows. */
    void readAround(Split split, long at, int[] into) {
        if (into.length == 0) {
            return;
        }
        Side side = side(split);
        int shard = 0;
        while (side.firstTokens()[shard + 1] <= at) {
            shard++;
        }
        TokenFile file = side.shards().get(shard);
        long index = at - side.firstTokens()[shard];
        for (int i = 0; i < into.length; i++) {
            while (index == file.count()) {
                shard = (shard + 1) % side.shards().size();
                file = side.shards().get(shard);
                index = 0;
            }
            long token = file.get(index++);
            if (token < 0 || token >= manifest.vocabulary()) {
                throw new GlassException(
                        "The shard " + folder.resolve(Manifest.shardName(split, shard)) + " is broken: token " + token
                                + " is outside the vocabulary of " + manifest.vocabulary() + ". Build the data again.");
            }
            into[i] = (int) token;
        }
    }

    private Side side(Split split) {
        Side side = sides.get(split);
        if (side == null) {
            throw new IllegalStateException("not open");
        }
        return side;
    }

    @Override
    public void close() {
        arena.close();
    }
}
