package dev.glasshouse.training;

import dev.glasshouse.engine.Engine;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.SafetensorsFile;
import dev.glasshouse.weights.SafetensorsWriter;
import dev.glasshouse.weights.Tensor;
import dev.glasshouse.weights.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A training at rest: a folder with {@code state.safetensors} (weights by their names, then the optimiser's {@code m.…},
 * {@code v.…} or {@code momentum.…}, all F32) and {@code checkpoint.json} (the rest, and the SHA-256 of the former).
 *
 * @param folder where it is
 * @param progress how far the run was
 * @param config SHA-256 of what decides the weights: the configuration but for the micro-batch
 * @param data SHA-256 of the data set
 * @param log bytes of the log that hold
 * @param sha256 of {@code state.safetensors}
 * @param bytes of {@code state.safetensors}
 */
record Checkpoint(Path folder, Progress progress, String config, String data, long log, String sha256, long bytes) {
    static final String STATE = "state.safetensors";
    static final String FACTS = "checkpoint.json";
    private static final int VERSION = 1;

    /** The folder's name for a step. */
    static String name(long step) {
        return String.format(Locale.ROOT, "step-%08d", step);
    }

    /**
     * Writes a checkpoint below {@code parent}; when this returns it is on the disk, and nothing that happens can take it
     * back. If it fails, what was there stays.
     *
     * @throws GlassException if there is no room or the disk cannot be written
     */
    static Checkpoint write(
            Path parent,
            Progress progress,
            String config,
            String data,
            long log,
            Parameters parameters,
            Optimizer optimizer) {
        String name = name(progress.step());
        Path partial = parent.resolve("." + name + ".partial");
        try {
            Files.createDirectories(parent);
            Durable.delete(partial);
            Files.createDirectory(partial);
            Path state = partial.resolve(STATE);
            long bytes = SafetensorsWriter.write(state, entries(parameters, optimizer));
            String sha256 = FileDigest.sha256(state, done -> {});
            Path folder = parent.resolve(name);
            Checkpoint checkpoint = new Checkpoint(folder, progress, config, data, log, sha256, bytes);
            Durable.writeNew(partial.resolve(FACTS), checkpoint.toJson().pretty() + "\n");
            Durable.publish(partial, folder);
            return checkpoint;
        } catch (IOException e) {
            try {
                Durable.delete(partial);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw new GlassException(
                    "Cannot save the checkpoint of step " + progress.step() + " in " + parent + ": " + e.getMessage()
                            + ". The checkpoints before are as they were: free some space and resume.",
                    e);
        }
    }

    private static List<SafetensorsWriter.Entry> entries(Parameters parameters, Optimizer optimizer) {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, Matrix> tensor : tensors(parameters, optimizer).entrySet()) {
            Matrix values = tensor.getValue();
            entries.add(new SafetensorsWriter.Entry(
                    tensor.getKey(), List.of((long) values.rows(), (long) values.cols()), values.data()));
        }
        return entries;
    }

    /** Weights, then the optimiser's state, by name. */
    static Map<String, Matrix> tensors(Parameters parameters, Optimizer optimizer) {
        Map<String, Matrix> tensors = new LinkedHashMap<>();
        for (int i = 0; i < parameters.shapes().size(); i++) {
            tensors.put(parameters.shapes().get(i).name(), parameters.value(i));
        }
        tensors.putAll(optimizer.state());
        return tensors;
    }

    private Json.ObjectValue toJson() {
        return Json.object()
                .put("glasshouse_checkpoint", VERSION)
                .put("numerics", Engine.NUMERICS_VERSION)
                .put("config_sha256", config)
                .put("data_sha256", data)
                .put("log_bytes", log)
                .put("state_sha256", sha256)
                .put("state_bytes", bytes)
                .put("progress", progress.toJson())
                .build();
    }

    /**
     * Reads what a checkpoint says of itself and checks that its state has the right size.
     *
     * @throws GlassException if it is missing, broken, cut short or of other numerics
     */
    static Checkpoint open(Path folder, double spike) {
        Path facts = folder.resolve(FACTS);
        if (!Files.isRegularFile(facts)) {
            throw new GlassException(folder + " is no checkpoint: " + FACTS + " is missing.");
        }
        Json.ObjectValue json = Json.read(facts).asObject();
        try {
            if (json.get("glasshouse_checkpoint").asLong() != VERSION) {
                throw new GlassException("it is of another version of this program.");
            }
            long numerics = json.get("numerics").asLong();
            if (numerics != Engine.NUMERICS_VERSION) {
                throw new GlassException("its numbers are of numerics version " + numerics + ", this program's of "
                        + Engine.NUMERICS_VERSION + ".");
            }
            Checkpoint checkpoint = new Checkpoint(
                    folder,
                    Progress.parse(json.get("progress").asObject(), spike),
                    Milestone.hash(json.get("config_sha256").asString()),
                    Milestone.hash(json.get("data_sha256").asString()),
                    json.get("log_bytes").asLong(),
                    Milestone.hash(json.get("state_sha256").asString()),
                    json.get("state_bytes").asLong());
            Path state = folder.resolve(STATE);
            long size = Files.isRegularFile(state) ? Files.size(state) : 0;
            if (size != checkpoint.bytes) {
                throw new GlassException(STATE + " has " + size + " bytes instead of " + checkpoint.bytes
                        + ": it was cut short or is missing.");
            }
            return checkpoint;
        } catch (IOException e) {
            throw new GlassException("The checkpoint " + folder + " cannot be read: " + e + ".", e);
        } catch (GlassException e) {
            throw new GlassException("The checkpoint " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Reads all of its state. @throws GlassException if it is not what was written */
    void verify() {
        String found = FileDigest.sha256(folder.resolve(STATE), done -> {});
        if (!found.equals(sha256)) {
            throw new GlassException("The checkpoint " + folder + " cannot be used: " + STATE + " has the SHA-256 "
                    + found + " instead of " + sha256 + ".");
        }
    }

    /**
     * Puts its numbers in place.
     *
     * @throws GlassException if they are not those that were written, or of another model
     */
    void load(Parameters parameters, Optimizer optimizer) {
        verify();
        Path state = folder.resolve(STATE);
        try (Arena arena = Arena.ofShared()) {
            Map<String, Tensor> stored = SafetensorsFile.open(state, arena);
            Map<String, Matrix> tensors = tensors(parameters, optimizer);
            if (!stored.keySet().equals(tensors.keySet())) {
                throw new GlassException("The checkpoint " + folder
                        + " is of another model: its tensors are not those of the" + " configuration.");
            }
            for (Map.Entry<String, Matrix> tensor : tensors.entrySet()) {
                read(
                        stored.getOrDefault(
                                tensor.getKey(), stored.values().iterator().next()),
                        tensor.getValue());
            }
        }
    }

    private void read(Tensor stored, Matrix into) {
        if (stored.type() != TensorType.F32 || stored.rows() != into.rows() || stored.columns() != into.cols()) {
            throw new GlassException("The checkpoint " + folder + " is of another model: " + stored.info()
                    + " should be F32 " + into.rows() + " × " + into.cols() + ".");
        }
        MemorySegment.copy(
                stored.data(),
                ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                0,
                into.data(),
                ValueLayout.JAVA_FLOAT,
                0,
                (long) into.rows() * into.cols());
    }
}
