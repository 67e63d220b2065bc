/** Architectures as data, per-layer state, the forward pass. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.network {
    requires static org.jspecify;
    requires transitive dev.glasshouse.kernels;

    exports dev.glasshouse.network;
}
