package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The folder of a run, held by one process at a time: {@code run.json} (configuration, data and what is said of the model), {@code log.jsonl},
 * {@code sessions.jsonl} (who computed: recorded, never compared), {@code checkpoints/}, {@code film/}, and in the end
 * {@code model/}.
 */
final class RunFolder implements AutoCloseable {
    /** The lock; it stays once a training has begun, and tells a folder of this program's from others. */
    static final String IN_USE = ".in-use";

    /** With it a run has begun. */
    static final String FACTS = "run.json";

    private static final int VERSION = 1;

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private RunFolder(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes hold of a folder, which is made where it is missing.
     *
     * @throws GlassException if another process trains there or it cannot be written
     */
    static RunFolder open(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve(IN_USE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Optional<FileLock> lock = Optional.empty();
            try {
                lock = Optional.ofNullable(channel.tryLock());
            } catch (OverlappingFileLockException e) {
                // held by this process: as good as held by another
            }
            if (lock.isEmpty()) {
                channel.close();
                throw new GlassException("Another training is at work in " + folder + ".");
            }
            return new RunFolder(folder, channel, lock.get());
        } catch (IOException e) {
            throw new GlassException("Cannot use the folder " + folder + " for a training: " + e + ".", e);
        }
    }

    Path path() {
        return folder;
    }

    Path facts() {
        return folder.resolve(FACTS);
    }

    Path log() {
        return folder.resolve("log.jsonl");
    }

    Path sessions() {
        return folder.resolve("sessions.jsonl");
    }

    Path film() {
        return folder.resolve("film");
    }

    Path model() {
        return folder.resolve("model");
    }

    CheckpointStore checkpoints() {
        return new CheckpointStore(folder.resolve("checkpoints"));
    }

    boolean begun() {
        return begun(folder);
    }

    /**
     * Writes down what is trained on what, where that lies (for people and for resuming; it is not compared), and what is said of
     * the model, so that a run that goes on publishes it under the same licence.
     */
    void begin(TrainingConfig config, DataFeed data, ModelInfo info) {
        Json.ObjectBuilder json = Json.object()
                .put("glasshouse_run", VERSION)
                .put("info", info.toJson())
                .put("data_sha256", data.sha256());
        data.folder().ifPresent(path -> json.put("data", path.toString()));
        try {
            Durable.write(facts(), json.put("config", config.toJson()).build().pretty() + "\n");
        } catch (IOException e) {
            throw new GlassException("Cannot write " + facts() + ": " + e.getMessage() + ".", e);
        }
    }

    /** Where the data of the run in a folder lay. @throws GlassException if there is no run or it does not say */
    static Path data(Path folder) {
        return Path.of(json(folder)
                .string("data")
                .orElseThrow(
                        () -> new GlassException("The training in " + folder + " does not say where its data lies.")));
    }

    /** The configuration of the run in a folder. @throws GlassException if there is none */
    static TrainingConfig config(Path folder) {
        return TrainingConfig.parse(json(folder).get("config"));
    }

    /** What is said of the model of the run in a folder. @throws GlassException if there is no run or it does not say */
    static ModelInfo info(Path folder) {
        return ModelInfo.parse(json(folder)
                .object("info")
                .orElseThrow(() -> new GlassException("The training in " + folder
                        + " does not say under which name and licence: run.json has no \"info\". Begin it anew.")));
    }

    /** Whether a folder holds a run that has begun. */
    static boolean begun(Path folder) {
        return Files.exists(folder.resolve(FACTS));
    }

    private static Json.ObjectValue json(Path folder) {
        if (!begun(folder)) {
            throw new GlassException("The folder " + folder + " holds no training: " + FACTS + " is missing."
                    + (Files.exists(folder.resolve(IN_USE))
                            ? " It was broken off before its first step: begin it anew, without resuming."
                            : ""));
        }
        return Json.read(folder.resolve(FACTS)).asObject();
    }

    /** @throws GlassException that says what differs, if this run has another configuration, other data or another licence */
    void checkSame(TrainingConfig config, String data, ModelInfo info) {
        Json.ObjectValue json = Json.read(facts()).asObject();
        List<String> differences =
                ConfigJson.differences(comparable(TrainingConfig.parse(json.get("config"))), comparable(config));
        if (!differences.isEmpty()) {
            throw new GlassException("The training in " + folder + " cannot go on with another configuration: "
                    + String.join("; ", differences) + ".");
        }
        String recorded = json.get("data_sha256").asString();
        if (!recorded.equals(data)) {
            throw new GlassException(
                    "The training in " + folder + " was begun with other data: the data set's SHA-256 is " + data
                            + " instead of " + recorded + ".");
        }
        if (!info.equals(info(folder))) {
            throw new GlassException("The training in " + folder + " cannot go on as another model: it is "
                    + info(folder).toJson().write() + ", not " + info.toJson().write() + ".");
        }
    }

    /** The micro-batch may change from session to session. */
    private static Json.ObjectValue comparable(TrainingConfig config) {
        return config.toBuilder().microBatch(1).build().toJson();
    }

    /** Adds a line about who computes. */
    void session(Json.ObjectValue session) {
        try {
            Files.writeString(
                    sessions(),
                    session.write() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new GlassException("Cannot write " + sessions() + ": " + e.getMessage() + ".", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new GlassException("Cannot leave the folder " + folder + ": " + e + ".", e);
        }
    }
}
