package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** What the hub does to the disk, so that a write is either whole and durable or has not happened. */
class Disk {
    /** Bytes that may still be written where the folder lies. */
    long usable(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) at += channel.write(bytes, at);
    }

    /** Replaces a small file in one step: after a crash it holds the old or the new bytes, never a mixture. */
    void replace(Path file, byte[] bytes) throws IOException {
        // A name of its own for each writer: two may replace the same file at once.
        String writer =
                ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId();
        Path temporary = file.resolveSibling(file.getFileName() + "." + writer + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                write(channel, ByteBuffer.wrap(bytes), 0);
                channel.force(true);
            }
            move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Renames over whatever is there, durably. */
    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
        try (FileChannel folder = FileChannel.open(folderOf(to), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Windows does not open folders; there the rename is durable enough
        }
    }

    /** The folder that a file lies in. */
    static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) throw new GlassException(file + " is not a file in a folder.");
        return folder;
    }

    static void createFolders(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException | ReadOnlyFileSystemException e) {
            throw problem("make the folder " + folder, e);
        }
    }

    /** The message for a failed file operation: what was to be done, why it failed, what to do. */
    static GlassException problem(String doing, Exception e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        String remedy;
        if (isFull(e)) {
            remedy =
                    "the disk is full. Free some space there (or set GLASSHOUSE_HOME to another disk) and do the same again:"
                            + " what has arrived is kept.";
        } else if (e instanceof AccessDeniedException
                || e instanceof ReadOnlyFileSystemException
                || text.contains("read-only")
                || text.contains("permission")) {
            remedy = "it may not be written to. Set GLASSHOUSE_HOME to a folder that you may write to.";
        } else {
            remedy = Text.clean(String.valueOf(e), 300) + ". Check the folder, or set GLASSHOUSE_HOME to another one.";
        }
        return new GlassException("Cannot " + doing + ": " + remedy, e);
    }

    static boolean isFull(Exception e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("no space left")
                || text.contains("not enough space")
                || text.contains("quota exceeded")
                || text.contains("file too large");
    }
}
