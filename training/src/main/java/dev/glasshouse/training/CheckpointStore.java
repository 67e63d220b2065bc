package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The checkpoints of a run: a folder for each, named after its step. Names that begin with a dot are unfinished or on their
 * way out, and never read.
 */
final class CheckpointStore {
    private final Path folder;

    CheckpointStore(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** All that have their name, the newest first; what they hold was not looked at. */
    List<Path> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(folder)) {
            return names.filter(path -> path.getFileName().toString().matches("step-\\d{8,13}"))
                    .sorted(Comparator.comparingLong(CheckpointStore::step).reversed())
                    .toList();
        } catch (IOException e) {
            throw new GlassException("Cannot read the folder " + folder + ": " + e + ".", e);
        }
    }

    static long step(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("step-".length()));
    }

    /**
     * The newest that can be used: its state is read in full, so that one changed bit gives way to the checkpoint before.
     *
     * @param broken takes what is wrong with those that cannot
     */
    Optional<Checkpoint> newest(double spike, List<String> broken) {
        for (Path path : all()) {
            try {
                Checkpoint checkpoint = Checkpoint.open(path, spike);
                checkpoint.verify();
                return Optional.of(checkpoint);
            } catch (GlassException e) {
                broken.add(String.valueOf(e.getMessage()));
            }
        }
        return Optional.empty();
    }

    /**
     * Deletes all but the last {@code keep} up to step {@code last}, and the best. Newer ones were broken when the run went on:
     * they must not count as kept.
     */
    void prune(long last, int keep, OptionalLong best) {
        List<Path> old = new ArrayList<>();
        int kept = 0;
        for (Path path : all()) {
            long step = step(path);
            boolean stays = step <= last && (kept < keep || best.isPresent() && step == best.getAsLong());
            if (stays) {
                kept++;
            } else {
                old.add(path);
            }
        }
        try {
            for (Path path : old) {
                Path out = path.resolveSibling("." + path.getFileName() + ".old");
                Durable.delete(out);
                Files.move(path, out); // so that no half-deleted checkpoint ever has its name
                Durable.delete(out);
            }
        } catch (IOException e) {
            throw new GlassException("Cannot delete old checkpoints in " + folder + ": " + e + ".", e);
        }
    }

    /** Deletes what a broken run left unfinished. */
    void clean() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> names = Files.list(folder)) {
            for (Path path : names.toList()) {
                if (path.getFileName().toString().matches("\\.step-\\d+\\.(partial|old)")) {
                    Durable.delete(path);
                }
            }
        } catch (IOException e) {
            throw new GlassException("Cannot clean the folder " + folder + ": " + e + ".", e);
        }
    }
}
