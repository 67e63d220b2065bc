package dev.glasshouse.cli;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The texts that a training learns from: files of text, and of JSON lines with a text in each. */
final class TextFiles {
    /** Pieces of a long text that are counted on their own. */
    private static final int PIECE = 1 << 20;

    private TextFiles() {}

    /** Whether a file holds one JSON object a line, by its name. */
    static boolean jsonLines(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jsonl") || name.endsWith(".ndjson");
    }

    /** @throws GlassException if one is no file that can be read */
    static void check(List<Path> files) {
        for (Path file : files) {
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw new GlassException(
                        file + " is " + (Files.isDirectory(file) ? "a folder" : "not there or may not be read")
                                + ": name files of text, or of JSON lines (.jsonl).");
            }
        }
    }

    /** The texts of all files, each read when its turn comes; in JSON lines the text stands at {@code key}. */
    static Stream<String> texts(List<Path> files, String key) {
        return files.stream().flatMap(file -> {
            String all = Input.file(file);
            if (all.isBlank()) {
                throw new GlassException(file + " is empty: there is nothing to learn from.");
            }
            if (all.indexOf('\0') >= 0) {
                throw new GlassException(file + " is not text: it has bytes of zero in it.");
            }
            return jsonLines(file) ? lines(file, all, key) : pieces(all).stream();
        });
    }

    private static Stream<String> lines(Path file, String all, String key) {
        List<String> texts = new ArrayList<>();
        int number = 0;
        for (String line : all.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                try {
                    texts.add(Json.parse(line).asObject().get(key).asString());
                } catch (GlassException e) {
                    throw new GlassException("Line " + number + " of " + file + ": " + e.getMessage(), e);
                }
            }
        }
        return texts.stream();
    }

    /**
     * A text in pieces for several threads. The cuts lie between a letter and a line break, where every split into words has a
     * border too, so that the words are those of the whole.
     */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int at = PIECE; at < text.length(); at++) {
            if (text.charAt(at) == '\n' && Character.isLetter(text.charAt(at - 1))) {
                pieces.add(text.substring(from, at));
                from = at;
                at += PIECE;
            }
        }
        pieces.add(text.substring(from));
        return pieces;
    }
}
