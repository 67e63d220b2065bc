package dev.glasshouse.sampling;

import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Some settings from one place. What a user or the catalogue says must be right; hints in a model's files that are not are
 * left out, each with a note, since a model must not become unusable by them.
 *
 * @param origin whose they are
 * @param values checked values
 * @param notes what was left out and why, for people
 */
public record SettingsSource(Origin origin, Map<Parameter<?>, Object> values, List<String> notes) {
    private static final String GGUF_PREFIX = "general.sampling.";
    private static final Map<String, Parameter<?>> GGUF_NAMES = Map.ofEntries(
            Map.entry("sequence", Parameter.SAMPLERS),
            Map.entry("top_k", Parameter.TOP_K),
            Map.entry("top_p", Parameter.TOP_P),
            Map.entry("min_p", Parameter.MIN_P),
            Map.entry("xtc_probability", Parameter.XTC_PROBABILITY),
            Map.entry("xtc_threshold", Parameter.XTC_THRESHOLD),
            Map.entry("temp", Parameter.TEMPERATURE),
            Map.entry("penalty_last_n", Parameter.PENALTY_LAST_N),
            Map.entry("penalty_repeat", Parameter.PENALTY_REPEAT),
            Map.entry("mirostat", Parameter.MIROSTAT),
            Map.entry("mirostat_tau", Parameter.MIROSTAT_TAU),
            Map.entry("mirostat_eta", Parameter.MIROSTAT_ETA));
    private static final Map<String, Parameter<?>> GENERATION_CONFIG_NAMES = Map.of(
            "temperature", Parameter.TEMPERATURE,
            "top_k", Parameter.TOP_K,
            "top_p", Parameter.TOP_P,
            "min_p", Parameter.MIN_P,
            "typical_p", Parameter.TYPICAL_P,
            "repetition_penalty", Parameter.PENALTY_REPEAT);

    public SettingsSource {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        notes = List.copyOf(notes);
    }

    /**
     * What the user says, by parameter names.
     *
     * @throws GlassException for an unknown name or a wrong value
     */
    public static SettingsSource user(Map<String, ?> values) {
        return strict(Origin.USER, values);
    }

    /**
     * What the catalogue says about a model, by parameter names.
     *
     * @throws GlassException for an unknown name or a wrong value
     */
    public static SettingsSource catalogue(Map<String, ?> values) {
        return strict(Origin.CATALOGUE, values);
    }

    private static SettingsSource strict(Origin origin, Map<String, ?> values) {
        Map<Parameter<?>, Object> read = new LinkedHashMap<>();
        values.forEach((name, raw) -> {
            Parameter<?> parameter = Parameter.find(name)
                    .orElseThrow(() -> new GlassException("There is no sampler setting \"" + name + "\". Known are: "
                            + String.join(
                                    ", ",
                                    Parameter.all().stream()
                                            .map(Parameter::name)
                                            .toList())
                            + "."));
            read.put(parameter, parameter.read(raw));
        });
        return new SettingsSource(origin, read, List.of());
    }

    /** The hints {@code general.sampling.*} among a GGUF file's metadata; other keys are none of ours. */
    public static SettingsSource gguf(Map<String, ?> metadata) {
        Map<String, Object> hints = new LinkedHashMap<>();
        metadata.forEach((key, value) -> {
            if (key.startsWith(GGUF_PREFIX)) {
                hints.put(key.substring(GGUF_PREFIX.length()), value);
            }
        });
        return lenient(hints, GGUF_NAMES, GGUF_PREFIX, true);
    }

    /**
     * The hints of a {@code generation_config.json}. {@code "do_sample": false} means the likeliest token always,
     * whatever else stands there.
     */
    public static SettingsSource generationConfig(Map<String, ?> config) {
        Map<String, Object> hints = new LinkedHashMap<>(config);
        if ("false".equals(String.valueOf(config.get("do_sample")))) {
            hints.put("temperature", 0);
        }
        return lenient(hints, GENERATION_CONFIG_NAMES, "generation_config.json: ", false);
    }

    private static SettingsSource lenient(
            Map<String, Object> hints, Map<String, Parameter<?>> names, String where, boolean noteUnknown) {
        Map<Parameter<?>, Object> read = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        hints.forEach((name, raw) -> {
            Optional<Parameter<?>> parameter = Optional.ofNullable(names.get(name));
            if (parameter.isEmpty()) {
                if (noteUnknown) {
                    notes.add("The model file's hint " + where + name + " is not known and left out.");
                }
                return;
            }
            try {
                read.put(parameter.get(), parameter.get().read(raw));
            } catch (GlassException e) {
                notes.add("The model file's hint " + where + name + " is left out. " + e.getMessage());
            }
        });
        return new SettingsSource(Origin.MODEL_FILE, read, notes);
    }
}
