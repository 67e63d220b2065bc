package dev.glasshouse.network;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Small tensors (norms, biases) as arrays. */
final class Vectors {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Vectors() {}

    /** All values. @throws GlassException if there are not {@code size} of them, or they are quantised */
    static float[] read(Tensor tensor, int size) {
        if (tensor.elements() != size) {
            throw new GlassException("The tensor " + tensor.name() + " has " + tensor.elements()
                    + " values where the hyperparameters ask for " + size + ".");
        }
        float[] values = new float[size];
        MemorySegment data = tensor.data();
        for (int i = 0; i < size; i++) {
            values[i] = switch (tensor.type()) {
                case F32 -> Float.intBitsToFloat(data.get(INT, 4L * i));
                case F16 -> Float.float16ToFloat(data.get(SHORT, 2L * i));
                case BF16 -> Float.intBitsToFloat(data.get(SHORT, 2L * i) << 16);
                default ->
                    throw new GlassException("The tensor " + tensor.name() + " is of type " + tensor.type()
                            + ", where only F32, F16 and BF16 can be used.");
            };
        }
        return values;
    }
}
