package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * {@code log.jsonl}: what happened in a training, a JSON object a line, in the order of the steps. A resumed run's log equals
 * that of a run without a break, but for {@code seconds}: what lies beyond the checkpoint is cut off and written again.
 */
public final class TrainingLog implements AutoCloseable {
    /** A line. */
    public sealed interface Entry {
        /** Updates done. */
        long step();

        /** Seconds of work since the training began, those of broken sessions up to their last checkpoint included. */
        double seconds();

        /** The line. */
        Json.ObjectValue toJson();
    }

    /**
     * A step.
     *
     * @param step its number, from 1
     * @param loss mean loss of its tokens before its update, in nats
     * @param norm of the gradients before clipping
     * @param rate the learning rate of AdamW
     * @param tokens learnt from so far
     */
    public record Step(long step, double loss, double norm, double rate, long tokens, double seconds) implements Entry {
        @Override
        public Json.ObjectValue toJson() {
            return Json.object()
                    .put("step", step)
                    .put("loss", loss)
                    .put("norm", norm)
                    .put("rate", rate)
                    .put("tokens", tokens)
                    .put("seconds", seconds)
                    .build();
        }
    }

    /**
     * The loss on the validation split.
     *
     * @param step updates done
     * @param validation mean loss in nats a token
     * @param bitsPerByte the same by the bytes of its text, which other vocabularies can be compared with
     * @param tokens that it was taken of
     */
    public record Validation(long step, double validation, double bitsPerByte, long tokens, double seconds)
            implements Entry {
        @Override
        public Json.ObjectValue toJson() {
            return Json.object()
                    .put("step", step)
                    .put("validation", validation)
                    .put("bits_per_byte", bitsPerByte)
                    .put("tokens", tokens)
                    .put("seconds", seconds)
                    .build();
        }
    }

    /**
     * A text that the model wrote.
     *
     * @param step updates done
     * @param prompt what it began with
     * @param text what followed
     */
    public record Sample(long step, String prompt, String text, double seconds) implements Entry {
        @Override
        public Json.ObjectValue toJson() {
            return Json.object()
                    .put("step", step)
                    .put("prompt", prompt)
                    .put("text", text)
                    .put("seconds", seconds)
                    .build();
        }
    }

    /**
     * A picture of the film strip.
     *
     * @param step updates done
     * @param film its trace, a file below the run's folder
     */
    public record Picture(long step, String film, double seconds) implements Entry {
        @Override
        public Json.ObjectValue toJson() {
            return Json.object()
                    .put("step", step)
                    .put("film", film)
                    .put("seconds", seconds)
                    .build();
        }
    }

    private final Path file;
    private final FileChannel channel;

    private TrainingLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a log to go on with.
     *
     * @param bytes what of it holds; the rest is cut off
     * @throws GlassException if the file cannot be written, or is shorter
     */
    static TrainingLog open(Path file, long bytes) {
        try {
            long size = Files.exists(file) ? Files.size(file) : 0;
            if (size < bytes) {
                throw new GlassException("The log " + file + " has " + size + " bytes; the checkpoint knows of " + bytes
                        + ". It was cut or replaced: put it back, or begin anew in another folder.");
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(bytes);
            channel.position(bytes);
            return new TrainingLog(file, channel);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static GlassException failed(Path file, IOException e) {
        return new GlassException(
                "Cannot write the log " + file + ": " + e.getMessage()
                        + ". The checkpoints are as they were: free some space and resume.",
                e);
    }

    /** Adds a line. @throws GlassException if it cannot be written */
    void append(Entry entry) {
        ByteBuffer line = ByteBuffer.wrap((entry.toJson().write() + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Forces all lines to the disk and returns their bytes. @throws GlassException if that fails */
    long force() {
        try {
            channel.force(true);
            return channel.position();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /**
     * Reads a log; a last line that is cut short, as of a run that is being written, is left out.
     *
     * @throws GlassException naming file and line if it is no log
     */
    public static List<Entry> read(Path file) {
        List<Entry> entries = new ArrayList<>();
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new GlassException("Cannot read the log " + file + ": " + e + ".", e);
        }
        int line = 1;
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from), line++) {
            try {
                entries.add(entry(Json.parse(text.substring(from, end)).asObject()));
            } catch (GlassException e) {
                throw new GlassException("Line " + line + " of the log " + file + " is none: " + e.getMessage(), e);
            }
            from = end + 1;
        }
        return entries;
    }

    private static Entry entry(Json.ObjectValue json) {
        long step = json.get("step").asLong();
        double seconds = json.get("seconds").asDouble();
        OptionalDouble loss = json.number("loss");
        if (loss.isPresent()) {
            return new Step(
                    step,
                    loss.getAsDouble(),
                    json.get("norm").asDouble(),
                    json.get("rate").asDouble(),
                    json.get("tokens").asLong(),
                    seconds);
        }
        if (json.find("validation").isPresent()) {
            return new Validation(
                    step,
                    json.get("validation").asDouble(),
                    json.get("bits_per_byte").asDouble(),
                    json.get("tokens").asLong(),
                    seconds);
        }
        if (json.find("film").isPresent()) {
            return new Picture(step, json.get("film").asString(), seconds);
        }
        return new Sample(step, json.get("prompt").asString(), json.get("text").asString(), seconds);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }
}
