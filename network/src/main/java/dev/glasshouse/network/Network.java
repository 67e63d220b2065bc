package dev.glasshouse.network;

/** Being built. */
public final class Network {
    private Network() {}
}
