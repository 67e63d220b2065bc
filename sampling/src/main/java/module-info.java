/** Candidates, the chain of stages, the draw. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.sampling {
    requires static org.jspecify;
    requires transitive dev.glasshouse.weights;

    exports dev.glasshouse.sampling;
}
