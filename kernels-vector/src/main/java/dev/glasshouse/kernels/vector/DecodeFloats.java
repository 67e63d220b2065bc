package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.FLOAT;
import static dev.glasshouse.kernels.vector.Width.FLOATS;
import static dev.glasshouse.kernels.vector.Width.HALF;
import static dev.glasshouse.kernels.vector.Width.INTS;
import static dev.glasshouse.kernels.vector.Width.LANES;
import static dev.glasshouse.kernels.vector.Width.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Groups of F32, F16 and BF16 rows ({@link FloatLayout}) times one row of input. Each lane is one chain, which waits for
 * its own last addition; so two groups, {@code second} bytes apart, go together (0 does one twice).
 */
final class DecodeFloats {
    private static final long STRIDE = 4L * LANES;

    private DecodeFloats() {}

    static void f32(
            MemorySegment w,
            long group,
            long second,
            int cols,
            MemorySegment x,
            long row,
            MemorySegment y,
            long at,
            long next) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = FloatVector.zero(FLOATS);
        for (long k = 0; k < cols; k++) {
            FloatVector value = FloatVector.broadcast(FLOATS, x.get(FLOAT, row + 4 * k));
            a = FloatVector.fromMemorySegment(FLOATS, w, group + STRIDE * k, ORDER)
                    .fma(value, a);
            b = FloatVector.fromMemorySegment(FLOATS, w, group + second + STRIDE * k, ORDER)
                    .fma(value, b);
        }
        b.intoMemorySegment(y, at + next, ORDER);
        a.intoMemorySegment(y, at, ORDER);
    }

    static void bf16(
            MemorySegment w,
            long group,
            long second,
            int cols,
            MemorySegment x,
            long row,
            MemorySegment y,
            long at,
            long next) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = FloatVector.zero(FLOATS);
        for (long i = 0; i < cols / 2; i++) {
            FloatVector even = FloatVector.broadcast(FLOATS, x.get(FLOAT, row + 8 * i));
            FloatVector odd = FloatVector.broadcast(FLOATS, x.get(FLOAT, row + 8 * i + 4));
            IntVector wa = IntVector.fromMemorySegment(INTS, w, group + STRIDE * i, ORDER);
            IntVector wb = IntVector.fromMemorySegment(INTS, w, group + second + STRIDE * i, ORDER);
            a = wa.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, a);
            b = wb.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, b);
            a = wa.and(0xffff0000).reinterpretAsFloats().fma(odd, a);
            b = wb.and(0xffff0000).reinterpretAsFloats().fma(odd, b);
        }
        b.intoMemorySegment(y, at + next, ORDER);
        a.intoMemorySegment(y, at, ORDER);
    }

    static void f16(
            MemorySegment w,
            long group,
            long second,
            int cols,
            MemorySegment x,
            long row,
            MemorySegment y,
            long at,
            long next) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = FloatVector.zero(FLOATS);
        for (long i = 0; i < cols / 2; i++) {
            FloatVector even = FloatVector.broadcast(FLOATS, x.get(FLOAT, row + 8 * i));
            FloatVector odd = FloatVector.broadcast(FLOATS, x.get(FLOAT, row + 8 * i + 4));
            IntVector wa = IntVector.fromMemorySegment(INTS, w, group + STRIDE * i, ORDER);
            IntVector wb = IntVector.fromMemorySegment(INTS, w, group + second + STRIDE * i, ORDER);
            a = wa.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(wa.lanewise(VectorOperators.LSHL, 16).and(0x80000000))
                    .reinterpretAsFloats()
                    .fma(even, a);
            b = wb.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(wb.lanewise(VectorOperators.LSHL, 16).and(0x80000000))
                    .reinterpretAsFloats()
                    .fma(even, b);
            a = wa.lanewise(VectorOperators.LSHR, 3)
                    .and(0x7fff << 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(wa.and(0x80000000))
                    .reinterpretAsFloats()
                    .fma(odd, a);
            b = wb.lanewise(VectorOperators.LSHR, 3)
                    .and(0x7fff << 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(wb.and(0x80000000))
                    .reinterpretAsFloats()
                    .fma(odd, b);
        }
        b.intoMemorySegment(y, at + next, ORDER);
        a.intoMemorySegment(y, at, ORDER);
    }
}
