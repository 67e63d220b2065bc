package dev.glasshouse.stories;

/** What all stories have in common. */
public final class Stories {
    /** The licence of every text that this room makes (SPDX). */
    public static final String LICENCE = "CC0-1.0";

    private Stories() {}
}
