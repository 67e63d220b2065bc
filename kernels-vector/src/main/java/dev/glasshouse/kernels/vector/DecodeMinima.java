package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.FLOAT;
import static dev.glasshouse.kernels.vector.Width.FLOATS;
import static dev.glasshouse.kernels.vector.Width.HALF;
import static dev.glasshouse.kernels.vector.Width.INT;
import static dev.glasshouse.kernels.vector.Width.INTS;
import static dev.glasshouse.kernels.vector.Width.LANES;
import static dev.glasshouse.kernels.vector.Width.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** How the chains of one group of rows begin, for the kernels of {@link DecodeKernels}. */
final class DecodeMinima {
    private static final long STRIDE = 4L * LANES;

    private DecodeMinima() {}

    /** {@code y = 0}. */
    static void zero(MemorySegment y, long at) {
        FloatVector.zero(FLOATS).intoMemorySegment(y, at, ORDER);
    }

    /** Q4_1, Q5_1: {@code y = Σ s · (m · dx)}. */
    static void plain(
            QuantLayout layout, MemorySegment w, long group, MemorySegment x, long q, MemorySegment y, long at) {
        int blocks = layout.blocks();
        long scales = group + layout.scaleAt();
        long dx = q + 64L * blocks;
        long sums = dx + 4L * blocks;
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int b = 0; b < blocks; b++) {
            IntVector h = IntVector.fromMemorySegment(INTS, w, scales + STRIDE * b, ORDER);
            FloatVector m = h.lanewise(VectorOperators.LSHR, 16)
                    .and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(h.and(0x80000000))
                    .reinterpretAsFloats();
            FloatVector s = FloatVector.broadcast(FLOATS, (float) x.get(INT, sums + 4L * b));
            sum = s.fma(m.mul(x.get(FLOAT, dx + 4L * b)), sum);
        }
        sum.intoMemorySegment(y, at, ORDER);
    }

    /** Q4_K, Q5_K: {@code y = Σ (min · s) · (m · dx)}. */
    static void scaled(
            QuantLayout layout, MemorySegment w, long group, MemorySegment x, long q, MemorySegment y, long at) {
        int blocks = layout.blocks();
        long scales = group + layout.scaleAt();
        long subs = group + layout.subAt();
        long dx = q + 64L * blocks;
        long sums = dx + 4L * blocks;
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int b = 0; b < blocks; b++) {
            IntVector h = IntVector.fromMemorySegment(INTS, w, scales + STRIDE * (b >> 3), ORDER);
            FloatVector m = h.lanewise(VectorOperators.LSHR, 16)
                    .and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(h.and(0x80000000))
                    .reinterpretAsFloats();
            IntVector p = IntVector.fromMemorySegment(INTS, w, subs + STRIDE * (b >> 1), ORDER)
                    .lanewise(VectorOperators.LSHR, 16 * (b & 1) + 8)
                    .and(63)
                    .mul(x.get(INT, sums + 4L * b));
            sum = ((FloatVector) p.convert(VectorOperators.I2F, 0)).fma(m.mul(x.get(FLOAT, dx + 4L * b)), sum);
        }
        sum.intoMemorySegment(y, at, ORDER);
    }
}
