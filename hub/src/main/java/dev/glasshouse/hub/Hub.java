package dev.glasshouse.hub;

/** Being built. */
public final class Hub {
    private Hub() {}
}
