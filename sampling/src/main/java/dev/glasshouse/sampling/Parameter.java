package dev.glasshouse.sampling;

import dev.glasshouse.weights.GlassException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * One thing that can be configured about sampling: its name (that of llama.cpp's server and, where it has it, Ollama), its
 * built-in value (llama.cpp's), what values it takes, and what it means.
 *
 * @param <T> the type of its values
 */
public final class Parameter<T> {
    /** Greatest history that penalties look at, so that a setting cannot exhaust the memory. */
    private static final int MAX_HISTORY = 1 << 20;

    public static final Parameter<Float> TEMPERATURE = number(
            "temperature",
            0.8f,
            -1,
            100,
            "divides the logits: below 1 sharper, above 1 flatter; 0 always the likeliest");
    public static final Parameter<Float> DYNAMIC_TEMPERATURE_RANGE =
            number("dynatemp_range", 0f, 0, 100, "lets the temperature follow the entropy by ± this; 0 off");
    public static final Parameter<Float> DYNAMIC_TEMPERATURE_EXPONENT =
            number("dynatemp_exponent", 1f, 0, 100, "how the entropy maps to the dynamic temperature");
    public static final Parameter<Integer> TOP_K =
            integer("top_k", 40, -1, Integer.MAX_VALUE, "keeps the k likeliest; 0 off");
    public static final Parameter<Float> TOP_P =
            number("top_p", 0.95f, 0, 1, "keeps the likeliest that together reach p; 1 off");
    public static final Parameter<Float> MIN_P =
            number("min_p", 0.05f, 0, 1, "keeps those at least p times as likely as the likeliest; 0 off");
    public static final Parameter<Float> TYPICAL_P =
            number("typical_p", 1f, 0, 1, "keeps those whose surprise is nearest to the entropy; 1 off");
    public static final Parameter<Float> TOP_N_SIGMA =
            number("top_n_sigma", -1f, -1, 100, "keeps logits within n standard deviations of the greatest; −1 off");
    public static final Parameter<Float> XTC_PROBABILITY =
            number("xtc_probability", 0f, 0, 1, "how often XTC drops the top choices; 0 off");
    public static final Parameter<Float> XTC_THRESHOLD =
            number("xtc_threshold", 0.1f, 0, 1, "XTC drops all this likely but the last of them; above 0.5 off");
    public static final Parameter<Integer> PENALTY_LAST_N =
            integer("repeat_last_n", 64, 0, MAX_HISTORY, "how many tokens back the penalties look; 0 off");
    public static final Parameter<Float> PENALTY_REPEAT =
            number("repeat_penalty", 1f, 0.01, 100, "weakens tokens already there; 1 off");
    public static final Parameter<Float> PENALTY_FREQUENCY =
            number("frequency_penalty", 0f, -100, 100, "taken off a logit for each time the token is there; 0 off");
    public static final Parameter<Float> PENALTY_PRESENCE =
            number("presence_penalty", 0f, -100, 100, "taken off a logit if the token is there; 0 off");
    public static final Parameter<Float> DRY_MULTIPLIER =
            number("dry_multiplier", 0f, 0, 100, "strength of the DRY penalty on repeated runs; 0 off");
    public static final Parameter<Float> DRY_BASE =
            number("dry_base", 1.75f, 0, 100, "growth of the DRY penalty with the run's length");
    public static final Parameter<Integer> DRY_ALLOWED_LENGTH =
            integer("dry_allowed_length", 2, 0, MAX_HISTORY, "a run of this length may be repeated");
    public static final Parameter<Integer> DRY_LAST_N =
            integer("dry_penalty_last_n", 64, 0, MAX_HISTORY, "how many tokens back DRY looks; 0 off");
    public static final Parameter<List<String>> DRY_BREAKERS = new Parameter<>(
            "dry_sequence_breakers",
            List.of("\n", ":", "\"", "*"),
            "texts that end a run for DRY",
            "a list of texts",
            ParameterValues::texts);
    public static final Parameter<Integer> MIROSTAT = integer(
            "mirostat", 0, 0, 2, "1 or 2: Mirostat of that version instead of all stages but temperature; 0 off");
    public static final Parameter<Float> MIROSTAT_TAU =
            number("mirostat_tau", 5f, 0, 100, "the surprise, in bits, that Mirostat aims at");
    public static final Parameter<Float> MIROSTAT_ETA =
            number("mirostat_eta", 0.1f, 0, 100, "how fast Mirostat learns");
    public static final Parameter<Float> ADAPTIVE_TARGET =
            number("adaptive_target", -1f, -1, 1, "adaptive-p picks tokens about this likely; −1 off");
    public static final Parameter<Float> ADAPTIVE_DECAY =
            number("adaptive_decay", 0.9f, 0, 0.99, "how long adaptive-p remembers its picks");
    public static final Parameter<Integer> MIN_KEEP =
            integer("min_keep", 0, 0, Integer.MAX_VALUE, "what top_p, min_p, typical_p and xtc leave at least");
    public static final Parameter<Long> SEED = new Parameter<>(
            "seed",
            -1L,
            "seed of the draws; −1 a new one each time",
            "a whole number from 0 to 4294967295, or -1 for a new one each time",
            ParameterValues::seed);
    public static final Parameter<List<StageKind>> SAMPLERS = new Parameter<>(
            "samplers",
            StageKind.defaultOrder(),
            "the stages and their order",
            "a list of stage names such as \"top_k;top_p;temperature\", or letters such as \"kpt\"",
            ParameterValues::order);
    public static final Parameter<SortedMap<Integer, Float>> LOGIT_BIAS = new Parameter<>(
            "logit_bias",
            ParameterValues.NO_BIASES,
            "added to the logits of given tokens; false or −∞ bans one",
            "token ids with a number from -10000 to 10000, or false to ban the token",
            ParameterValues::biases);

    private static final List<Parameter<?>> ALL = List.of(
            TEMPERATURE,
            DYNAMIC_TEMPERATURE_RANGE,
            DYNAMIC_TEMPERATURE_EXPONENT,
            TOP_K,
            TOP_P,
            MIN_P,
            TYPICAL_P,
            TOP_N_SIGMA,
            XTC_PROBABILITY,
            XTC_THRESHOLD,
            PENALTY_LAST_N,
            PENALTY_REPEAT,
            PENALTY_FREQUENCY,
            PENALTY_PRESENCE,
            DRY_MULTIPLIER,
            DRY_BASE,
            DRY_ALLOWED_LENGTH,
            DRY_LAST_N,
            DRY_BREAKERS,
            MIROSTAT,
            MIROSTAT_TAU,
            MIROSTAT_ETA,
            ADAPTIVE_TARGET,
            ADAPTIVE_DECAY,
            MIN_KEEP,
            LOGIT_BIAS,
            SAMPLERS,
            SEED);

    private final String name;
    private final T builtIn;
    private final String description;
    private final String expected;
    private final Function<Object, Optional<T>> reader;

    private Parameter(
            String name, T builtIn, String description, String expected, Function<Object, Optional<T>> reader) {
        this.name = name;
        this.builtIn = builtIn;
        this.description = description;
        this.expected = expected;
        this.reader = reader;
    }

    private static Parameter<Float> number(String name, float builtIn, double least, double most, String description) {
        String expected = "a number from " + ParameterValues.plain(least) + " to " + ParameterValues.plain(most);
        return new Parameter<>(name, builtIn, description, expected, raw -> ParameterValues.number(raw, least, most));
    }

    private static Parameter<Integer> integer(String name, int builtIn, int least, int most, String description) {
        String expected = "a whole number from " + least + " to " + most;
        return new Parameter<>(name, builtIn, description, expected, raw -> ParameterValues.integer(raw, least, most));
    }

    /** All parameters, in the order in which to show them. */
    public static List<Parameter<?>> all() {
        return ALL;
    }

    /** By its name. */
    public static Optional<Parameter<?>> find(String name) {
        for (Parameter<?> parameter : ALL) {
            if (parameter.name.equals(name)) {
                return Optional.of(parameter);
            }
        }
        return Optional.empty();
    }

    /** The name: "top_k". */
    public String name() {
        return name;
    }

    /** The value where nobody says otherwise. */
    public T builtIn() {
        return builtIn;
    }

    /** What it does, in a few words. */
    public String description() {
        return description;
    }

    /** What values it takes, for messages and help. */
    public String expected() {
        return expected;
    }

    /**
     * Reads a value: a {@link Number}, {@link Boolean}, {@link CharSequence}, {@link List} or {@link Map}, whichever fits.
     *
     * @throws GlassException if it is none of the values that the parameter takes
     */
    public T read(Object raw) {
        return reader.apply(raw)
                .orElseThrow(() -> new GlassException(
                        "The sampler setting " + name + " must be " + expected + ", not " + shown(raw) + "."));
    }

    private static String shown(Object raw) {
        String text = String.valueOf(raw);
        return "\"" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "\"";
    }

    @Override
    public String toString() {
        return name;
    }
}
