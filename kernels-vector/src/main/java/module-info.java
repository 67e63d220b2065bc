/** The same maths with the Vector API. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.kernels.vector {
    requires static org.jspecify;
    requires dev.glasshouse.kernels;
    requires jdk.incubator.vector;

    provides dev.glasshouse.kernels.KernelsProvider with
            dev.glasshouse.kernels.vector.VectorProvider;
}
