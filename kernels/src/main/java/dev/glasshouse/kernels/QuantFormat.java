package dev.glasshouse.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.glasshouse.weights.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The block formats that are multiplied in integers, all as one formula. Value k of a row is
 *
 * <pre>    w[k] = d[k / group] · sub[k / subGroup] · (q[k] − offset)  +  m[k / group] · min[k / 32]</pre>
 *
 * where q are small integers, d and m are F16, and sub and min are integers (1 where a type has none). For the K types m
 * is the negative of the file's {@code dmin}. Block layouts as in ggml, little-endian:
 *
 * <pre>
 * Q4_0   d f16, 16 bytes: value i in the low nibble of byte i, value i + 16 in the high one
 * Q4_1   d f16, m f16, 16 bytes as Q4_0
 * Q5_0   d f16, 32 bits: bit i is bit 4 of value i, 16 bytes as Q4_0
 * Q5_1   d f16, m f16, 32 bits, 16 bytes as Q5_0
 * Q8_0   d f16, 32 signed bytes
 * Q4_K   d f16, dmin f16, 12 bytes with 8 times sub and min of 6 bits, 128 bytes: four times 32 bytes whose low nibbles
 *        are 32 values and whose high nibbles are the next 32
 * Q5_K   d f16, dmin f16, 12 bytes as Q4_K, 32 bytes: bit j of byte i is bit 4 of value 32j + i, 128 bytes as Q4_K
 * Q6_K   128 bytes low nibbles, 64 bytes with the two high bits, 16 signed bytes sub, d f16; in each half of 128 values,
 *        value i, i + 32 have the low nibbles of bytes i, i + 32, value i + 64, i + 96 their high nibbles, and the four
 *        have bits 0–1, 2–3, 4–5, 6–7 of byte i of the high bits
 * </pre>
 */
public enum QuantFormat {
    Q4_0(TensorType.Q4_0, 4, 8, 32, 0, false),
    Q4_1(TensorType.Q4_1, 4, 0, 32, 0, true),
    Q5_0(TensorType.Q5_0, 5, 16, 32, 0, false),
    Q5_1(TensorType.Q5_1, 5, 0, 32, 0, true),
    Q8_0(TensorType.Q8_0, 8, 0, 32, 0, false),
    Q4_K(TensorType.Q4_K, 4, 0, 256, 32, true),
    Q5_K(TensorType.Q5_K, 5, 0, 256, 32, true),
    Q6_K(TensorType.Q6_K, 6, 32, 256, 16, false);

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final TensorType type;
    private final int bits;
    private final int offset;
    private final int group;
    private final int subGroup;
    private final boolean minimum;

    QuantFormat(TensorType type, int bits, int offset, int group, int subGroup, boolean minimum) {
        this.type = type;
        this.bits = bits;
        this.offset = offset;
        this.group = group;
        this.subGroup = subGroup;
        this.minimum = minimum;
    }

    /** The format of a type, empty where the type is not multiplied in integers. */
    public static Optional<QuantFormat> of(TensorType type) {
        return Arrays.stream(values()).filter(format -> format.type == type).findFirst();
    }

    /** Bits of one q. Those of Q8_0 are signed, the others unsigned. */
    public int bits() {
        return bits;
    }

    /** What is taken from each q. */
    public int offset() {
        return offset;
    }

    /** Values that share one d, 32 or 256. */
    public int group() {
        return group;
    }

    /** Values that share one integer sub-scale, 16 or 32; 0 where there is none. */
    public int subGroup() {
        return subGroup;
    }

    /** Whether there are minimum terms. */
    public boolean minimum() {
        return minimum;
    }

    /** One unpacked row, to be filled again and again. */
    public static final class Row {
        /** The integers. */
        public final byte[] q;
        /** F16 scales, one per group. */
        public final short[] d;
        /** F16 minimum scales, one per group, <em>not</em> negated for the K types; zero where there is none. */
        public final short[] m;
        /** Integer sub-scales, one per sub-group; at least one a block of 32. */
        public final byte[] sub;
        /** Integer minima, one per 32. */
        public final byte[] min;

        /** Room for a row of {@code cols} values. */
        public Row(QuantFormat format, int cols) {
            q = new byte[cols];
            d = new short[cols / format.group];
            m = new short[cols / format.group];
            sub = new byte[cols / (format.subGroup == 0 ? 32 : format.subGroup)];
            min = new byte[cols / 32];
            Arrays.fill(sub, (byte) 1);
            Arrays.fill(min, (byte) 1);
        }
    }

    /** Unpacks the row that starts at byte {@code at} of {@code bytes}. */
    public void read(MemorySegment bytes, long at, Row row) {
        for (int block = 0; block < row.d.length; block++) {
            long start = at + (long) block * type.blockBytes();
            switch (this) {
                case Q4_0 -> {
                    row.d[block] = bytes.get(SHORT, start);
                    nibbles(bytes, start + 2, row.q, block * 32, 16);
                }
                case Q4_1 -> {
                    row.d[block] = bytes.get(SHORT, start);
                    row.m[block] = bytes.get(SHORT, start + 2);
                    nibbles(bytes, start + 4, row.q, block * 32, 16);
                }
                case Q5_0 -> {
                    row.d[block] = bytes.get(SHORT, start);
                    nibbles(bytes, start + 6, row.q, block * 32, 16);
                    fifthBits(bytes.get(INT, start + 2), row.q, block * 32);
                }
                case Q5_1 -> {
                    row.d[block] = bytes.get(SHORT, start);
                    row.m[block] = bytes.get(SHORT, start + 2);
                    nibbles(bytes, start + 8, row.q, block * 32, 16);
                    fifthBits(bytes.get(INT, start + 4), row.q, block * 32);
                }
                case Q8_0 -> {
                    row.d[block] = bytes.get(SHORT, start);
                    MemorySegment.copy(bytes, JAVA_BYTE, start + 2, row.q, block * 32, 32);
                }
                case Q4_K -> {
                    superBlock(bytes, start, row, block);
                    for (int j = 0; j < 4; j++) {
                        nibbles(bytes, start + 16 + 32L * j, row.q, block * 256 + 64 * j, 32);
                    }
                }
                case Q5_K -> {
                    superBlock(bytes, start, row, block);
                    for (int j = 0; j < 4; j++) {
                        nibbles(bytes, start + 48 + 32L * j, row.q, block * 256 + 64 * j, 32);
                    }
                    for (int i = 0; i < 256; i++) {
                        row.q[block * 256 + i] |=
                                (byte) ((bytes.get(JAVA_BYTE, start + 16 + (i & 31)) >>> (i >>> 5) & 1) << 4);
                    }
                }
                case Q6_K -> sixBits(bytes, start, row, block);
            }
        }
    }

    /** Low nibbles of {@code count} bytes, then high ones. */
    private static void nibbles(MemorySegment bytes, long at, byte[] q, int to, int count) {
        for (int i = 0; i < count; i++) {
            byte two = bytes.get(JAVA_BYTE, at + i);
            q[to + i] = (byte) (two & 15);
            q[to + count + i] = (byte) (two >>> 4 & 15);
        }
    }

    private static void fifthBits(int high, byte[] q, int to) {
        for (int i = 0; i < 32; i++) {
            q[to + i] |= (byte) ((high >>> i & 1) << 4);
        }
    }

    /** Scales of Q4_K and Q5_K: sub and min 0–3 in 6 bits of bytes 0–3 and 4–7, the others split over three bytes. */
    private static void superBlock(MemorySegment bytes, long start, Row row, int block) {
        row.d[block] = bytes.get(SHORT, start);
        row.m[block] = bytes.get(SHORT, start + 2);
        for (int j = 0; j < 4; j++) {
            int low = bytes.get(JAVA_BYTE, start + 4 + j);
            int middle = bytes.get(JAVA_BYTE, start + 8 + j);
            int both = bytes.get(JAVA_BYTE, start + 12 + j);
            row.sub[block * 8 + j] = (byte) (low & 63);
            row.min[block * 8 + j] = (byte) (middle & 63);
            row.sub[block * 8 + 4 + j] = (byte) (both & 15 | (low >>> 6 & 3) << 4);
            row.min[block * 8 + 4 + j] = (byte) (both >>> 4 & 15 | (middle >>> 6 & 3) << 4);
        }
    }

    private static void sixBits(MemorySegment bytes, long start, Row row, int block) {
        for (int half = 0; half < 2; half++) {
            int to = block * 256 + half * 128;
            for (int i = 0; i < 32; i++) {
                int a = bytes.get(JAVA_BYTE, start + half * 64L + i);
                int b = bytes.get(JAVA_BYTE, start + half * 64L + 32 + i);
                int high = bytes.get(JAVA_BYTE, start + 128 + half * 32L + i);
                row.q[to + i] = (byte) (a & 15 | (high & 3) << 4);
                row.q[to + 32 + i] = (byte) (b & 15 | (high >>> 2 & 3) << 4);
                row.q[to + 64 + i] = (byte) (a >>> 4 & 15 | (high >>> 4 & 3) << 4);
                row.q[to + 96 + i] = (byte) (b >>> 4 & 15 | (high >>> 6 & 3) << 4);
            }
        }
        MemorySegment.copy(bytes, JAVA_BYTE, start + 192, row.sub, block * 16, 16);
        row.d[block] = bytes.get(SHORT, start + 208);
    }

    /** The exact values of an unpacked row, as the format's own unpacking gives them. */
    public void values(Row row, float[] out) {
        int perSub = subGroup == 0 ? 32 : subGroup;
        for (int k = 0; k < row.q.length; k++) {
            float scale = Float.float16ToFloat(row.d[k / group]) * row.sub[k / perSub];
            float value = scale * (row.q[k] - offset);
            if (minimum) {
                float m = Float.float16ToFloat(row.m[k / group]);
                value = group == 32 ? value + m : value - m * row.min[k / 32];
            }
            out[k] = value;
        }
    }

    /** The number that multiplies {@code min} in group {@code i}: m, or −dmin. */
    public float minimumScale(Row row, int i) {
        float m = Float.float16ToFloat(row.m[i]);
        return group == 32 ? m : -m;
    }
}
