package dev.glasshouse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How to answer. What is not said here comes from the model's files, then the catalogue, then the built-in values, which are
 * llama.cpp's.
 *
 * @param settings sampler settings by name ("temperature", "top_k", "seed", …), see {@link
 *     dev.glasshouse.sampling.Parameter}
 * @param maxTokens the most tokens to write; empty: until the model ends or the context is full
 * @param stops texts that end the answer, and are not part of it
 * @param thinking whether a model that reasons may do so, where its template lets us say
 * @param ignoreEnd whether to go on behind the tokens with which the model ends an answer
 * @param trace how many candidates a step the trace keeps; empty: no trace
 */
public record AskOptions(
        Map<String, Object> settings,
        OptionalInt maxTokens,
        List<String> stops,
        boolean thinking,
        boolean ignoreEnd,
        OptionalInt trace) {
    /** Nothing said. */
    public static final AskOptions DEFAULT =
            new AskOptions(Map.of(), OptionalInt.empty(), List.of(), true, false, OptionalInt.empty());

    public AskOptions {
        settings = new LinkedHashMap<>(settings);
        stops = List.copyOf(stops);
    }

    /** A copy of the settings by name. */
    @Override
    public Map<String, Object> settings() {
        return new LinkedHashMap<>(settings);
    }

    /** These with one sampler setting. */
    public AskOptions with(String setting, Object value) {
        Map<String, Object> more = settings();
        more.put(setting, value);
        return new AskOptions(more, maxTokens, stops, thinking, ignoreEnd, trace);
    }

    /** These with several sampler settings. */
    public AskOptions withSettings(Map<String, ?> values) {
        Map<String, Object> more = settings();
        more.putAll(values);
        return new AskOptions(more, maxTokens, stops, thinking, ignoreEnd, trace);
    }

    /** These with a limit. */
    public AskOptions withMaxTokens(int most) {
        return new AskOptions(settings, OptionalInt.of(most), stops, thinking, ignoreEnd, trace);
    }

    /** These with one more text that ends the answer. */
    public AskOptions withStop(String text) {
        List<String> more = new ArrayList<>(stops);
        more.add(text);
        return new AskOptions(settings, maxTokens, more, thinking, ignoreEnd, trace);
    }

    /** These with or without reasoning. */
    public AskOptions withThinking(boolean allowed) {
        return new AskOptions(settings, maxTokens, stops, allowed, ignoreEnd, trace);
    }

    /** These with the tokens that end an answer passed over, or not. */
    public AskOptions withIgnoreEnd(boolean passedOver) {
        return new AskOptions(settings, maxTokens, stops, thinking, passedOver, trace);
    }

    /** These with a trace that keeps {@code candidates} candidates a step. */
    public AskOptions withTrace(int candidates) {
        return new AskOptions(settings, maxTokens, stops, thinking, ignoreEnd, OptionalInt.of(candidates));
    }
}
