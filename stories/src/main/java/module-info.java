/** A small simulated world that tells stories whose entropy is known. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.stories {
    requires static org.jspecify;
    requires transitive dev.glasshouse.weights;

    exports dev.glasshouse.stories;
}
