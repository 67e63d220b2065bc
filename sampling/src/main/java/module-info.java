/** Candidates, the chain of stages, the draw. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.sampling {
    requires static org.jspecify;

    exports dev.glasshouse.sampling;
}
