package dev.glasshouse.training.data;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;

/** Which text is kept from training, to measure the loss on. */
public sealed interface SplitRule {
    /** The share of the text that is kept, above 0 and at most one half. */
    double share();

    /** Each document by itself, by the SHA-256 of its text: the same document is always on the same side, whatever else is in the data. */
    record ByHash(double share) implements SplitRule {
        public ByHash {
            check(share);
        }
    }

    /** The end of every document: for a single long text. Its first ⌊characters · (1 − share)⌋ are for training. */
    record Tail(double share) implements SplitRule {
        public Tail {
            check(share);
        }
    }

    private static void check(double share) {
        if (!(share > 0 && share <= 0.5)) {
            throw new GlassException(
                    "A share of " + share + " for validation is not possible; give one above 0, at most 0.5.");
        }
    }

    /** As it stands in the manifest. */
    default Json json() {
        return Json.object()
                .put("rule", this instanceof ByHash ? "document hash" : "tail")
                .put("validation", share())
                .build();
    }

    /** Reads {@link #json()}. @throws GlassException if it is something else */
    static SplitRule of(Json json) {
        Json.ObjectValue object = json.asObject();
        double share = object.get("validation").asDouble();
        String rule = object.get("rule").asString();
        return switch (rule) {
            case "document hash" -> new ByHash(share);
            case "tail" -> new Tail(share);
            default -> throw new GlassException("The split rule \"" + rule + "\" is not known.");
        };
    }
}
