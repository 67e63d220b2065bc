package dev.glasshouse.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.glasshouse.kernels.KvBlock;
import dev.glasshouse.kernels.KvLayout;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Turns the keys and values of a cache block ({@link KvBlock}) into floats, once for all queries that read them. */
final class KvReader {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final VectorSpecies<Integer> INTS = Width.INTS;
    private static final VectorSpecies<Short> SHORTS =
            ShortVector.SPECIES_128.withShape(VectorShape.forBitSize(Width.BITS / 2));
    private static final int LANES = Width.LANES;
    /** There is no shape for four bytes, so that vectors of 4 floats are made two at a time. */
    private static final boolean TWO = LANES == 4;

    private static final VectorSpecies<Byte> BYTES =
            ByteVector.SPECIES_128.withShape(VectorShape.forBitSize(TWO ? 64 : Width.BITS / 4));
    private static final int BYTE_LANES = TWO ? 8 : LANES;

    private static final int BLOCK = KvLayout.BLOCK;
    private static final int GROUP = 32;

    private KvReader() {}

    /** {@code into[d·64 + p]} for all values d of the head and all positions p; {@code scales} has room for 64. */
    static void keys(KvLayout layout, MemorySegment block, int head, float[] into, float[] scales) {
        long at = KvBlock.keys(layout, head);
        int count = BLOCK * layout.headSize();
        switch (layout.type()) {
            case F32 -> MemorySegment.copy(block, JAVA_FLOAT_UNALIGNED, at, into, 0, count);
            case F16 -> halves(block, at, count, into, 0);
            case Q8_0 -> {
                for (int d = 0; d < layout.headSize(); d++) {
                    if (d % GROUP == 0) {
                        halves(block, at + count + (long) d / GROUP * BLOCK * 2, BLOCK, scales, 0);
                    }
                    scaledKeys(block, at + (long) d * BLOCK, scales, into, d * BLOCK);
                }
            }
        }
    }

    /** {@code into[p·stride + d]} for positions from … to−1; stride is the head's size rounded up to 16. */
    static void values(KvLayout layout, MemorySegment block, int head, int from, int to, float[] into, int stride) {
        long at = KvBlock.values(layout, head);
        int size = layout.headSize();
        for (int p = from; p < to; p++) {
            long row = (long) p * size;
            switch (layout.type()) {
                case F32 -> MemorySegment.copy(block, JAVA_FLOAT_UNALIGNED, at + row * 4, into, p * stride, size);
                case F16 -> halves(block, at + row * 2, size, into, p * stride);
                case Q8_0 -> {
                    for (int d = 0; d < size; d += GROUP) {
                        long scale = at + (long) BLOCK * size + ((long) p * (size / GROUP) + d / GROUP) * 2;
                        scaledGroup(
                                block,
                                at + row + d,
                                Float.float16ToFloat(block.get(JAVA_SHORT_UNALIGNED, scale)),
                                into,
                                p * stride + d);
                    }
                }
            }
        }
    }

    /**
     * Half precision to single: the exponent's bias differs by 112, so the bits without the sign, moved up by 13, are
     * 2¹¹² times too small, subnormals included; only infinity and NaN need their exponent set.
     */
    private static void halves(MemorySegment from, long at, int count, float[] into, int to) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            IntVector bits = ShortVector.fromMemorySegment(SHORTS, from, at + 2L * i, Width.ORDER)
                    .convertShape(VectorOperators.S2I, INTS, 0)
                    .reinterpretAsInts();
            IntVector moved = bits.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
            IntVector value = moved.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
            value = value.blend(moved.or(0x7F800000), moved.compare(VectorOperators.GE, 0x0F800000));
            value.or(bits.and(0x80000000)).reinterpretAsFloats().intoArray(into, to + i);
        }
        for (; i < count; i++) {
            into[to + i] = Float.float16ToFloat(from.get(JAVA_SHORT_UNALIGNED, at + 2L * i));
        }
    }

    private static void scaledKeys(MemorySegment from, long at, float[] scales, float[] into, int to) {
        for (int i = 0; i < BLOCK; i += BYTE_LANES) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, at + i, Width.ORDER);
            FloatVector first = (FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 0);
            first.mul(FloatVector.fromArray(FLOATS, scales, i)).intoArray(into, to + i);
            if (TWO) {
                FloatVector second = (FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 1);
                second.mul(FloatVector.fromArray(FLOATS, scales, i + LANES)).intoArray(into, to + i + LANES);
            }
        }
    }

    private static void scaledGroup(MemorySegment from, long at, float scale, float[] into, int to) {
        for (int i = 0; i < GROUP; i += BYTE_LANES) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, at + i, Width.ORDER);
            FloatVector first = (FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 0);
            first.mul(scale).intoArray(into, to + i);
            if (TWO) {
                FloatVector second = (FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 1);
                second.mul(scale).intoArray(into, to + i + LANES);
            }
        }
    }
}
