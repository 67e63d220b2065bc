package dev.glasshouse.sampling;

import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** A value for every {@link Parameter}, each knowing where it came from. */
public final class SamplerSettings {
    private static final SamplerSettings BUILT_IN = merge(List.of());

    private final Map<Parameter<?>, Setting<?>> settings;
    private final List<String> notes;

    private SamplerSettings(Map<Parameter<?>, Setting<?>> settings, List<String> notes) {
        this.settings = settings;
        this.notes = List.copyOf(notes);
    }

    /** llama.cpp's values. */
    public static SamplerSettings builtIn() {
        return BUILT_IN;
    }

    /**
     * For each parameter the value of the strongest origin that has one: user, then model file, then catalogue, then
     * built-in. Of two sources with the same origin the first wins.
     */
    public static SamplerSettings merge(List<SettingsSource> sources) {
        Map<Parameter<?>, Setting<?>> merged = new LinkedHashMap<>();
        for (Parameter<?> parameter : Parameter.all()) {
            merged.put(parameter, strongest(parameter, sources));
        }
        return new SamplerSettings(
                merged,
                sources.stream().flatMap(source -> source.notes().stream()).toList());
    }

    private static <T> Setting<T> strongest(Parameter<T> parameter, List<SettingsSource> sources) {
        for (Origin origin : Origin.values()) {
            for (SettingsSource source : sources) {
                Optional<Object> value = Optional.ofNullable(source.values().get(parameter));
                if (source.origin() == origin && value.isPresent()) {
                    return new Setting<>(parameter, parameter.read(value.get()), origin);
                }
            }
        }
        return new Setting<>(parameter, parameter.builtIn(), Origin.BUILT_IN);
    }

    /** The value of a parameter. */
    public <T> T get(Parameter<T> parameter) {
        return setting(parameter).value();
    }

    /** The value of a parameter with its origin. */
    @SuppressWarnings("unchecked") // a Setting<T> stands under a Parameter<T>
    public <T> Setting<T> setting(Parameter<T> parameter) {
        return (Setting<T>) Objects.requireNonNull(settings.get(parameter), parameter.name());
    }

    /** All, in the order of {@link Parameter#all()}. */
    public List<Setting<?>> all() {
        return List.copyOf(settings.values());
    }

    /** Hints of the model's files that were left out and why, for people. */
    public List<String> notes() {
        return notes;
    }

    /**
     * These, with one value said by the user.
     *
     * @throws GlassException if the parameter does not take the value
     */
    public <T> SamplerSettings with(Parameter<T> parameter, T value) {
        return with(parameter, value, Origin.USER);
    }

    /** These, with one value from the given origin. */
    public <T> SamplerSettings with(Parameter<T> parameter, T value, Origin origin) {
        Map<Parameter<?>, Setting<?>> changed = new LinkedHashMap<>(settings);
        changed.put(parameter, new Setting<>(parameter, parameter.read(value), origin));
        return new SamplerSettings(changed, notes);
    }

    /** These, with values said by the user by parameter names. */
    public SamplerSettings with(Map<String, ?> values) {
        SettingsSource source = SettingsSource.user(values);
        Map<Parameter<?>, Setting<?>> changed = new LinkedHashMap<>(settings);
        source.values().keySet().forEach(parameter -> changed.put(parameter, strongest(parameter, List.of(source))));
        return new SamplerSettings(changed, notes);
    }

    /** Whether the likeliest candidate is always the one picked, by a temperature of 0 or below. */
    public boolean greedy() {
        List<StageKind> order = get(Parameter.SAMPLERS);
        return get(Parameter.TEMPERATURE) <= 0
                && get(Parameter.DYNAMIC_TEMPERATURE_RANGE) <= 0
                && (get(Parameter.MIROSTAT) > 0 || order.contains(StageKind.TEMPERATURE));
    }

    /** Names and values that differ from the built-in ones, for people and logs. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        for (Setting<?> setting : settings.values()) {
            if (setting.origin() != Origin.BUILT_IN) {
                parts.add(setting.parameter().name() + " " + setting.value() + " ("
                        + setting.origin().label() + ")");
            }
        }
        return parts.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SamplerSettings that && settings.equals(that.settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }
}
