package dev.glasshouse.kernels;

import dev.glasshouse.weights.TensorCodec;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A weight as the file has it, in memory of its own; types without a kernel of their own become F32. */
record ScalarWeight(TensorType type, TensorType stored, int rows, int cols, MemorySegment data)
        implements PackedWeight {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static ScalarWeight pack(TensorType type, int rows, int cols, MemorySegment bytes, Arena arena) {
        Products.checkBytes(type, rows, cols, bytes.byteSize());
        boolean direct = QuantFormat.of(type).isPresent()
                || type == TensorType.F32
                || type == TensorType.F16
                || type == TensorType.BF16;
        if (!direct) {
            MemorySegment data = arena.allocate(Math.multiplyExact(4L * cols, (long) rows), 64);
            float[] values = new float[cols];
            for (int row = 0; row < rows; row++) {
                TensorCodec.unpack(type, bytes, type.bytes(cols) * row, values, 0, cols);
                MemorySegment.copy(values, 0, data, FLOAT, 4L * cols * row, cols);
            }
            return new ScalarWeight(type, TensorType.F32, rows, cols, data);
        }
        MemorySegment data = arena.allocate(bytes.byteSize(), 64);
        data.copyFrom(bytes);
        return new ScalarWeight(type, type, rows, cols, data);
    }

    static ScalarWeight of(PackedWeight weight) {
        if (weight instanceof ScalarWeight scalar) {
            return scalar;
        }
        throw new IllegalArgumentException("this weight was packed by other kernels: " + weight.getClass());
    }

    @Override
    public long bytes() {
        return data.byteSize();
    }
}
