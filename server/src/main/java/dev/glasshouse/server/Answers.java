package dev.glasshouse.server;

import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.weights.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Small parts of JSON answers. */
final class Answers {
    private Answers() {}

    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The shortest text that reads back as this float; infinities and NaN as strings. */
    static Json number(float value) {
        return Float.isFinite(value) ? new Json.NumberValue(Float.toString(value)) : Json.of(Float.toString(value));
    }

    /** Null where it is no number that JSON knows. */
    static Json number(double value) {
        return Double.isFinite(value) ? Json.of(value) : Json.ofNull();
    }

    static List<Json> candidates(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> (Json) Json.object()
                        .put("id", candidate.id())
                        .put("logit", number(candidate.logit()))
                        .put("p", candidate.probability())
                        .build())
                .toList();
    }

    static void put(Json.ObjectBuilder json, String key, OptionalLong value) {
        value.ifPresent(number -> json.put(key, number));
    }

    static void put(Json.ObjectBuilder json, String key, OptionalInt value) {
        value.ifPresent(number -> json.put(key, number));
    }

    static void put(Json.ObjectBuilder json, String key, Optional<String> value) {
        value.ifPresent(text -> json.put(key, text));
    }
}
