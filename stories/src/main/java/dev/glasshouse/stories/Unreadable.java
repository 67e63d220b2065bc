package dev.glasshouse.stories;

/** A text that the world would not have told. Thrown often, so without a trace of calls. */
final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int at;
    private final String expected;

    Unreadable(int at, String expected) {
        super("at character " + at + ": expected " + expected, null, false, false);
        this.at = at;
        this.expected = expected;
    }

    int at() {
        return at;
    }

    String expected() {
        return expected;
    }
}
