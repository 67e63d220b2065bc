package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.TrainingKernels;
import java.util.Optional;

/** A linear map y = x·Wᵀ + b that trains. */
final class Projection {
    private final Kernels kernels;
    private final TrainingKernels training;
    private final Matrix weight;
    private final int weightPlace;
    private final Optional<Vector> bias;

    /** @param name without ending, such as {@code blk.0.attn_q} */
    Projection(Parameters parameters, Kernels kernels, String name) {
        this.kernels = kernels;
        training = kernels.training();
        weightPlace = parameters.place(name + ".weight");
        weight = parameters.value(weightPlace);
        bias = parameters.has(name + ".bias") ? Optional.of(new Vector(parameters, name + ".bias")) : Optional.empty();
    }

    /** To be called once the weights have changed. */
    void refresh() {
        bias.ifPresent(Vector::refresh);
    }

    void forward(Matrix x, Matrix y) {
        training.productNT(x, weight, false, y);
        if (bias.isPresent()) {
            kernels.addBias(bias.get().values(), y);
        }
    }

    /** Adds to the gradients of W and b. */
    void weightGradient(Matrix x, Matrix dy, Gradients into) {
        training.productTN(dy, x, true, into.value(weightPlace));
        if (bias.isPresent() && bias.get().trained()) {
            training.addRows(dy, into.value(bias.get().place()));
        }
    }

    /** dx = dy·W, or goes on from the dx that is there. */
    void inputGradient(Matrix dy, boolean onto, Matrix dx) {
        training.productNN(dy, weight, onto, dx);
    }
}
