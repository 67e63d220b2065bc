package dev.glasshouse.training.data;

import dev.glasshouse.training.Durable;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A folder that appears under its name when it is complete, or not at all. */
final class FreshFolder implements AutoCloseable {
    private final Path target;
    private final Path partial;
    private boolean finished;

    /** @throws GlassException if the name is taken, or the folder cannot be made */
    FreshFolder(Path target) {
        this.target = target.toAbsolutePath();
        Path name = this.target.getFileName();
        Path parent = this.target.getParent();
        if (name == null || parent == null || Files.exists(this.target, LinkOption.NOFOLLOW_LINKS)) {
            throw new GlassException("Cannot build data in " + target
                    + ": it exists already. Choose another folder, or delete" + " it.");
        }
        this.partial = parent.resolve(name + ".partial");
        try {
            Files.createDirectories(parent);
            if (Files.isDirectory(partial, LinkOption.NOFOLLOW_LINKS)) {
                empty(); // what a run that was killed left behind
            } else {
                Files.createDirectory(partial);
            }
        } catch (IOException e) {
            throw new GlassException("Cannot make the folder " + partial + ": " + e + ".", e);
        }
    }

    Path path() {
        return partial;
    }

    void write(String name, byte[] content) throws IOException {
        Files.write(partial.resolve(name), content, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
    }

    /** Syncs the folder and gives it its name. */
    void finish() throws IOException {
        Durable.force(partial);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        finished = true;
        Durable.force(partial.resolveSibling("."));
    }

    /** Deletes files, never folders in it. */
    private void empty() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partial)) {
            for (Path file : files) {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new GlassException(partial + " holds something that is not from building data: "
                            + file.getFileName() + ". Delete it by hand, or choose another folder.");
                }
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        if (finished) {
            return;
        }
        try {
            empty();
            Files.delete(partial);
        } catch (IOException e) {
            throw new GlassException("Cannot delete " + partial + ": " + e + ". Delete it by hand.", e);
        }
    }
}
