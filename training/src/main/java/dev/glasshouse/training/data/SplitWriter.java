package dev.glasshouse.training.data;

import dev.glasshouse.weights.FileDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes the shards and the list of document starts of one split. */
final class SplitWriter implements AutoCloseable {
    private final Path folder;
    private final Split split;
    private final int vocabulary;
    private final long shardTokens;
    private final List<Manifest.Shard> done = new ArrayList<>();
    private Optional<FileSink> shard = Optional.empty();
    private final FileSink starts;
    private long tokens;
    private long bytes;

    SplitWriter(Path folder, Split split, int vocabulary, long shardTokens) throws IOException {
        this.folder = folder;
        this.split = split;
        this.vocabulary = vocabulary;
        this.shardTokens = shardTokens;
        this.starts = new FileSink(folder.resolve(Manifest.startsName(split)), 8, 0);
    }

    /** Appends a document of {@code textBytes} bytes of UTF-8; nothing for one without tokens. */
    void document(int[] ids, long textBytes) throws IOException {
        if (ids.length == 0) {
            return;
        }
        starts.put(tokens);
        bytes += textBytes;
        for (int id : ids) {
            FileSink into = shard.isPresent() ? shard.get() : begin();
            into.put(id);
            if (into.count() == shardTokens) {
                finishShard();
            }
        }
        tokens += ids.length;
    }

    private FileSink begin() throws IOException {
        Path file = folder.resolve(Manifest.shardName(split, done.size()));
        FileSink sink = new FileSink(file, TokenFile.width(vocabulary), vocabulary);
        shard = Optional.of(sink);
        return sink;
    }

    /** Completes a shard and lets go of its buffer: there may be many. */
    private void finishShard() throws IOException {
        if (shard.isPresent()) {
            FileSink full = shard.get();
            full.finish();
            String name = String.valueOf(full.file().getFileName());
            done.add(new Manifest.Shard(name, full.count(), FileDigest.sha256(full.file(), read -> {})));
            shard = Optional.empty();
        }
    }

    Manifest.Part finish() throws IOException {
        finishShard();
        starts.finish();
        return new Manifest.Part(starts.count(), tokens, bytes, done, FileDigest.sha256(starts.file(), read -> {}));
    }

    @Override
    public void close() {
        shard.ifPresent(FileSink::close);
        starts.close();
    }

    static String label(Split split) {
        return split.name().toLowerCase(Locale.ROOT);
    }
}
