package dev.glasshouse.sampling;

/** Being built. */
public final class Sampler {
    private Sampler() {}
}
