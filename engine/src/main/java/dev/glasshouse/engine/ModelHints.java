package dev.glasshouse.engine;

import dev.glasshouse.sampling.Origin;
import dev.glasshouse.sampling.SettingsSource;
import dev.glasshouse.weights.GgufFile;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Metadata;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.SafetensorsModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model's files say about sampling. */
final class ModelHints {
    private static final String PREFIX = "general.sampling.";

    private ModelHints() {}

    static SettingsSource of(ModelFile file) {
        return switch (file) {
            case GgufFile gguf -> SettingsSource.gguf(hints(gguf.metadata()));
            case SafetensorsModel folder ->
                folder.generationConfig()
                        .map(config -> SettingsSource.generationConfig(plain(config)))
                        .orElseGet(() -> new SettingsSource(Origin.MODEL_FILE, Map.of(), List.of()));
        };
    }

    private static Map<String, Object> hints(Metadata metadata) {
        Map<String, Object> hints = new LinkedHashMap<>();
        for (String key : metadata.keys()) {
            if (key.startsWith(PREFIX)) {
                // As a person reads it: numbers, or a list of stages, and whatever else is refused with its text.
                hints.put(
                        key,
                        metadata.string(key).or(() -> metadata.describe(key)).orElse(""));
            }
        }
        return hints;
    }

    private static Map<String, Object> plain(Json.ObjectValue config) {
        Map<String, Object> plain = new LinkedHashMap<>();
        config.members().forEach((key, value) -> {
            switch (value) {
                case Json.NumberValue number -> plain.put(key, number.text());
                case Json.StringValue string -> plain.put(key, string.text());
                case Json.BooleanValue bool -> plain.put(key, bool.truth());
                default -> {
                    // null means "not said", lists and objects are none of sampling's
                }
            }
        });
        return plain;
    }
}
