package dev.glasshouse.sampling;

/** Who picked a token. */
public enum PickedBy {
    /** The draw. */
    SAMPLED,
    /** The temperature of 0: the likeliest. */
    GREEDY,
    /** A person. */
    USER,
    /** A program: a replay, a template, a test. */
    FORCED
}
