package dev.glasshouse.training;

import dev.glasshouse.engine.Engine;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code recipe.lock}: all that the weights of a model follow from, and what must come out on the way. With it and the data,
 * anyone can train the model again and compare, see {@link Verifier}.
 *
 * @param numerics version of the definition of all numbers
 * @param data the data set's manifest: sources, split, tokenizer, shards, each with SHA-256
 * @param dataSha256 SHA-256 of the data set
 * @param config the whole configuration, defaults written out
 * @param info what is said of the model: it stands in its files
 * @param base SHA-256 of the weights that training began with, if those were another model's
 * @param tensors names of what a milestone hashes, in order
 * @param milestones the chain, from the first weights to the last
 * @param files SHA-256 of each file of the model, by plain name
 * @param recorded who computed: never compared
 */
public record RecipeLock(
        int numerics,
        Json.ObjectValue data,
        String dataSha256,
        TrainingConfig config,
        ModelInfo info,
        Optional<String> base,
        List<String> tensors,
        List<Milestone> milestones,
        Map<String, String> files,
        Json recorded) {
    /** The file's name. */
    public static final String NAME = "recipe.lock";

    private static final int VERSION = 1;

    /** Beside that of the first weights, where there are so many steps. */
    static final int LEAST_MILESTONES = 20;

    /** Milestones are the largest part: a thousand of them with a thousand tensors. */
    private static final Json.Limits LIMITS = new Json.Limits(32, 64L << 20);

    public RecipeLock {
        tensors = List.copyOf(tensors);
        milestones = List.copyOf(milestones);
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /** The lock as a file holds it; its last member is the SHA-256 of all before it. */
    public String write() {
        return sealed(body()).pretty() + "\n";
    }

    private static Json.ObjectValue sealed(Json.ObjectValue body) {
        Json.ObjectBuilder all = Json.object();
        body.members().forEach(all::put);
        return all.put("sha256", hash(body)).build();
    }

    private static String hash(Json.ObjectValue body) {
        return HexFormat.of().formatHex(FileDigest.sha256().digest(body.write().getBytes(StandardCharsets.UTF_8)));
    }

    private Json.ObjectValue body() {
        Json.ObjectBuilder names = Json.object();
        files.forEach(names::put);
        Json.ObjectBuilder made = Json.object().put("sha256", dataSha256).put("manifest", data);
        return Json.object()
                .put("glasshouse_lock", VERSION)
                .put("numerics", numerics)
                .put("data", made.build())
                .put("training", config.toJson())
                .put("info", info.toJson())
                .put("base", base.map(Json::of).orElse(Json.ofNull()))
                .put("tensors", tensors.stream().map(Json::of).toList())
                .put("milestones", milestones.stream().map(Milestone::toJson).toList())
                .put("files", names.build())
                .put("recorded", recorded)
                .build();
    }

    /**
     * Reads a lock.
     *
     * @throws GlassException if it is missing, broken, of another version, or was edited
     */
    public static RecipeLock read(Path file) {
        try {
            return parse(Json.parse(SafeFolder.bytes(file, LIMITS.characters()), LIMITS)
                    .asObject());
        } catch (EditedException e) {
            throw new EditedException(file + " cannot be trusted: " + e.getMessage());
        } catch (GlassException e) {
            throw new GlassException(file + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** The lock does not hold together. */
    static final class EditedException extends GlassException {
        @Serial
        private static final long serialVersionUID = 1L;

        EditedException(String message) {
            super(message);
        }
    }

    private static RecipeLock parse(Json.ObjectValue json) {
        if (json.get("glasshouse_lock").asLong() != VERSION) {
            throw new GlassException("it is of another version of this program.");
        }
        Json.ObjectBuilder body = Json.object();
        json.members().forEach((name, value) -> {
            if (!name.equals("sha256")) {
                body.put(name, value);
            }
        });
        if (!hash(body.build()).equals(json.get("sha256").asString())) {
            throw new EditedException("it was edited: its own SHA-256 does not fit what stands in it.");
        }
        Json.ObjectValue data = json.get("data").asObject();
        Map<String, String> files = new LinkedHashMap<>();
        json.get("files")
                .asObject()
                .members()
                .forEach((name, hash) -> files.put(SafeFolder.plain(name), Milestone.hash(hash.asString())));
        RecipeLock lock = new RecipeLock(
                json.get("numerics").asInt(),
                data.get("manifest").asObject(),
                Milestone.hash(data.get("sha256").asString()),
                TrainingConfig.parse(json.get("training")),
                ModelInfo.parse(json.get("info").asObject()),
                json.string("base"),
                json.get("tensors").asArray().stream().map(Json::asString).toList(),
                json.get("milestones").asArray().stream().map(Milestone::parse).toList(),
                files,
                json.get("recorded"));
        if (!lock.body().write().equals(body.build().write())) {
            throw new EditedException(
                    "it was edited: something stands in it, or is missing, that this program does not" + " write.");
        }
        lock.check();
        return lock;
    }

    private void check() {
        if (config.model().layers() > tensors.size()) {
            // before anything is computed for so many layers
            throw new EditedException("it was edited: it names " + tensors.size() + " tensors for "
                    + config.model().layers() + " layers.");
        }
        long before = -1;
        for (Milestone milestone : milestones) {
            if (milestone.step() <= before) {
                throw new EditedException("it was edited: its milestones are not in order.");
            }
            before = milestone.step();
        }
        if (milestones.size() <= Math.min(LEAST_MILESTONES, config.steps())
                || milestones.getFirst().step() != 0
                || before != config.steps()) {
            throw new EditedException("it was edited: its " + milestones.size()
                    + " milestones are too few, or do not go from the first weights to the last.");
        }
        for (Milestone milestone : milestones) {
            if (milestone.tensors().size() != tensors.size()) {
                throw new EditedException("it was edited: the milestone of step " + milestone.step() + " has "
                        + milestone.tensors().size() + " tensors instead of " + tensors.size() + ".");
            }
        }
    }

    /** Whether this program computes as the one that made it. */
    boolean comparable() {
        return numerics == Engine.NUMERICS_VERSION;
    }
}
