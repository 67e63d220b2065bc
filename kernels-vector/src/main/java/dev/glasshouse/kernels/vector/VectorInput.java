package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.FLOAT;
import static dev.glasshouse.kernels.vector.Width.FLOATS;
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
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Rows of input as the kernels read them: quantised as the scalar definition says, or as they are. */
final class VectorInput {
    /** Below this a block counts as zero. */
    private static final float ZERO = 0x1p-100f;

    /** Added and taken away again it rounds to an integer, half to even. */
    private static final float MAGIC = 0x1.8p23f;

    private static final int MAGIC_BITS = Float.floatToRawIntBits(MAGIC);

    private static final VectorSpecies<Short> HALF_SHORTS =
            SHORTS.withShape(VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));

    private VectorInput() {}

    /** Bytes of one quantised row: int16 values, F32 scales, int sums; a multiple of 64. */
    static long rowBytes(int cols) {
        return (72L * (cols / 32) + 63) / 64 * 64;
    }

    /** Quantises the row at {@code from} for {@link DecodeKernels}. */
    static void quantise(MemorySegment x, long from, int blocks, MemorySegment out, long to) {
        long dx = to + 64L * blocks;
        for (int b = 0; b < blocks; b++) {
            long block = from + 128L * b;
            int top = top(x, block);
            float inverse = inverse(top);
            IntVector total = IntVector.zero(INTS);
            for (int i = 0; i < 32; i += LANES) {
                IntVector q = FloatVector.fromMemorySegment(FLOATS, x, block + 4L * i, ORDER)
                        .mul(inverse)
                        .add(MAGIC)
                        .reinterpretAsInts()
                        .sub(MAGIC_BITS);
                if (inverse == 0) {
                    q = IntVector.zero(INTS);
                }
                total = total.add(q);
                ((ShortVector) q.convertShape(VectorOperators.I2S, HALF_SHORTS, 0))
                        .intoMemorySegment(out, to + 64L * b + 2L * i, ORDER);
            }
            out.set(FLOAT, dx + 4L * b, scale(top));
            out.set(INT, dx + 4L * (blocks + b), total.reduceLanes(VectorOperators.ADD));
        }
    }

    /** Bytes of one panel of quantised rows: values, scales and sums, all F32. */
    static long panelBytes(int cols, int tokens) {
        return 4L * tokens * (cols + 2 * (cols / 32));
    }

    /**
     * Quantises the row at {@code from} into place {@code token} of a panel, {@code row} being room for {@code cols} F32.
     */
    static void quantisePanel(
            MemorySegment x,
            long from,
            int blocks,
            MemorySegment row,
            MemorySegment out,
            long to,
            int tokens,
            int token) {
        long step = 4L * tokens;
        long dx = to + step * 32 * blocks + 4L * token;
        for (int b = 0; b < blocks; b++) {
            long block = from + 128L * b;
            int top = top(x, block);
            float inverse = inverse(top);
            IntVector total = IntVector.zero(INTS);
            for (int i = 0; i < 32; i += LANES) {
                FloatVector q = FloatVector.fromMemorySegment(FLOATS, x, block + 4L * i, ORDER)
                        .mul(inverse)
                        .add(MAGIC);
                if (inverse == 0) {
                    q = FloatVector.broadcast(FLOATS, MAGIC);
                }
                total = total.add(q.reinterpretAsInts().sub(MAGIC_BITS));
                q.sub(MAGIC).intoMemorySegment(row, 128L * b + 4L * i, ORDER);
            }
            out.set(FLOAT, dx + step * b, scale(top));
            out.set(FLOAT, dx + step * (blocks + b), (float) total.reduceLanes(VectorOperators.ADD));
        }
        spread(row, 0, 32 * blocks, out, to, tokens, token);
    }

    /** Copies {@code cols} values into place {@code token} of a panel. */
    static void spread(MemorySegment x, long from, int cols, MemorySegment out, long to, int tokens, int token) {
        long at = to + 4L * token;
        long step = 4L * tokens;
        for (long k = 0; k < cols; k++) {
            out.set(FLOAT, at + step * k, x.get(FLOAT, from + 4 * k));
        }
    }

    /** The bits of the largest absolute value of a block; as ints they order as the floats do, NaN above all. */
    private static int top(MemorySegment x, long block) {
        IntVector max = IntVector.zero(INTS);
        for (int i = 0; i < 32; i += LANES) {
            max = max.max(
                    IntVector.fromMemorySegment(INTS, x, block + 4L * i, ORDER).and(0x7fffffff));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    private static float inverse(int top) {
        float max = Float.intBitsToFloat(top);
        return max >= ZERO && max <= Float.MAX_VALUE ? 127f / max : 0;
    }

    private static float scale(int top) {
        float max = Float.intBitsToFloat(top);
        return max < ZERO ? 0 : max <= Float.MAX_VALUE ? max / 127f : Float.NaN;
    }
}
