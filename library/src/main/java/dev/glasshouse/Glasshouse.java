package dev.glasshouse;

/** Being built. */
public final class Glasshouse {
    private Glasshouse() {}
}
