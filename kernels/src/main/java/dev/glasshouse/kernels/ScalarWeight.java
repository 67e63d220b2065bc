package dev.glasshouse.kernels;

import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A weight as the file has it, in memory of its own; types without a kernel of their own become F32. */
record ScalarWeight(TensorType type, TensorType stored, int rows, int cols, MemorySegment data)
        implements PackedWeight {
    static ScalarWeight pack(TensorType type, int rows, int cols, MemorySegment bytes, Arena arena) {
        Products.checkBytes(type, rows, cols, bytes.byteSize());
        boolean direct = QuantFormat.of(type).isPresent()
                || type == TensorType.F32
                || type == TensorType.F16
                || type == TensorType.BF16;
        if (!direct) {
            throw new UnsupportedOperationException("being built: " + type);
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
