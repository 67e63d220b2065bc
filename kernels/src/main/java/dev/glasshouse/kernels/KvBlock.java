package dev.glasshouse.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The bytes of one cache block: 64 positions of one layer. One key head after the other; for each head first its keys,
 * then its values, both of {@link #halfBytes} bytes, in the machine's byte order:
 *
 * <pre>
 *   keys    value d of position p at d·64 + p      transposed: positions are the lanes of a score
 *   values  value d of position p at p·headSize + d
 * </pre>
 *
 * <p>in elements of 4 bytes (F32), 2 (F16, rounded to nearest even) or 1 (Q8_0). Q8_0 has, after the bytes of the keys and
 * again after those of the values, the F16 scales of its groups of 32 values along the head (g = d / 32):
 *
 * <pre>
 *   keys    scale of group g of position p at g·64 + p
 *   values  scale of group g of position p at p·(headSize/32) + g
 * </pre>
 *
 * <p>so that every position has bytes of its own and can be written alone. A group is stored as scale = F16(m/127) with m
 * the largest magnitude, integers rint(x·(127/m)), half to even; a scale that is zero or not finite has integers 0. It is
 * read as integer · scale, which is exact in F32; a group with a value that is not finite reads as NaN.
 */
public final class KvBlock {
    private static final int GROUP = 32;

    private KvBlock() {}

    /** Bytes of one head's keys, and of its values. */
    public static long halfBytes(KvLayout layout) {
        long values = (long) KvLayout.BLOCK * layout.headSize();
        return switch (layout.type()) {
            case F32 -> values * 4;
            case F16 -> values * 2;
            case Q8_0 -> values / GROUP * (GROUP + 2);
        };
    }

    /** Where the keys of a head start. */
    public static long keys(KvLayout layout, int head) {
        return 2L * head * halfBytes(layout);
    }

    /** Where the values of a head start. */
    public static long values(KvLayout layout, int head) {
        return (2L * head + 1) * halfBytes(layout);
    }

    /** Writes one position: {@code row} of k and of v. */
    public static void store(KvLayout layout, Matrix k, Matrix v, int row, MemorySegment block, int slot) {
        int size = layout.headSize();
        long groups = size / GROUP;
        for (int head = 0; head < layout.kvHeads(); head++) {
            int col = head * size;
            long keys = keys(layout, head);
            long values = values(layout, head);
            switch (layout.type()) {
                case F32 -> {
                    for (long d = 0; d < size; d++) {
                        block.set(JAVA_FLOAT_UNALIGNED, keys + (d * 64 + slot) * 4, k.get(row, col + (int) d));
                        block.set(
                                JAVA_FLOAT_UNALIGNED, values + ((long) slot * size + d) * 4, v.get(row, col + (int) d));
                    }
                }
                case F16 -> {
                    for (long d = 0; d < size; d++) {
                        short key = Float.floatToFloat16(k.get(row, col + (int) d));
                        short value = Float.floatToFloat16(v.get(row, col + (int) d));
                        block.set(JAVA_SHORT_UNALIGNED, keys + (d * 64 + slot) * 2, key);
                        block.set(JAVA_SHORT_UNALIGNED, values + ((long) slot * size + d) * 2, value);
                    }
                }
                case Q8_0 -> {
                    long bytes = 64L * size;
                    for (int g = 0; g < groups; g++) {
                        long at = keys + (long) g * GROUP * 64 + slot;
                        long scaleAt = keys + bytes + ((long) g * 64 + slot) * 2;
                        storeGroup(k, row, col + g * GROUP, block, at, 64, scaleAt);
                        at = values + (long) slot * size + (long) g * GROUP;
                        scaleAt = values + bytes + (slot * groups + g) * 2;
                        storeGroup(v, row, col + g * GROUP, block, at, 1, scaleAt);
                    }
                }
            }
        }
    }

    private static void storeGroup(
            Matrix x, int row, int col, MemorySegment block, long at, long stride, long scaleAt) {
        float max = 0;
        for (int i = 0; i < GROUP; i++) {
            max = Math.max(max, Math.abs(x.get(row, col + i)));
        }
        short stored = Float.floatToFloat16(max / 127);
        float scale = Float.float16ToFloat(stored);
        boolean usable = scale > 0 && max < Float.POSITIVE_INFINITY;
        if (!usable && scale != 0) {
            stored = Float.floatToFloat16(Float.NaN);
        }
        float inverse = usable ? 127 / max : 0;
        block.set(JAVA_SHORT_UNALIGNED, scaleAt, stored);
        for (int i = 0; i < GROUP; i++) {
            byte q = usable ? (byte) (x.get(row, col + i) * inverse + Maths.MAGIC - Maths.MAGIC) : 0;
            block.set(JAVA_BYTE, at + i * stride, q);
        }
    }

    /** Reads a head's keys of all 64 positions: {@code into[d·64 + p]}. */
    static void readKeys(KvLayout layout, MemorySegment block, int head, float[] into) {
        int size = layout.headSize();
        long keys = keys(layout, head);
        for (int d = 0; d < size; d++) {
            for (int p = 0; p < 64; p++) {
                long i = d * 64L + p;
                into[d * 64 + p] = read(layout, block, keys, i, (long) (d / GROUP) * 64 + p);
            }
        }
    }

    /** Reads a head's values of positions from … to−1: {@code into[p·headSize + d]}. */
    static void readValues(KvLayout layout, MemorySegment block, int head, int from, int to, float[] into) {
        int size = layout.headSize();
        long values = values(layout, head);
        for (int p = from; p < to; p++) {
            for (int d = 0; d < size; d++) {
                long i = (long) p * size + d;
                into[p * size + d] = read(layout, block, values, i, (long) p * (size / GROUP) + d / GROUP);
            }
        }
    }

    private static float read(KvLayout layout, MemorySegment block, long base, long i, long group) {
        return switch (layout.type()) {
            case F32 -> block.get(JAVA_FLOAT_UNALIGNED, base + i * 4);
            case F16 -> Float.float16ToFloat(block.get(JAVA_SHORT_UNALIGNED, base + i * 2));
            case Q8_0 -> {
                short scale = block.get(JAVA_SHORT_UNALIGNED, base + 64L * layout.headSize() + group * 2);
                yield block.get(JAVA_BYTE, base + i) * Float.float16ToFloat(scale);
            }
        };
    }
}
