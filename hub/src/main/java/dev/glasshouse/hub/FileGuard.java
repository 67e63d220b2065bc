package dev.glasshouse.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one process at a time fetches a file: an operating-system lock on an empty file of its own, which
 * vanishes with the process, kill -9 included. The lock file itself stays; deleting it would open a race.
 */
final class FileGuard implements AutoCloseable {
    private static final long POLL_MILLISECONDS = 200;

    private final FileChannel channel;
    private final @Nullable FileLock lock;

    private FileGuard(FileChannel channel, @Nullable FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Waits for the lock, telling {@code onWait} once when somebody else holds it. */
    static FileGuard take(Path home, Path file, Runnable onWait) throws IOException {
        Path locks = Files.createDirectories(home.resolve("locks"));
        byte[] name = file.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
        Path lockFile = locks.resolve(Hashes.sha256(name).substring(0, 32) + ".lock");
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean told = false;
        try {
            while (true) {
                FileLock lock = tryLock(channel);
                if (lock != null) return new FileGuard(channel, lock);
                if (!told) onWait.run();
                told = true;
                Thread.sleep(POLL_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for another download");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this JVM has it
        }
    }

    @Override
    public void close() throws IOException {
        if (lock != null) lock.release();
        channel.close();
    }
}
