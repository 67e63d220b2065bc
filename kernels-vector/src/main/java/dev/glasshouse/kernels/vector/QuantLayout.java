package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.INT;
import static dev.glasshouse.kernels.vector.Width.LANES;

import dev.glasshouse.kernels.QuantFormat;
import java.lang.foreign.MemorySegment;

/**
 * How a quantised weight lies in memory: rows in groups of {@link Width#LANES}, one F32 or int lane a row, so that no sum ever
 * crosses lanes. A group is a sequence of vectors of ints; the int of a row in each is written here as two halves,
 * because the kernels multiply in int16 lanes, even values of the row in the low halves and odd ones in the high halves:
 *
 * <pre>
 * q, a block of 32 values:
 *   4 bits   4 ints: bits 4m … 4m+3 of int v are value 2(4v + m), bits 16+4m … are value 2(4v + m) + 1
 *   5 bits   4 ints as above for bits 0–3, and one int: bit i is NOT bit 4 of value 2i, bit 16 + i that of value 2i + 1
 *   6 bits   4 ints as above for bits 0–3, and two ints: bits 2f, 2f+1 of int v are bits 4–5 of value 2(8v + f), the high
 *            half likewise of value 2(8v + f) + 1
 *   8 bits   8 ints: the bytes of int v are values 4v, 4v + 2, 4v + 1, 4v + 3
 * d, F16:    without minima one int for two blocks (low half the even one); with minima one int a group of the format,
 *            low half d, high half m (negated for the K types)
 * sub, min:  one int for two blocks; bytes sub, min, sub, min (Q4_K, Q5_K) or four sub of 16 values each (Q6_K)
 * </pre>
 *
 * A format's bytes stay what they are in the file, but for Q4_K and Q5_K (4 more of 144 and 176) and Q6_K (2 more of 210).
 *
 * @param blocks blocks of 32 values in a row
 * @param blockInts ints of q in a block
 * @param scaleShift block b finds its d in int {@code b >> scaleShift}
 * @param scaleMask and there {@code 16·(b & scaleMask)} bits up
 */
record QuantLayout(
        QuantFormat format,
        int blocks,
        int blockInts,
        int scaleShift,
        int scaleMask,
        long scaleAt,
        long subAt,
        long groupBytes) {
    static QuantLayout of(QuantFormat format, int cols) {
        int blocks = cols / 32;
        int blockInts = format.bits();
        boolean pairs = format.group() == 32 && !format.minimum();
        int scaleInts = format.group() == 256 ? blocks / 8 : pairs ? (blocks + 1) / 2 : blocks;
        long scaleAt = 4L * LANES * blocks * blockInts;
        long subAt = scaleAt + 4L * LANES * scaleInts;
        long end = subAt + (format.subGroup() == 0 ? 0 : 4L * LANES * (blocks / 2));
        return new QuantLayout(
                format,
                blocks,
                blockInts,
                format.group() == 256 ? 3 : pairs ? 1 : 0,
                pairs ? 1 : 0,
                scaleAt,
                subAt,
                end);
    }

    /** Writes a row to lane {@code lane} of the group at {@code group}, which is zero so far. */
    void write(QuantFormat.Row row, MemorySegment data, long group, int lane) {
        long at = group + 4L * lane;
        long stride = 4L * LANES;
        byte[] q = row.q;
        for (int block = 0; block < blocks; block++) {
            int k = block * 32;
            long to = at + stride * block * blockInts;
            switch (blockInts) {
                case 8 -> {
                    for (int v = 0; v < 8; v++, k += 4) {
                        int word = q[k] & 255 | (q[k + 2] & 255) << 8 | (q[k + 1] & 255) << 16 | q[k + 3] << 24;
                        data.set(INT, to + stride * v, word);
                    }
                }
                case 5 -> {
                    nibbles(q, k, data, to);
                    int high = 0;
                    for (int i = 0; i < 16; i++) {
                        high |= (q[k + 2 * i] >> 4 & 1) << i | (q[k + 2 * i + 1] >> 4 & 1) << (16 + i);
                    }
                    data.set(INT, to + stride * 4, ~high);
                }
                case 6 -> {
                    nibbles(q, k, data, to);
                    for (int v = 0; v < 2; v++) {
                        int high = 0;
                        for (int f = 0; f < 8; f++) {
                            int even = k + 2 * (8 * v + f);
                            high |= (q[even] >> 4 & 3) << 2 * f | (q[even + 1] >> 4 & 3) << (16 + 2 * f);
                        }
                        data.set(INT, to + stride * (4 + v), high);
                    }
                }
                default -> nibbles(q, k, data, to);
            }
        }
        writeScales(row, data, at + scaleAt, at + subAt);
    }

    private static void nibbles(byte[] q, int k, MemorySegment data, long to) {
        for (int v = 0; v < 4; v++) {
            int word = 0;
            for (int m = 0; m < 4; m++) {
                int even = k + 2 * (4 * v + m);
                word |= (q[even] & 15) << 4 * m | (q[even + 1] & 15) << (16 + 4 * m);
            }
            data.set(INT, to + 4L * LANES * v, word);
        }
    }

    private void writeScales(QuantFormat.Row row, MemorySegment data, long scales, long subs) {
        long stride = 4L * LANES;
        if (scaleMask == 1) {
            for (int block = 0; block < blocks; block += 2) {
                int high = block + 1 < blocks ? row.d[block + 1] : 0;
                data.set(INT, scales + stride * (block >> 1), row.d[block] & 0xffff | high << 16);
            }
        } else {
            int sign = format.group() == 256 ? 0x8000 : 0;
            for (int i = 0; i < row.d.length; i++) {
                data.set(INT, scales + stride * i, row.d[i] & 0xffff | (row.m[i] ^ sign) << 16);
            }
        }
        if (format.subGroup() == 0) {
            return;
        }
        for (int pair = 0; pair < blocks / 2; pair++) {
            byte[] a = row.sub;
            int word = format.subGroup() == 16
                    ? bytes(a[4 * pair], a[4 * pair + 1], a[4 * pair + 2], a[4 * pair + 3])
                    : bytes(a[2 * pair], row.min[2 * pair], a[2 * pair + 1], row.min[2 * pair + 1]);
            data.set(INT, subs + stride * pair, word);
        }
    }

    private static int bytes(byte a, byte b, byte c, byte d) {
        return a & 255 | (b & 255) << 8 | (c & 255) << 16 | d << 24;
    }

    /** The inverse of {@link #write}. */
    void read(MemorySegment data, long group, int lane, QuantFormat.Row row) {
        long at = group + 4L * lane;
        long stride = 4L * LANES;
        for (int k = 0; k < blocks * 32; k++) {
            long from = at + stride * (k / 32) * blockInts;
            int i = k % 32 / 2;
            int half = 16 * (k & 1);
            if (blockInts == 8) {
                int order = (k & 1) << 1 | k >> 1 & 1;
                row.q[k] = (byte) (data.get(INT, from + stride * (k % 32 / 4)) >> 8 * order);
            } else {
                int value = data.get(INT, from + stride * (i / 4)) >>> (half + 4 * (i % 4)) & 15;
                if (blockInts == 5) {
                    value |= (~data.get(INT, from + stride * 4) >>> (half + i) & 1) << 4;
                } else if (blockInts == 6) {
                    value |= (data.get(INT, from + stride * (4 + i / 8)) >>> (half + 2 * (i % 8)) & 3) << 4;
                }
                row.q[k] = (byte) value;
            }
        }
        readScales(data, at + scaleAt, at + subAt, row);
    }

    private void readScales(MemorySegment data, long scales, long subs, QuantFormat.Row row) {
        long stride = 4L * LANES;
        for (int i = 0; i < row.d.length; i++) {
            if (scaleMask == 1) {
                row.d[i] = (short) (data.get(INT, scales + stride * (i >> 1)) >>> 16 * (i & 1));
            } else {
                int both = data.get(INT, scales + stride * i);
                row.d[i] = (short) both;
                row.m[i] = (short) (both >>> 16 ^ (format.group() == 256 ? 0x8000 : 0));
            }
        }
        for (int i = 0; format.subGroup() > 0 && i < blocks * 2; i++) {
            byte value = (byte) (data.get(INT, subs + stride * (i >> 2)) >>> 8 * (i & 3));
            if (format.subGroup() == 16) {
                row.sub[i] = value;
            } else if ((i & 1) == 0) {
                row.sub[i >> 1] = value;
            } else {
                row.min[i >> 1] = value;
            }
        }
    }
}
