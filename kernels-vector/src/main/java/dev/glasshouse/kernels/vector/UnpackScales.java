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

/** Unpacks the scales of blocks {@code first} … {@code first + blocks − 1} of one group of rows into half a {@link Tile}. */
final class UnpackScales {
    private static final long FROM = 4L * LANES;
    private static final long TO = 8L * LANES;

    private UnpackScales() {}

    /** d, one vector a block; {@code up} 16 takes m instead. */
    static void scales(
            QuantLayout layout,
            MemorySegment w,
            long group,
            int first,
            int blocks,
            int up,
            MemorySegment tile,
            long to) {
        long scales = group + layout.scaleAt();
        for (int b = 0; b < blocks; b++) {
            IntVector h = IntVector.fromMemorySegment(
                            INTS, w, scales + FROM * (first + b >> layout.scaleShift()), ORDER)
                    .lanewise(VectorOperators.LSHR, up + 16 * (first + b & layout.scaleMask()));
            h.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(HALF)
                    .reinterpretAsInts()
                    .or(h.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                    .reinterpretAsFloats()
                    .intoMemorySegment(tile, to + TO * b, ORDER);
        }
    }

    /** Integer minima, one vector a block; 1 where the format has none. */
    static void minima(
            QuantLayout layout, MemorySegment w, long group, int first, int blocks, MemorySegment tile, long to) {
        long subs = group + layout.subAt();
        boolean present = layout.format().subGroup() == 32;
        for (int b = 0; b < blocks; b++) {
            if (present) {
                IntVector word = IntVector.fromMemorySegment(INTS, w, subs + FROM * (first + b >> 1), ORDER);
                ((FloatVector) word.lanewise(VectorOperators.LSHR, 8 + 16 * (first + b & 1))
                                .and(63)
                                .convert(VectorOperators.I2F, 0))
                        .intoMemorySegment(tile, to + TO * b, ORDER);
            } else {
                FloatVector.broadcast(FLOATS, 1).intoMemorySegment(tile, to + TO * b, ORDER);
            }
        }
    }

    /** Integer sub-scales, one vector for each 16 values; 1 where the format has none. */
    static void subs(
            QuantLayout layout, MemorySegment w, long group, int first, int blocks, MemorySegment tile, long to) {
        long subs = group + layout.subAt();
        int perSub = layout.format().subGroup();
        for (int i = 0; i < 2 * blocks; i++) {
            if (perSub == 0) {
                FloatVector.broadcast(FLOATS, 1).intoMemorySegment(tile, to + TO * i, ORDER);
            } else {
                IntVector word = IntVector.fromMemorySegment(INTS, w, subs + FROM * (2 * first + i >> 2), ORDER);
                int at = perSub == 16 ? 2 * first + i & 3 : 2 * first + i & 2;
                ((FloatVector) word.lanewise(VectorOperators.LSHL, 24 - 8 * at)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .intoMemorySegment(tile, to + TO * i, ORDER);
            }
        }
    }
}
