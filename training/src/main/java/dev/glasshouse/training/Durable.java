package dev.glasshouse.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files that are there in full or not at all, whenever the machine stops: written under another name, forced to the disk,
 * renamed, and the folder forced too.
 */
public final class Durable {
    private Durable() {}

    /** Writes a text; what was there is replaced in one step. */
    static void write(Path file, String text) throws IOException {
        Path partial = file.resolveSibling("." + file.getFileName() + ".partial");
        try {
            Files.deleteIfExists(partial);
            writeNew(partial, text);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(partial);
            throw e;
        }
        force(parent(file));
    }

    /** Writes a text to a free name and forces it to the disk. */
    static void writeNew(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Gives a finished folder its name, replacing one that is there. */
    static void publish(Path partial, Path folder) throws IOException {
        force(partial);
        if (Files.exists(folder)) {
            Path old = folder.resolveSibling("." + folder.getFileName() + ".old");
            delete(old);
            Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
            force(parent(folder));
            delete(old);
        } else {
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
            force(parent(folder));
        }
    }

    /** Forces a folder's names to the disk, where the system can do that. */
    public static void force(Path folder) throws IOException {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return; // there, folders cannot be opened; a rename is journalled
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no file: " + file);
        }
        return parent;
    }

    /** Deletes a file or a folder with all that is in it, if it is there; links are not followed. */
    static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> tree = Files.walk(path)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
