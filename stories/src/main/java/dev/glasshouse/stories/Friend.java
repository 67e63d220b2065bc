package dev.glasshouse.stories;

/** One of the two in a story, and what is true of them. Empty texts are not told yet. */
final class Friend {
    String name = "";
    String kind = "";
    String trait = "";
    String place = "";

    /** How the trait is told: 0 or 1, an index of {@link Phrases#MANNERS}. */
    int manner;

    /** Index of what the friend does among the acts of the plot. */
    int act;
}
