package dev.glasshouse.engine;

/** Being built. */
public final class Engine {
    private Engine() {}
}
