package dev.glasshouse.stories;

/** One of the two in a story, and what is true of them. Empty texts are not told yet. */
final class Friend {
    String name = "";
    String kind = "";
    String trait = "";
    String place = "";
}
