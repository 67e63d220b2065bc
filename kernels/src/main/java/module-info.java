/** The maths as an interface, and the scalar definition of right. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.kernels {
    requires static org.jspecify;
    requires transitive dev.glasshouse.weights;

    exports dev.glasshouse.kernels;

    uses dev.glasshouse.kernels.KernelsProvider;
}
