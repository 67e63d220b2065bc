package dev.glasshouse.engine;

import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** What to generate. Immutable; the {@code with} methods give changed copies. */
public final class Request {
    private static final int MAX_STOPS = 64;
    private static final int MAX_STOP_LENGTH = 1000;

    private final int[] prompt;
    private final SamplerSettings settings;
    private final OptionalInt maxTokens;
    private final List<String> stops;
    private final boolean ignoreEnd;
    private final OptionalInt traceTop;
    private final TokenChooser chooser;
    private final Cancellation cancellation;

    private Request(
            int[] prompt,
            SamplerSettings settings,
            OptionalInt maxTokens,
            List<String> stops,
            boolean ignoreEnd,
            OptionalInt traceTop,
            TokenChooser chooser,
            Cancellation cancellation) {
        this.prompt = prompt;
        this.settings = settings;
        this.maxTokens = maxTokens;
        this.stops = stops;
        this.ignoreEnd = ignoreEnd;
        this.traceTop = traceTop;
        this.chooser = chooser;
        this.cancellation = cancellation;
    }

    /** A prompt of ids, at least one, with built-in settings, no limit but the context, no stop strings and no trace. */
    public static Request of(int[] prompt) {
        return new Request(
                prompt.clone(),
                SamplerSettings.builtIn(),
                OptionalInt.empty(),
                List.of(),
                false,
                OptionalInt.empty(),
                TokenChooser.NONE,
                new Cancellation());
    }

    /** The same with these settings. */
    public Request withSettings(SamplerSettings newSettings) {
        return new Request(prompt, newSettings, maxTokens, stops, ignoreEnd, traceTop, chooser, cancellation);
    }

    /** The same with a limit on the tokens generated. */
    public Request withMaxTokens(int most) {
        if (most < 0) {
            throw new GlassException("The number of tokens to generate must not be negative, but is " + most + ".");
        }
        OptionalInt limit = OptionalInt.of(most);
        return new Request(prompt, settings, limit, stops, ignoreEnd, traceTop, chooser, cancellation);
    }

    /**
     * The same with texts that end the generation; they are not part of its text.
     *
     * @throws GlassException for an empty or overlong text, or too many
     */
    public Request withStops(List<String> texts) {
        if (texts.size() > MAX_STOPS) {
            throw new GlassException("There are " + texts.size() + " stop strings; at most " + MAX_STOPS + " can be.");
        }
        for (String text : texts) {
            if (text.isEmpty() || text.length() > MAX_STOP_LENGTH) {
                throw new GlassException("A stop string must have from 1 to " + MAX_STOP_LENGTH + " characters, not "
                        + text.length() + ".");
            }
        }
        return new Request(prompt, settings, maxTokens, List.copyOf(texts), ignoreEnd, traceTop, chooser, cancellation);
    }

    /** The same, going on behind the ids that end a generation. */
    public Request ignoringEnd() {
        return new Request(prompt, settings, maxTokens, stops, true, traceTop, chooser, cancellation);
    }

    /** The same with a trace that holds this many candidates after each stage. */
    public Request withTrace(int top) {
        if (top < 0) {
            throw new GlassException("The number of candidates to record must not be negative, but is " + top + ".");
        }
        OptionalInt recorded = OptionalInt.of(top);
        return new Request(prompt, settings, maxTokens, stops, ignoreEnd, recorded, chooser, cancellation);
    }

    /** The same with somebody else who may pick. */
    public Request withChooser(TokenChooser newChooser) {
        return new Request(prompt, settings, maxTokens, stops, ignoreEnd, traceTop, newChooser, cancellation);
    }

    /** The same, to be stopped by {@code newCancellation}. */
    public Request withCancellation(Cancellation newCancellation) {
        return new Request(prompt, settings, maxTokens, stops, ignoreEnd, traceTop, chooser, newCancellation);
    }

    /** The ids of the prompt. */
    public int[] prompt() {
        return prompt.clone();
    }

    public SamplerSettings settings() {
        return settings;
    }

    /** Most tokens to generate; empty: until the context is full. */
    public OptionalInt maxTokens() {
        return maxTokens;
    }

    public List<String> stops() {
        return stops;
    }

    /** Whether to go on behind the ids that end a generation. */
    public boolean ignoreEnd() {
        return ignoreEnd;
    }

    /** Candidates to record after each stage; empty: no trace. */
    public OptionalInt traceTop() {
        return traceTop;
    }

    public TokenChooser chooser() {
        return chooser;
    }

    public Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public String toString() {
        return "Request of " + prompt.length + " tokens "
                + Arrays.toString(Arrays.copyOf(prompt, Math.min(8, prompt.length))) + " " + settings;
    }
}
