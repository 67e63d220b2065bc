package dev.glasshouse.cli;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** Texts from stdin and files, as strict UTF-8 of a bounded length. */
final class Input {
    private static final int MOST_BYTES = 256 << 20;

    private Input() {}

    /** All of stdin. */
    static String all() {
        try {
            return text(readAll(System.in, "stdin"), "stdin");
        } catch (IOException e) {
            throw new GlassException("stdin could not be read: " + e.getMessage(), e);
        }
    }

    /** All of a file. */
    static String file(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return text(readAll(in, path.toString()), path.toString());
        } catch (IOException e) {
            throw new GlassException(path + " could not be read: " + reason(e), e);
        }
    }

    /** Why a file could not be read or written, in words. */
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such file or folder";
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException system ->
                Objects.requireNonNullElse(system.getReason(), "the file system refuses");
            default -> String.valueOf(e.getMessage());
        };
    }

    private static byte[] readAll(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new GlassException(name + " is longer than " + ProgressBar.bytes(MOST_BYTES) + ".");
        }
        return bytes;
    }

    private static String text(byte[] bytes, String name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new GlassException(
                    name + " is not UTF-8 text. Convert it first, for example with iconv -f LATIN1 -t UTF-8.", e);
        }
    }
}
