package dev.glasshouse.sampling;

/** A value and where it came from. */
public record Setting<T>(Parameter<T> parameter, T value, Origin origin) {}
