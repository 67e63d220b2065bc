package dev.glasshouse;

import dev.glasshouse.engine.TokenEvent;
import dev.glasshouse.sampling.Candidate;
import java.util.List;

/** What happens while a model reads and writes, in order. Heard on the thread that asked. */
public sealed interface Event {
    /**
     * The prompt is being read.
     *
     * @param done tokens known by now, those found in the cache included
     * @param total tokens of the prompt
     * @param reused tokens found in the cache
     */
    record PromptRead(int done, int total, int reused) implements Event {}

    /**
     * A token was picked. Its text comes in {@link Text} events, as soon as it is certain.
     *
     * @param step what is known of the pick; candidates only during the callback
     */
    record Token(TokenEvent step) implements Event {
        /** Its id. */
        public int id() {
            return step.id();
        }

        /** The {@code count} likeliest candidates before any sampler stage, by falling probability. */
        public List<Candidate> candidates(int count) {
            return step.candidates(count);
        }
    }

    /**
     * More of the text: whole characters, and nothing that could still become a stop string.
     *
     * @param reasoning whether it belongs to the model's reasoning and not to its answer
     */
    record Text(String text, boolean reasoning) implements Event {}

    /** The context was full: this many of the oldest turns were dropped, and the rest is read again. */
    record TurnsDropped(int turns) implements Event {}
}
