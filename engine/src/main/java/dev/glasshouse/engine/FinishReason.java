package dev.glasshouse.engine;

/** Why a generation ended. */
public enum FinishReason {
    /** The model said so: one of the ids that end a generation. */
    END_OF_GENERATION,
    /** A stop string appeared. */
    STOP_STRING,
    /** As many tokens as asked for. */
    MAX_TOKENS,
    /** The context is full; nothing was dropped. */
    CONTEXT_FULL,
    /** Somebody cancelled. */
    CANCELLED
}
