package dev.glasshouse.training;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The state of a training after some steps, as a hash. With t the SHA-256 of each tensor (name, shape, values: weights, then
 * what the optimiser remembers), {@code hash = SHA-256(hash of the milestone before ‖ "step N\n" ‖ t₁ ‖ t₂ ‖ …)}; before
 * the first stand 32 zeros. So a milestone is right only if all before it are.
 *
 * @param step updates done
 * @param sha256 the link of the chain
 * @param tensors the first 16 digits of each t, to say which tensor differs first
 */
public record Milestone(long step, String sha256, List<String> tensors) {
    /** What stands before the first milestone. */
    static final String ROOT = "0".repeat(64);

    private static final int SHORT = 16;

    public Milestone {
        tensors = List.copyOf(tensors);
    }

    /**
     * The steps of the milestones of a training: 0, then {@code count} evenly to the last (fewer if there are fewer steps), and
     * before the first of those the powers of two, so that a short check has something to compare.
     */
    static List<Long> steps(long steps, int count) {
        NavigableSet<Long> milestones = new TreeSet<>();
        for (int i = 0; i <= count; i++) {
            milestones.add(Math.multiplyExact(steps, i) / count);
        }
        for (long early = 1; early < steps / count; early *= 2) {
            milestones.add(early);
        }
        return List.copyOf(milestones);
    }

    /** The names of the tensors that are hashed, in order. */
    static List<String> names(Parameters parameters, Optimizer optimizer) {
        List<String> names = new ArrayList<>();
        parameters.shapes().forEach(shape -> names.add(shape.name()));
        names.addAll(optimizer.state().keySet());
        return names;
    }

    /**
     * The present state.
     *
     * @param before the milestone's before, or {@link #ROOT}
     */
    static Milestone of(String before, long step, Parameters parameters, Optimizer optimizer) {
        MessageDigest chain = FileDigest.sha256();
        chain.update(HexFormat.of().parseHex(before));
        chain.update(("step " + step + "\n").getBytes(StandardCharsets.UTF_8));
        List<String> tensors = new ArrayList<>();
        for (int i = 0; i < parameters.shapes().size(); i++) {
            tensors.add(add(chain, parameters.shapes().get(i).name(), parameters.value(i)));
        }
        for (Map.Entry<String, Matrix> state : optimizer.state().entrySet()) {
            tensors.add(add(chain, state.getKey(), state.getValue()));
        }
        return new Milestone(step, HexFormat.of().formatHex(chain.digest()), tensors);
    }

    /** The short hash of one tensor. */
    static String tensor(String name, Matrix values) {
        return add(FileDigest.sha256(), name, values);
    }

    private static String add(MessageDigest chain, String name, Matrix values) {
        MessageDigest one = FileDigest.sha256();
        Parameters.add(one, name, values);
        byte[] hash = one.digest();
        chain.update(hash);
        return HexFormat.of().formatHex(hash).substring(0, SHORT);
    }

    Json.ObjectValue toJson() {
        return Json.object()
                .put("step", step)
                .put("sha256", sha256)
                .put("tensors", tensors.stream().map(Json::of).toList())
                .build();
    }

    /** @throws GlassException if it is none */
    static Milestone parse(Json json) {
        Json.ObjectValue object = json.asObject();
        return new Milestone(
                object.get("step").asLong(),
                hash(object.get("sha256").asString()),
                object.get("tensors").asArray().stream().map(Json::asString).toList());
    }

    /** The beginning of somebody else's text, for a message: what a terminal would obey is escaped. */
    static String quoted(String text) {
        return Json.of(text.length() > 80 ? text.substring(0, 80) + "…" : text).write();
    }

    /** @throws GlassException if a text is no SHA-256 */
    public static String hash(String text) {
        if (!text.matches("[0-9a-f]{64}")) {
            throw new GlassException(quoted(text) + " is not a SHA-256 in 64 hexadecimal digits.");
        }
        return text;
    }
}
