package dev.glasshouse.cli;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that a command made. */
final class Folders {
    private Folders() {}

    /** Deletes a folder that this command has just made, with all that is in it; nothing where there is none. */
    static void deleteNew(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new GlassException(folder + " could not be deleted again: " + Input.reason(e), e);
        }
    }
}
