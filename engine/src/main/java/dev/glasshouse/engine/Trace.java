package dev.glasshouse.engine;

import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The record of one generation, from the prompt's tokens to the last pick: what the page, the terminal, {@code --json}, saved
 * files, replay and tests all read. With the same model file it can be replayed on any machine.
 *
 * @param model what ran
 * @param settings every sampler setting with its origin; the seed is the one used, even if it was chosen at random
 * @param stops stop strings asked for
 * @param maxTokens limit asked for
 * @param ignoreEnd whether ids that end a generation were passed over
 * @param top candidates recorded after each stage
 * @param prompt the prompt's tokens
 * @param reused prompt tokens found in the cache
 * @param steps one a token generated
 * @param text the answer
 * @param finish why it ended
 * @param stop the stop string that ended it
 * @param timings where the time went
 * @param tokens every id that prompt, steps and candidates mention, by id
 */
public record Trace(
        Model model,
        SamplerSettings settings,
        List<String> stops,
        OptionalInt maxTokens,
        boolean ignoreEnd,
        int top,
        List<Token> prompt,
        int reused,
        List<Step> steps,
        String text,
        FinishReason finish,
        Optional<String> stop,
        Timings timings,
        List<Token> tokens) {
    /** The version of the JSON form. */
    public static final int VERSION = 2;

    public Trace {
        stops = List.copyOf(stops);
        prompt = List.copyOf(prompt);
        steps = List.copyOf(steps);
        tokens = List.copyOf(tokens);
    }

    /**
     * What ran.
     *
     * @param name the model's name, or its file's
     * @param architecture as its file says
     * @param licence as its file says, else its publisher; "unknown" where neither does
     * @param file the first file's name, without folders
     * @param bytes size of its files
     * @param sha256 of the first file, 64 hex digits
     * @param parameters number of weights
     * @param vocabulary number of tokens
     * @param context positions a sequence could hold
     * @param kv type of the cache
     * @param kernels what computed; no influence on the numbers
     * @param threads how many; no influence on the numbers
     * @param numerics version of the definition of all numbers, see docs/PRECISION.md
     */
    public record Model(
            String name,
            String architecture,
            String licence,
            String file,
            long bytes,
            String sha256,
            long parameters,
            int vocabulary,
            int context,
            String kv,
            String kernels,
            int threads,
            int numerics) {}

    /**
     * A token.
     *
     * @param id its id
     * @param bytes what it stands for
     * @param control whether it is structure, not text
     */
    public record Token(int id, byte[] bytes, boolean control) {
        public Token {
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        /** As it stands in the JSON of a trace. */
        public Json toJson() {
            return TraceWriter.token(this);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Token token
                    && id == token.id
                    && control == token.control
                    && Arrays.equals(bytes, token.bytes);
        }

        @Override
        public int hashCode() {
            return id;
        }
    }

    /**
     * One step.
     *
     * @param position of the token in the sequence
     * @param token what was taken
     * @param text what became certain of the text with it
     * @param sampling candidates, stages, draw and pick
     * @param forwardNanos time in the network for the row before
     * @param samplingNanos time in the chain
     * @param cacheUsed positions in the cache
     * @param cacheBytes its memory
     */
    public record Step(
            int position,
            Token token,
            String text,
            StepRecord sampling,
            long forwardNanos,
            long samplingNanos,
            int cacheUsed,
            long cacheBytes) {
        /** As it stands in the JSON of a trace. */
        public Json toJson() {
            return TraceWriter.step(this);
        }
    }

    /** What a chain did or would do, as it stands in the JSON of a step, with the "id" picked. */
    public static Json toJson(StepRecord sampling) {
        return TraceWriter.sampling(sampling);
    }

    /** The ids of the prompt. */
    public int[] promptIds() {
        return prompt.stream().mapToInt(Token::id).toArray();
    }

    /** As JSON. */
    public Json toJson() {
        return TraceWriter.write(this);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws dev.glasshouse.weights.GlassException if something is missing, of another kind, out of bounds, or of another
     *     version
     */
    public static Trace fromJson(Json json) {
        return TraceReader.read(json);
    }
}
