package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.FLOATS;
import static dev.glasshouse.kernels.vector.Width.INTS;
import static dev.glasshouse.kernels.vector.Width.LANES;
import static dev.glasshouse.kernels.vector.Width.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Unpacks a stretch of one group of rows ({@link QuantLayout}) into one half of a {@link Tile}: the integers
 * {@code sub · (q − offset)} as floats, which they fit exactly.
 */
final class UnpackQuants {
    private static final long FROM = 4L * LANES;
    private static final long TO = 8L * LANES;

    private UnpackQuants() {}

    /** Q4_0, Q4_1, Q4_K. */
    static void q4(MemorySegment w, long from, int blocks, int offset, MemorySegment tile, long to, long subs) {
        for (int b = 0; b < blocks; b++) {
            for (int v = 0; v < 4; v++) {
                IntVector word = IntVector.fromMemorySegment(INTS, w, from + FROM * v, ORDER);
                FloatVector sub = FloatVector.fromMemorySegment(FLOATS, tile, subs + TO * (v >> 1), ORDER);
                for (int m = 0; m < 4; m++) {
                    IntVector even =
                            word.lanewise(VectorOperators.LSHR, 4 * m).and(15).sub(offset);
                    IntVector odd = word.lanewise(VectorOperators.LSHR, 16 + 4 * m)
                            .and(15)
                            .sub(offset);
                    long k = to + TO * (8 * v + 2 * m);
                    ((FloatVector) even.convert(VectorOperators.I2F, 0))
                            .mul(sub)
                            .intoMemorySegment(tile, k, ORDER);
                    ((FloatVector) odd.convert(VectorOperators.I2F, 0)).mul(sub).intoMemorySegment(tile, k + TO, ORDER);
                }
            }
            from += FROM * 4;
            to += TO * 32;
            subs += TO * 2;
        }
    }

    /** Q5_0, Q5_1, Q5_K. */
    static void q5(MemorySegment w, long from, int blocks, int offset, MemorySegment tile, long to, long subs) {
        for (int b = 0; b < blocks; b++) {
            IntVector high = IntVector.fromMemorySegment(INTS, w, from + FROM * 4, ORDER);
            for (int v = 0; v < 4; v++) {
                IntVector word = IntVector.fromMemorySegment(INTS, w, from + FROM * v, ORDER);
                FloatVector sub = FloatVector.fromMemorySegment(FLOATS, tile, subs + TO * (v >> 1), ORDER);
                for (int m = 0; m < 4; m++) {
                    IntVector even = word.lanewise(VectorOperators.LSHR, 4 * m)
                            .and(15)
                            .sub(high.lanewise(VectorOperators.LSHR, 4 * v + m)
                                    .and(1)
                                    .lanewise(VectorOperators.LSHL, 4))
                            .add(16 - offset);
                    IntVector odd = word.lanewise(VectorOperators.LSHR, 16 + 4 * m)
                            .and(15)
                            .sub(high.lanewise(VectorOperators.LSHR, 16 + 4 * v + m)
                                    .and(1)
                                    .lanewise(VectorOperators.LSHL, 4))
                            .add(16 - offset);
                    long k = to + TO * (8 * v + 2 * m);
                    ((FloatVector) even.convert(VectorOperators.I2F, 0))
                            .mul(sub)
                            .intoMemorySegment(tile, k, ORDER);
                    ((FloatVector) odd.convert(VectorOperators.I2F, 0)).mul(sub).intoMemorySegment(tile, k + TO, ORDER);
                }
            }
            from += FROM * 5;
            to += TO * 32;
            subs += TO * 2;
        }
    }

    /** Q6_K. */
    static void q6(MemorySegment w, long from, int blocks, int offset, MemorySegment tile, long to, long subs) {
        for (int b = 0; b < blocks; b++) {
            for (int v = 0; v < 4; v++) {
                IntVector word = IntVector.fromMemorySegment(INTS, w, from + FROM * v, ORDER);
                IntVector high = IntVector.fromMemorySegment(INTS, w, from + FROM * (4 + (v >> 1)), ORDER);
                FloatVector sub = FloatVector.fromMemorySegment(FLOATS, tile, subs + TO * (v >> 1), ORDER);
                for (int m = 0; m < 4; m++) {
                    IntVector even = word.lanewise(VectorOperators.LSHR, 4 * m)
                            .and(15)
                            .or(high.lanewise(VectorOperators.LSHR, 8 * (v & 1) + 2 * m)
                                    .and(3)
                                    .lanewise(VectorOperators.LSHL, 4))
                            .sub(offset);
                    IntVector odd = word.lanewise(VectorOperators.LSHR, 16 + 4 * m)
                            .and(15)
                            .or(high.lanewise(VectorOperators.LSHR, 16 + 8 * (v & 1) + 2 * m)
                                    .and(3)
                                    .lanewise(VectorOperators.LSHL, 4))
                            .sub(offset);
                    long k = to + TO * (8 * v + 2 * m);
                    ((FloatVector) even.convert(VectorOperators.I2F, 0))
                            .mul(sub)
                            .intoMemorySegment(tile, k, ORDER);
                    ((FloatVector) odd.convert(VectorOperators.I2F, 0)).mul(sub).intoMemorySegment(tile, k + TO, ORDER);
                }
            }
            from += FROM * 6;
            to += TO * 32;
            subs += TO * 2;
        }
    }

    /** Q8_0. */
    static void q8(MemorySegment w, long from, int blocks, MemorySegment tile, long to) {
        for (long v = 0; v < 8L * blocks; v++) {
            IntVector word = IntVector.fromMemorySegment(INTS, w, from + FROM * v, ORDER);
            ((FloatVector) word.lanewise(VectorOperators.LSHL, 24)
                            .lanewise(VectorOperators.ASHR, 24)
                            .convert(VectorOperators.I2F, 0))
                    .intoMemorySegment(tile, to + TO * (4 * v + 0), ORDER);
            ((FloatVector) word.lanewise(VectorOperators.LSHL, 8)
                            .lanewise(VectorOperators.ASHR, 24)
                            .convert(VectorOperators.I2F, 0))
                    .intoMemorySegment(tile, to + TO * (4 * v + 1), ORDER);
            ((FloatVector) word.lanewise(VectorOperators.LSHL, 16)
                            .lanewise(VectorOperators.ASHR, 24)
                            .convert(VectorOperators.I2F, 0))
                    .intoMemorySegment(tile, to + TO * (4 * v + 2), ORDER);
            ((FloatVector) word.lanewise(VectorOperators.ASHR, 24).convert(VectorOperators.I2F, 0))
                    .intoMemorySegment(tile, to + TO * (4 * v + 3), ORDER);
        }
    }
}
