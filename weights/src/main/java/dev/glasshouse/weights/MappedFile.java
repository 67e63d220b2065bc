package dev.glasshouse.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps whole files. */
final class MappedFile {
    private MappedFile() {}

    /** A new arena that any thread may read and its model file closes. */
    @SuppressWarnings("MustBeClosedChecker")
    static Arena arena() {
        return Arena.ofShared();
    }

    /** The file's bytes, read-only, as long as the arena lives. @throws GlassException if it cannot be read */
    static MemorySegment map(Path file, Arena arena) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new GlassException("There is no file " + file + ".", e);
        } catch (IOException e) {
            throw new GlassException("Cannot read " + file + ": " + e + ".", e);
        }
    }
}
