package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.FLOATS;
import static dev.glasshouse.kernels.vector.Width.HALF;
import static dev.glasshouse.kernels.vector.Width.INTS;
import static dev.glasshouse.kernels.vector.Width.LANES;
import static dev.glasshouse.kernels.vector.Width.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Unpacks values of one group of F32, F16 or BF16 rows ({@link FloatLayout}) into one half of a {@link Tile}. */
final class UnpackFloats {
    private static final long FROM = 4L * LANES;
    private static final long TO = 8L * LANES;

    private UnpackFloats() {}

    static void f32(MemorySegment w, long from, int count, MemorySegment tile, long to) {
        for (long k = 0; k < count; k++) {
            FloatVector.fromMemorySegment(FLOATS, w, from + FROM * k, ORDER)
                    .intoMemorySegment(tile, to + TO * k, ORDER);
        }
    }

    static void bf16(MemorySegment w, long from, int count, MemorySegment tile, long to) {
        for (long i = 0; i < count / 2; i++) {
            IntVector word = IntVector.fromMemorySegment(INTS, w, from + FROM * i, ORDER);
            word.lanewise(VectorOperators.LSHL, 16).intoMemorySegment(tile, to + TO * 2 * i, ORDER);
            word.and(0xffff0000).intoMemorySegment(tile, to + TO * (2 * i + 1), ORDER);
        }
    }

    static void f16(MemorySegment w, long from, int count, MemorySegment tile, long to) {
        for (long i = 0; i < count / 2; i++) {
            IntVector word = IntVector.fromMemorySegment(INTS, w, from + FROM * i, ORDER);
            word.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(word.lanewise(VectorOperators.LSHL, 16).and(0x80000000))
                    .intoMemorySegment(tile, to + TO * 2 * i, ORDER);
            word.lanewise(VectorOperators.LSHR, 3)
                    .and(0x7fff << 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(word.and(0x80000000))
                    .intoMemorySegment(tile, to + TO * (2 * i + 1), ORDER);
        }
    }
}
