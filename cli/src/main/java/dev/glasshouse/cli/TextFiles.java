package dev.glasshouse.cli;

import dev.glasshouse.weights.GlassException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The files that a training or a tokenizer learns from, as they are named on the command line. */
final class TextFiles {
    private TextFiles() {}

    /** Whether a file holds one JSON object a line, by its name. */
    static boolean jsonLines(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jsonl") || name.endsWith(".ndjson");
    }

    /** @throws GlassException if one is no file that can be read, or has nothing in it */
    static void check(List<Path> files) {
        for (Path file : files) {
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw new GlassException(
                        file + " is " + (Files.isDirectory(file) ? "a folder" : "not there or may not be read")
                                + ": name files of text, or of JSON lines (.jsonl).");
            }
            if (blank(file)) {
                throw new GlassException(file + " is empty: there is nothing to learn from.");
            }
        }
    }

    private static boolean blank(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            int next = in.read();
            while (next >= 0 && Character.isWhitespace(next)) {
                next = in.read();
            }
            return next < 0;
        } catch (IOException e) {
            throw new GlassException(file + " could not be read: " + Input.reason(e), e);
        }
    }

    /** Bytes of all files. */
    static long bytes(List<Path> files) {
        long sum = 0;
        for (Path file : files) {
            try {
                sum += Files.size(file);
            } catch (IOException e) {
                throw new GlassException(file + " could not be read: " + Input.reason(e), e);
            }
        }
        return sum;
    }
}
