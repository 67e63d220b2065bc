package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a training that is being prepared: held against other processes from before its data is made, and deleted again
 * if the training does not begin. What a killed process left of such a folder is used anew.
 */
public final class NewRun implements AutoCloseable {
    /** All that there can be before {@code run.json}. */
    private static final List<String> PREPARED = List.of(RunFolder.IN_USE, "data", "data.partial", ".run.json.partial");

    private final Path folder;
    private final boolean anew;
    private RunFolder held;
    private boolean holds = true;

    private NewRun(Path folder, boolean anew) {
        this.folder = folder;
        this.anew = anew;
        held = RunFolder.open(folder);
    }

    /**
     * Takes a folder for a new training.
     *
     * @param inputs files and folders that it will be made from: never deleted
     * @throws GlassException if the folder holds a training or anything else, or another process prepares one there
     */
    public static NewRun take(Path folder, List<Path> inputs) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return new NewRun(folder, false);
        }
        if (RunFolder.begun(folder)) {
            throw new GlassException(folder + " holds a training already: go on with 'glass train --resume " + folder
                    + "', or choose another folder.");
        }
        Path whole = folder.toAbsolutePath().normalize();
        boolean needed = inputs.stream()
                .anyMatch(input -> input.toAbsolutePath().normalize().startsWith(whole));
        if (needed || !preparedOnly(folder)) {
            throw new GlassException(
                    folder + " is there already, and holds no training that could go on: choose another folder,"
                            + " or delete it.");
        }
        NewRun run = new NewRun(folder, true);
        try {
            run.empty();
        } catch (GlassException e) {
            run.release();
            throw e;
        }
        return run;
    }

    /** Only a folder with our lock in it is ours to delete from. */
    private static boolean preparedOnly(Path folder) {
        if (!Files.isRegularFile(folder.resolve(RunFolder.IN_USE), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> names = Files.list(folder)) {
            return names.allMatch(path -> PREPARED.contains(path.getFileName().toString()));
        } catch (IOException e) {
            throw new GlassException("Cannot read the folder " + folder + ": " + e + ".", e);
        }
    }

    private void empty() {
        try {
            for (String name : PREPARED) {
                if (!name.equals(RunFolder.IN_USE)) {
                    Durable.delete(folder.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new GlassException("Cannot delete what a broken training left in " + folder + ": " + e + ".", e);
        }
    }

    /** Whether the folder is left from a training that was broken off before its first step. */
    public boolean anew() {
        return anew;
    }

    /** Lets the folder go, for {@link Trainer#run} to take it. */
    public void release() {
        if (holds) {
            holds = false;
            held.close();
        }
    }

    /** Lets the folder go, and deletes it where no training has begun in it. */
    @Override
    public void close() {
        if (RunFolder.begun(folder)) {
            release();
            return;
        }
        if (!holds) {
            held = RunFolder.open(folder); // never delete what another process has taken since
            holds = true;
        }
        try {
            empty();
        } finally {
            release();
        }
        try {
            Files.deleteIfExists(folder.resolve(RunFolder.IN_USE));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new GlassException("Cannot delete " + folder + " again: " + e + ".", e);
        }
    }
}
