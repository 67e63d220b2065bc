package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.PackedWeight;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A weight with its rows interleaved; exactly one layout is there.
 *
 * @param stored what the memory holds: {@code type}, or F32 where that has no kernel of its own
 */
record VectorWeight(
        TensorType type,
        TensorType stored,
        int rows,
        int cols,
        MemorySegment data,
        long groupBytes,
        Optional<QuantLayout> quant,
        FloatLayout floats)
        implements PackedWeight {
    @Override
    public long bytes() {
        return data.byteSize();
    }

    /** Groups of rows, the last one perhaps not full. */
    int groups() {
        return (rows + Width.LANES - 1) / Width.LANES;
    }
}
