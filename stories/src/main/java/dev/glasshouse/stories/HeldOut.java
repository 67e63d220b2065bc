package dev.glasshouse.stories;

/** Combinations of a hero's kind and an object that are kept out of training: one in twenty. */
public final class HeldOut {
    private static final int ONE_IN = 20;

    private HeldOut() {}

    /**
     * Whether stories about a kind and an object are kept out of training.
     *
     * @param kind such as {@code fox}
     * @param object such as {@code lantern}
     */
    public static boolean is(String kind, String object) {
        int row = Words.KINDS.indexOf(kind);
        int column = Words.OBJECTS.indexOf(object);
        return row >= 0 && column >= 0 && (row + 3 * column) % ONE_IN == 7;
    }
}
