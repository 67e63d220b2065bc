/** Data, backward passes, optimisers, checkpoints, recipes that can be verified. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.training {
    requires static org.jspecify;
    requires transitive dev.glasshouse.engine;
    requires transitive dev.glasshouse.stories;
    requires dev.glasshouse.kernels;

    exports dev.glasshouse.training;
    exports dev.glasshouse.training.data;
}
