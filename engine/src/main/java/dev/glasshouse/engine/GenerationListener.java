package dev.glasshouse.engine;

/**
 * Hears what a generation does, on the thread that generates. An exception thrown here ends the generation and reaches the
 * caller.
 */
public interface GenerationListener {
    /** Hears nothing. */
    GenerationListener NONE = new GenerationListener() {};

    /**
     * Part of the prompt was read.
     *
     * @param done prompt tokens known by now, those found in the cache included
     * @param total tokens of the prompt
     * @param reused tokens found in the cache
     */
    default void prompt(int done, int total, int reused) {}

    /** A token was taken. It comes before its text, which may be held back. */
    default void token(TokenEvent event) {}

    /**
     * A token was taken and recorded; only where a trace was asked for, after {@link #token}.
     *
     * @param index place in the answer, from 0
     */
    default void step(int index, Trace.Step step) {}

    /** More text; whole characters, no stop string. */
    default void text(String delta) {}
}
