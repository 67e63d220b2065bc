package dev.glasshouse.training;

import dev.glasshouse.weights.Json;
import java.util.List;

/**
 * What is said of a model beside its numbers.
 *
 * @param name for people
 * @param licence SPDX id in lower case, as model hubs write it, such as {@code apache-2.0}
 * @param description a sentence or a paragraph
 * @param languages codes such as {@code en}
 */
public record ModelInfo(String name, String licence, String description, List<String> languages) {
    public ModelInfo {
        languages = List.copyOf(languages);
    }

    /** A model that only has a name; Apache-2.0. */
    public static ModelInfo named(String name) {
        return new ModelInfo(name, "apache-2.0", "", List.of());
    }

    Json.ObjectValue toJson() {
        return Json.object()
                .put("name", name)
                .put("license", licence)
                .put("description", description)
                .put("languages", languages.stream().map(Json::of).toList())
                .build();
    }

    static ModelInfo parse(Json.ObjectValue json) {
        return new ModelInfo(
                json.get("name").asString(),
                json.get("license").asString(),
                json.get("description").asString(),
                json.get("languages").asArray().stream().map(Json::asString).toList());
    }
}
