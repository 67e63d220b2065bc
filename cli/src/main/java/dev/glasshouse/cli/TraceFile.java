package dev.glasshouse.cli;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Traces in files: one JSON object, the same as {@code --json} prints. */
final class TraceFile {
    private TraceFile() {}

    static void write(Path file, Trace trace) {
        try {
            Files.writeString(file, trace.toJson().write() + "\n");
        } catch (IOException e) {
            throw new GlassException("The trace could not be written to " + file + ": " + Input.reason(e), e);
        }
    }

    /** Says on stderr that it was written and what to do with it. */
    static void save(Console console, Path file, Trace trace) {
        write(file, trace);
        console.note(console.faint("trace saved; run it again with: glass replay " + file));
    }

    static Trace read(Path file) {
        String text = Input.file(file);
        try {
            return Trace.fromJson(Json.parse(text));
        } catch (GlassException e) {
            throw new GlassException(
                    file + " holds no trace that can be read. " + e.getMessage()
                            + "\n  Traces are written by 'glass run --trace FILE' and 'glass explain --save FILE'.",
                    e);
        }
    }
}
