package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;

/** Blocks of any bits, with scales of a sensible size. */
final class RandomWeights {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RandomWeights() {}

    static MemorySegment bytes(TensorType type, int rows, int cols, long seed, Arena arena) {
        Random random = new Random(seed);
        byte[] raw = new byte[Math.toIntExact(type.bytes((long) rows * cols))];
        random.nextBytes(raw);
        MemorySegment segment = arena.allocate(raw.length);
        segment.copyFrom(MemorySegment.ofArray(raw));
        for (long at = 0; at < raw.length; at += type.blockBytes()) {
            switch (type) {
                case F32 ->
                    segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at, (float)
                            random.nextGaussian());
                case BF16 ->
                    segment.set(SHORT, at, (short) (Float.floatToIntBits((float) random.nextGaussian()) >> 16));
                case Q6_K -> scale(segment, at + 208, random);
                case Q4_1, Q5_1, Q4_K, Q5_K -> {
                    scale(segment, at, random);
                    scale(segment, at + 2, random);
                }
                default -> scale(segment, at, random);
            }
        }
        return segment;
    }

    private static void scale(MemorySegment segment, long at, Random random) {
        segment.set(SHORT, at, Float.floatToFloat16((float) random.nextGaussian()));
    }

    static Matrix matrix(int rows, int cols, long seed, Arena arena) {
        Random random = new Random(seed);
        Matrix matrix = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                matrix.set(row, col, (float) random.nextGaussian());
            }
        }
        return matrix;
    }
}
