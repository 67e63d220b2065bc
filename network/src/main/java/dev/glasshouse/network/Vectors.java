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
        checkNumbers(tensor);
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

    /** @throws GlassException if the tensor holds integers, which are no weights */
    static void checkNumbers(Tensor tensor) {
        switch (tensor.type()) {
            case I8, I16, I32, I64 ->
                throw new GlassException(
                        "The tensor " + tensor.name() + " is of the integer type " + tensor.type() + ", not a weight.");
            default -> {}
        }
    }
}
