/** Sequences, prefix reuse, cancellation, the trace. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.engine {
    requires static org.jspecify;
    requires transitive dev.glasshouse.network;
    requires transitive dev.glasshouse.tokenizer;
    requires transitive dev.glasshouse.sampling;
    requires jdk.management;

    exports dev.glasshouse.engine;
}
