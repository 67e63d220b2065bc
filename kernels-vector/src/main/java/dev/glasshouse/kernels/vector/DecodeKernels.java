package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.FLOAT;
import static dev.glasshouse.kernels.vector.Width.FLOATS;
import static dev.glasshouse.kernels.vector.Width.HALF;
import static dev.glasshouse.kernels.vector.Width.INT;
import static dev.glasshouse.kernels.vector.Width.INTS;
import static dev.glasshouse.kernels.vector.Width.LANES;
import static dev.glasshouse.kernels.vector.Width.ORDER;
import static dev.glasshouse.kernels.vector.Width.SHORTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One group of rows ({@link QuantLayout}) times one row of quantised input: {@code y += Σ p · (d · dx)}, the chain of the
 * scalar definition in each lane. Meant for few rows of input, where reading the weights is what costs.
 *
 * <p>Products are made in int16 lanes, two values of a row side by side, and stay exact because their number is
 * bounded: 16 of at most 15·127 or 16·127, 8 of 32·127, 2 of 128·127. The input is the row's int16 values, then
 * its F32 scales, then its int sums, so that one int broadcast holds the two values that one int of weights meets.
 */
final class DecodeKernels {
    private static final long STRIDE = 4L * LANES;

    private DecodeKernels() {}

    /** Q4_0 and Q4_1, {@code offset} being 8 or 0. */
    static void q4(
            QuantLayout layout,
            MemorySegment w,
            long group,
            MemorySegment x,
            long q,
            MemorySegment y,
            long at,
            int offset) {
        int blocks = layout.blocks();
        long scales = group + layout.scaleAt();
        long dx = q + 64L * blocks;
        long sums = dx + 4L * blocks;
        int shift = layout.scaleShift();
        int mask = layout.scaleMask();
        FloatVector sum = FloatVector.fromMemorySegment(FLOATS, y, at, ORDER);
        for (int b = 0; b < blocks; b++) {
            long from = group + STRIDE * 4 * b;
            long to = q + 64L * b;
            ShortVector acc = ShortVector.zero(SHORTS);
            for (int v = 0; v < 4; v++) {
                ShortVector word = ShortVector.fromMemorySegment(SHORTS, w, from + STRIDE * v, ORDER);
                acc = word.and((short) 15)
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 0))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 4)
                        .and((short) 15)
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 4))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 8)
                        .and((short) 15)
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 8))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 12)
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 12))
                                .reinterpretAsShorts())
                        .add(acc);
            }
            IntVector p = acc.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(acc.reinterpretAsInts().lanewise(VectorOperators.ASHR, 16))
                    .sub(x.get(INT, sums + 4L * b) * offset);
            IntVector h = IntVector.fromMemorySegment(INTS, w, scales + STRIDE * (b >> shift), ORDER)
                    .lanewise(VectorOperators.LSHR, 16 * (b & mask));
            FloatVector scale = h.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(h.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                    .reinterpretAsFloats();
            FloatVector product = (FloatVector) p.convert(VectorOperators.I2F, 0);
            sum = product.fma(scale.mul(x.get(FLOAT, dx + 4L * b)), sum);
        }
        sum.intoMemorySegment(y, at, ORDER);
    }

    /** Q4_K. */
    static void q4k(
            QuantLayout layout, MemorySegment w, long group, MemorySegment x, long q, MemorySegment y, long at) {
        int blocks = layout.blocks();
        long scales = group + layout.scaleAt();
        long subs = group + layout.subAt();
        long dx = q + 64L * blocks;
        int shift = layout.scaleShift();
        int mask = layout.scaleMask();
        FloatVector sum = FloatVector.fromMemorySegment(FLOATS, y, at, ORDER);
        for (int b = 0; b < blocks; b++) {
            long from = group + STRIDE * 4 * b;
            long to = q + 64L * b;
            ShortVector acc = ShortVector.zero(SHORTS);
            for (int v = 0; v < 4; v++) {
                ShortVector word = ShortVector.fromMemorySegment(SHORTS, w, from + STRIDE * v, ORDER);
                acc = word.and((short) 15)
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 0))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 4)
                        .and((short) 15)
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 4))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 8)
                        .and((short) 15)
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 8))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 12)
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 12))
                                .reinterpretAsShorts())
                        .add(acc);
            }
            IntVector p = acc.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(acc.reinterpretAsInts().lanewise(VectorOperators.ASHR, 16));
            IntVector sub = IntVector.fromMemorySegment(INTS, w, subs + STRIDE * (b >> 1), ORDER)
                    .lanewise(VectorOperators.LSHR, 16 * (b & 1))
                    .and(63);
            p = p.mul(sub);
            IntVector h = IntVector.fromMemorySegment(INTS, w, scales + STRIDE * (b >> shift), ORDER)
                    .lanewise(VectorOperators.LSHR, 16 * (b & mask));
            FloatVector scale = h.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(h.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                    .reinterpretAsFloats();
            FloatVector product = (FloatVector) p.convert(VectorOperators.I2F, 0);
            sum = product.fma(scale.mul(x.get(FLOAT, dx + 4L * b)), sum);
        }
        sum.intoMemorySegment(y, at, ORDER);
    }

    /** Q5_0 and Q5_1, {@code offset} being 16 or 0: the kernel multiplies value − 16. */
    static void q5(
            QuantLayout layout,
            MemorySegment w,
            long group,
            MemorySegment x,
            long q,
            MemorySegment y,
            long at,
            int offset) {
        int blocks = layout.blocks();
        long scales = group + layout.scaleAt();
        long dx = q + 64L * blocks;
        long sums = dx + 4L * blocks;
        int shift = layout.scaleShift();
        int mask = layout.scaleMask();
        FloatVector sum = FloatVector.fromMemorySegment(FLOATS, y, at, ORDER);
        for (int b = 0; b < blocks; b++) {
            long from = group + STRIDE * 5 * b;
            long to = q + 64L * b;
            ShortVector high = ShortVector.fromMemorySegment(SHORTS, w, from + STRIDE * 4, ORDER);
            ShortVector acc = ShortVector.zero(SHORTS);
            for (int v = 0; v < 4; v++) {
                ShortVector word = ShortVector.fromMemorySegment(SHORTS, w, from + STRIDE * v, ORDER);
                ShortVector bits = high.lanewise(VectorOperators.LSHR, 4 * v);
                acc = word.and((short) 15)
                        .sub(bits.lanewise(VectorOperators.LSHL, 4).and((short) 16))
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 0))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 4)
                        .and((short) 15)
                        .sub(bits.lanewise(VectorOperators.LSHL, 3).and((short) 16))
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 4))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 8)
                        .and((short) 15)
                        .sub(bits.lanewise(VectorOperators.LSHL, 2).and((short) 16))
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 8))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 12)
                        .sub(bits.lanewise(VectorOperators.LSHL, 1).and((short) 16))
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 12))
                                .reinterpretAsShorts())
                        .add(acc);
            }
            IntVector p = acc.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(acc.reinterpretAsInts().lanewise(VectorOperators.ASHR, 16))
                    .add(x.get(INT, sums + 4L * b) * (16 - offset));
            IntVector h = IntVector.fromMemorySegment(INTS, w, scales + STRIDE * (b >> shift), ORDER)
                    .lanewise(VectorOperators.LSHR, 16 * (b & mask));
            FloatVector scale = h.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(h.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                    .reinterpretAsFloats();
            FloatVector product = (FloatVector) p.convert(VectorOperators.I2F, 0);
            sum = product.fma(scale.mul(x.get(FLOAT, dx + 4L * b)), sum);
        }
        sum.intoMemorySegment(y, at, ORDER);
    }

    /** Q5_K. */
    static void q5k(
            QuantLayout layout, MemorySegment w, long group, MemorySegment x, long q, MemorySegment y, long at) {
        int blocks = layout.blocks();
        long scales = group + layout.scaleAt();
        long subs = group + layout.subAt();
        long dx = q + 64L * blocks;
        long sums = dx + 4L * blocks;
        int shift = layout.scaleShift();
        int mask = layout.scaleMask();
        FloatVector sum = FloatVector.fromMemorySegment(FLOATS, y, at, ORDER);
        for (int b = 0; b < blocks; b++) {
            long from = group + STRIDE * 5 * b;
            long to = q + 64L * b;
            ShortVector high = ShortVector.fromMemorySegment(SHORTS, w, from + STRIDE * 4, ORDER);
            ShortVector acc = ShortVector.zero(SHORTS);
            for (int v = 0; v < 4; v++) {
                ShortVector word = ShortVector.fromMemorySegment(SHORTS, w, from + STRIDE * v, ORDER);
                ShortVector bits = high.lanewise(VectorOperators.LSHR, 4 * v);
                acc = word.and((short) 15)
                        .sub(bits.lanewise(VectorOperators.LSHL, 4).and((short) 16))
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 0))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 4)
                        .and((short) 15)
                        .sub(bits.lanewise(VectorOperators.LSHL, 3).and((short) 16))
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 4))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 8)
                        .and((short) 15)
                        .sub(bits.lanewise(VectorOperators.LSHL, 2).and((short) 16))
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 8))
                                .reinterpretAsShorts())
                        .add(acc);
                acc = word.lanewise(VectorOperators.LSHR, 12)
                        .sub(bits.lanewise(VectorOperators.LSHL, 1).and((short) 16))
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 16L * v + 12))
                                .reinterpretAsShorts())
                        .add(acc);
            }
            IntVector p = acc.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 16)
                    .add(acc.reinterpretAsInts().lanewise(VectorOperators.ASHR, 16))
                    .add(x.get(INT, sums + 4L * b) * 16);
            IntVector sub = IntVector.fromMemorySegment(INTS, w, subs + STRIDE * (b >> 1), ORDER)
                    .lanewise(VectorOperators.LSHR, 16 * (b & 1))
                    .and(63);
            p = p.mul(sub);
            IntVector h = IntVector.fromMemorySegment(INTS, w, scales + STRIDE * (b >> shift), ORDER)
                    .lanewise(VectorOperators.LSHR, 16 * (b & mask));
            FloatVector scale = h.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(h.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                    .reinterpretAsFloats();
            FloatVector product = (FloatVector) p.convert(VectorOperators.I2F, 0);
            sum = product.fma(scale.mul(x.get(FLOAT, dx + 4L * b)), sum);
        }
        sum.intoMemorySegment(y, at, ORDER);
    }

    /** Q6_K: two sub-blocks of 16 values. */
    static void q6k(
            QuantLayout layout, MemorySegment w, long group, MemorySegment x, long q, MemorySegment y, long at) {
        int blocks = layout.blocks();
        long scales = group + layout.scaleAt();
        long subs = group + layout.subAt();
        long dx = q + 64L * blocks;
        int shift = layout.scaleShift();
        int mask = layout.scaleMask();
        FloatVector sum = FloatVector.fromMemorySegment(FLOATS, y, at, ORDER);
        for (int b = 0; b < blocks; b++) {
            long from = group + STRIDE * 6 * b;
            long to = q + 64L * b;
            IntVector subBlocks = IntVector.fromMemorySegment(INTS, w, subs + STRIDE * (b >> 1), ORDER);
            IntVector p = IntVector.zero(INTS);
            for (int half = 0; half < 2; half++) {
                ShortVector high = ShortVector.fromMemorySegment(SHORTS, w, from + STRIDE * (4 + half), ORDER);
                ShortVector acc = ShortVector.zero(SHORTS);
                for (int v = 0; v < 2; v++) {
                    ShortVector word = ShortVector.fromMemorySegment(SHORTS, w, from + STRIDE * (2 * half + v), ORDER);
                    ShortVector bits = high.lanewise(VectorOperators.LSHR, 8 * v);
                    long pair = to + 32L * half + 16L * v;
                    acc = word.and((short) 15)
                            .or(bits.lanewise(VectorOperators.LSHL, 4).and((short) 48))
                            .sub((short) 32)
                            .mul(IntVector.broadcast(INTS, x.get(INT, pair + 0)).reinterpretAsShorts())
                            .add(acc);
                    acc = word.lanewise(VectorOperators.LSHR, 4)
                            .and((short) 15)
                            .or(bits.lanewise(VectorOperators.LSHL, 2).and((short) 48))
                            .sub((short) 32)
                            .mul(IntVector.broadcast(INTS, x.get(INT, pair + 4)).reinterpretAsShorts())
                            .add(acc);
                    acc = word.lanewise(VectorOperators.LSHR, 8)
                            .and((short) 15)
                            .or(bits.and((short) 48))
                            .sub((short) 32)
                            .mul(IntVector.broadcast(INTS, x.get(INT, pair + 8)).reinterpretAsShorts())
                            .add(acc);
                    acc = word.lanewise(VectorOperators.LSHR, 12)
                            .or(bits.lanewise(VectorOperators.LSHR, 2).and((short) 48))
                            .sub((short) 32)
                            .mul(IntVector.broadcast(INTS, x.get(INT, pair + 12))
                                    .reinterpretAsShorts())
                            .add(acc);
                }
                IntVector sum16 = acc.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 16)
                        .add(acc.reinterpretAsInts().lanewise(VectorOperators.ASHR, 16));
                p = subBlocks
                        .lanewise(VectorOperators.LSHL, 24 - 8 * half - 16 * (b & 1))
                        .lanewise(VectorOperators.ASHR, 24)
                        .mul(sum16)
                        .add(p);
            }
            IntVector h = IntVector.fromMemorySegment(INTS, w, scales + STRIDE * (b >> shift), ORDER)
                    .lanewise(VectorOperators.LSHR, 16 * (b & mask));
            FloatVector scale = h.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(h.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                    .reinterpretAsFloats();
            FloatVector product = (FloatVector) p.convert(VectorOperators.I2F, 0);
            sum = product.fma(scale.mul(x.get(FLOAT, dx + 4L * b)), sum);
        }
        sum.intoMemorySegment(y, at, ORDER);
    }

    /** Q8_0. */
    static void q8(QuantLayout layout, MemorySegment w, long group, MemorySegment x, long q, MemorySegment y, long at) {
        int blocks = layout.blocks();
        long scales = group + layout.scaleAt();
        long dx = q + 64L * blocks;
        int shift = layout.scaleShift();
        int mask = layout.scaleMask();
        FloatVector sum = FloatVector.fromMemorySegment(FLOATS, y, at, ORDER);
        for (int b = 0; b < blocks; b++) {
            long from = group + STRIDE * 8 * b;
            long to = q + 64L * b;
            IntVector p = IntVector.zero(INTS);
            for (int v = 0; v < 8; v++) {
                ShortVector word = ShortVector.fromMemorySegment(SHORTS, w, from + STRIDE * v, ORDER);
                IntVector two = word.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.ASHR, 8)
                        .mul(IntVector.broadcast(INTS, x.get(INT, to + 8L * v)).reinterpretAsShorts())
                        .add(word.lanewise(VectorOperators.ASHR, 8)
                                .mul(IntVector.broadcast(INTS, x.get(INT, to + 8L * v + 4))
                                        .reinterpretAsShorts()))
                        .reinterpretAsInts();
                p = p.add(two.lanewise(VectorOperators.ASHR, 16))
                        .add(two.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16));
            }
            IntVector h = IntVector.fromMemorySegment(INTS, w, scales + STRIDE * (b >> shift), ORDER)
                    .lanewise(VectorOperators.LSHR, 16 * (b & mask));
            FloatVector scale = h.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(h.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                    .reinterpretAsFloats();
            FloatVector product = (FloatVector) p.convert(VectorOperators.I2F, 0);
            sum = product.fma(scale.mul(x.get(FLOAT, dx + 4L * b)), sum);
        }
        sum.intoMemorySegment(y, at, ORDER);
    }
}
