package dev.glasshouse;

/**
 * Hears what a {@link Session#generate} does, on the thread that generates. An exception thrown here ends the generation and
 * reaches the caller; the tokens made before stay in the session.
 */
public interface SessionListener {
    /** Hears nothing. */
    SessionListener NONE = new SessionListener() {};

    /**
     * Part of the prompt was read.
     *
     * @param done tokens known by now, those found in the cache included
     * @param total tokens of the prompt
     * @param reused tokens found in the cache
     */
    default void prompt(int done, int total, int reused) {}

    /** A token was taken and is part of the session now. It comes before its text, which may be held back. */
    default void step(Session.Node node) {}

    /**
     * More of the text: whole characters, nothing that could still become a stop string.
     *
     * @param reasoning whether it belongs to the model's reasoning and not to its answer
     */
    default void text(String delta, boolean reasoning) {}
}
