package dev.glasshouse.training.data;

import dev.glasshouse.weights.FileDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the shards and the list of document starts of one split. */
final class SplitWriter implements AutoCloseable {
    private final Path folder;
    private final Split split;
    private final int vocabulary;
    private final long shardTokens;
    private final List<FileSink> shards = new ArrayList<>();
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
            if (shards.isEmpty() || shards.getLast().count() == shardTokens) {
                if (!shards.isEmpty()) {
                    shards.getLast().finish();
                }
                Path file = folder.resolve(Manifest.shardName(split, shards.size()));
                shards.add(new FileSink(file, TokenFile.width(vocabulary), vocabulary));
            }
            shards.getLast().put(id);
        }
        tokens += ids.length;
    }

    Manifest.Part finish() throws IOException {
        if (!shards.isEmpty()) {
            shards.getLast().finish();
        }
        starts.finish();
        List<Manifest.Shard> done = new ArrayList<>();
        for (FileSink shard : shards) {
            String name = String.valueOf(shard.file().getFileName());
            done.add(new Manifest.Shard(name, shard.count(), FileDigest.sha256(shard.file(), read -> {})));
        }
        return new Manifest.Part(starts.count(), tokens, bytes, done, FileDigest.sha256(starts.file(), read -> {}));
    }

    @Override
    public void close() {
        shards.forEach(FileSink::close);
        starts.close();
    }

    static String label(Split split) {
        return split.name().toLowerCase(Locale.ROOT);
    }
}
