/** Tiny models made on the spot, test data by package name. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.testkit {
    requires static org.jspecify;
    requires transitive dev.glasshouse.network;

    exports dev.glasshouse.testkit;
}
