package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.FLOAT;
import static dev.glasshouse.kernels.vector.Width.INT;
import static dev.glasshouse.kernels.vector.Width.LANES;

import dev.glasshouse.weights.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * How an F32, F16 or BF16 weight lies in memory: rows in groups of {@link Width#LANES}, one lane a row. F32: value k of the
 * rows, then value k + 1. F16 and BF16: ints with value 2i in the low and 2i + 1 in the high half.
 */
record FloatLayout(TensorType type, int cols) {
    long groupBytes() {
        return (long) LANES * cols * (type == TensorType.F32 ? 4 : 2);
    }

    void write(float[] values, MemorySegment data, long group, int lane) {
        for (int k = 0; k < cols; k++) {
            data.set(FLOAT, group + 4L * (LANES * (long) k + lane), values[k]);
        }
    }

    /** Writes the row of F16 or BF16 that starts at {@code from} of {@code bytes}. */
    void writeHalves(MemorySegment bytes, long from, MemorySegment data, long group, int lane) {
        for (int i = 0; i < cols / 2; i++) {
            data.set(INT, group + 4L * (LANES * (long) i + lane), bytes.get(INT, from + 4L * i));
        }
    }

    void read(MemorySegment data, long group, int lane, float[] out) {
        for (int k = 0; k < cols; k++) {
            if (type == TensorType.F32) {
                out[k] = data.get(FLOAT, group + 4L * (LANES * (long) k + lane));
            } else {
                int half = data.get(INT, group + 4L * (LANES * (long) (k / 2) + lane)) >>> 16 * (k & 1);
                out[k] = type == TensorType.F16 ? Float.float16ToFloat((short) half) : Float.intBitsToFloat(half << 16);
            }
        }
    }
}
