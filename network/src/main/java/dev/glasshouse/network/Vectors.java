package dev.glasshouse.network;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Tensor;
import dev.glasshouse.weights.TensorCodec;

/** Small tensors (norms, biases) as arrays. */
final class Vectors {
    private Vectors() {}

    /** All values. @throws GlassException if there are not {@code size} of them, or their type holds no numbers */
    static float[] read(Tensor tensor, int size) {
        if (tensor.elements() != size) {
            throw new GlassException("The tensor " + tensor.name() + " has " + tensor.elements()
                    + " values where the hyperparameters ask for " + size + ".");
        }
        float[] values = new float[size];
        try {
            TensorCodec.unpack(tensor.type(), tensor.data(), 0, values, 0, size);
        } catch (IllegalArgumentException e) {
            throw new GlassException(
                    "The tensor " + tensor.name() + " of type " + tensor.type() + " cannot be used: " + e.getMessage()
                            + ".",
                    e);
        }
        return values;
    }
}
