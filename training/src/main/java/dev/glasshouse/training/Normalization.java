package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.TrainingKernels;
import java.lang.foreign.Arena;
import java.util.Optional;

/** A norm that trains: of rows by their root mean square, or, where there is a bias, by mean and variance. */
final class Normalization {
    private final Kernels kernels;
    private final TrainingKernels training;
    private final float epsilon;
    private final Vector weight;
    private final Optional<Vector> bias;
    private final Matrix unused;

    /** @param arena for the gradient of a bias that does not train */
    Normalization(Parameters parameters, Kernels kernels, String name, Arena arena) {
        this.kernels = kernels;
        training = kernels.training();
        epsilon = (float) parameters.plan().epsilon();
        weight = new Vector(parameters, name + ".weight");
        bias = parameters.has(name + ".bias") ? Optional.of(new Vector(parameters, name + ".bias")) : Optional.empty();
        unused = Matrix.allocate(arena, 1, weight.values().length);
    }

    /** To be called once the weights have changed. */
    void refresh() {
        weight.refresh();
        bias.ifPresent(Vector::refresh);
    }

    void forward(Matrix x, Matrix y) {
        if (bias.isPresent()) {
            kernels.layerNorm(x, weight.values(), bias.get().values(), epsilon, y);
        } else {
            kernels.rmsNorm(x, weight.values(), epsilon, y);
        }
    }

    /**
     * Adds to the gradients of weight and bias.
     *
     * @param onto whether the gradient of x is added to dx; else it replaces it
     */
    void backward(Matrix x, Matrix dy, boolean onto, Matrix dx, Gradients into) {
        Matrix dw = into.value(weight.place());
        if (bias.isPresent()) {
            Matrix db = bias.get().trained() ? into.value(bias.get().place()) : unused;
            training.layerNormBackward(x, weight.values(), epsilon, dy, onto, dx, dw, db);
        } else {
            training.rmsNormBackward(x, weight.values(), epsilon, dy, onto, dx, dw);
        }
    }
}
