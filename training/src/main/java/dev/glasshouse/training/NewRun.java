package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
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
    /** Whether the folder goes too if nothing begins: not one that somebody had made. */
    private final boolean ours;

    private RunFolder held;
    private boolean holds = true;

    private NewRun(Path folder, boolean anew, boolean ours, RunFolder held) {
        this.folder = folder;
        this.anew = anew;
        this.ours = ours;
        this.held = held;
    }

    /**
     * Takes a folder for a new training.
     *
     * @param inputs files and folders that it will be made from: never deleted
     * @throws GlassException if the folder holds a training or anything else, or another process prepares one there
     */
    public static NewRun take(Path folder, List<Path> inputs) {
        boolean there = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
        if (there) {
            check(folder, inputs);
        }
        boolean left = Files.exists(folder.resolve(RunFolder.IN_USE), LinkOption.NOFOLLOW_LINKS);
        RunFolder held = RunFolder.open(folder);
        try {
            check(folder, inputs); // again: another process may have worked here until now
            NewRun run = new NewRun(folder, left, left || !there, held);
            run.empty();
            return run;
        } catch (GlassException e) {
            held.close();
            throw e;
        }
    }

    private static void check(Path folder, List<Path> inputs) {
        if (!unbegun(folder)) {
            throw new GlassException(folder + " holds a training already: go on with 'glass train --resume " + folder
                    + "', or choose another folder.");
        }
        if (inputs.stream().anyMatch(input -> lies(input, folder)) || !preparedOnly(folder)) {
            throw new GlassException(
                    folder + " is there already, and holds no training that could go on: choose another folder,"
                            + " or delete it.");
        }
    }

    /** Certainly not begun: a folder that cannot be looked into may have. */
    private static boolean unbegun(Path folder) {
        return Files.notExists(folder.resolve(RunFolder.FACTS), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean lies(Path input, Path folder) {
        try {
            return input.toRealPath().startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false; // there is no such file that could be deleted
        }
    }

    /** Only a folder with our lock in it is ours to delete from; an empty one has nothing to delete. */
    private static boolean preparedOnly(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            List<String> names =
                    paths.map(path -> path.getFileName().toString()).toList();
            return names.isEmpty() || names.contains(RunFolder.IN_USE) && PREPARED.containsAll(names);
        } catch (IOException | UncheckedIOException e) {
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

    /**
     * Lets the folder go, and deletes it where no training has begun in it.
     *
     * @throws GlassException if another process has taken it since, or it cannot be deleted
     */
    @Override
    public void close() {
        if (!unbegun(folder)) {
            release();
            return;
        }
        if (!holds) {
            held = RunFolder.open(folder); // never delete what another process has taken since
            holds = true;
        }
        try {
            if (unbegun(folder)) {
                empty();
                delete();
            }
        } finally {
            release();
        }
    }

    /** The lock's file goes while the lock is held, so that nobody finds it and takes it for theirs. */
    private void delete() {
        try {
            Files.deleteIfExists(folder.resolve(RunFolder.IN_USE));
            if (ours) {
                Files.deleteIfExists(folder);
            }
        } catch (DirectoryNotEmptyException e) {
            // somebody has put something there meanwhile: it stays
        } catch (IOException e) {
            throw new GlassException("Cannot delete " + folder + " again: " + e + ".", e);
        }
    }
}
