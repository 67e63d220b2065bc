package dev.glasshouse.weights;

import static dev.glasshouse.weights.TensorCodec.f16;
import static dev.glasshouse.weights.TensorCodec.i32;
import static dev.glasshouse.weights.TensorCodec.u8;

/**
 * The K types: 256 values in 8 blocks of 32 or 16 of 16, whose scales are themselves small integers under F16
 * scales of the whole (ggml's block_q2_K …).
 *
 * <pre>
 * Q2_K  16 bytes (scale low, minimum high nibble)  64 bytes  d  dmin         value = d·scale·q − dmin·minimum
 * Q3_K  32 bytes high bits  64 bytes low 2 bits  12 bytes scales  d          value = d·(scale − 32)·(q − 4)
 * Q4_K  d  dmin  12 bytes scales and minimums  128 bytes                      value = d·scale·q − dmin·minimum
 * Q5_K  d  dmin  12 bytes as Q4_K  32 bytes fifth bits  128 bytes              the same
 * Q6_K  128 bytes low nibbles  64 bytes high 2 bits  16 signed scales  d     value = d·scale·(q − 32)
 * Q8_K  F32 d  256 signed bytes  16 × i16 sums                               value = d·q
 * </pre>
 *
 * <p>The 12 bytes of Q4_K and Q5_K hold 8 scales and 8 minimums of 6 bits: byte i &lt; 4 has scale i, byte i + 4 minimum
 * i (lower 6 bits), byte i + 8 the low nibbles of scale i + 4 and minimum i + 4, whose upper 2 bits are the upper 2 bits of
 * bytes i and i + 4. The 12 bytes of Q3_K hold 16 scales of 6 bits: nibble i of the first 8 bytes (low nibbles first), bits
 * 2·(i/4) of byte 8 + i%4.
 */
final class SuperBlocks {
    private SuperBlocks() {}

    static void unpackQ2k(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 84, to += 256) {
            float d = f16(src, at + 80);
            float dmin = f16(src, at + 82);
            for (int block = 0; block < 16; block++) {
                int scales = u8(src, at + block);
                float scale = d * (scales & 15);
                float minimum = dmin * (scales >> 4);
                int from = at + 16 + block / 8 * 32 + block % 2 * 16;
                int shift = block % 8 / 2 * 2;
                for (int i = 0; i < 16; i++) {
                    dst[to + block * 16 + i] = scale * (src[from + i] >> shift & 3) - minimum;
                }
            }
        }
    }

    static void unpackQ3k(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 110, to += 256) {
            float d = f16(src, at + 108);
            for (int block = 0; block < 16; block++) {
                int low = u8(src, at + 96 + block % 8) >> block / 8 * 4 & 15;
                int high = u8(src, at + 104 + block % 4) >> block / 4 * 2 & 3;
                float scale = d * ((low | high << 4) - 32);
                int from = at + 32 + block / 8 * 32 + block % 2 * 16;
                int highFrom = at + block % 2 * 16;
                int shift = block % 8 / 2 * 2;
                for (int i = 0; i < 16; i++) {
                    int q = (src[from + i] >> shift & 3) - ((src[highFrom + i] >> block / 2 & 1) != 0 ? 0 : 4);
                    dst[to + block * 16 + i] = scale * q;
                }
            }
        }
    }

    /** The 6-bit scale of a block from the 12 bytes of Q4_K and Q5_K. */
    static int scale(byte[] src, int at, int block) {
        return block < 4 ? src[at + block] & 63 : src[at + 4 + block] & 15 | (u8(src, at + block - 4) >> 6) << 4;
    }

    /** The 6-bit minimum of a block from the 12 bytes of Q4_K and Q5_K. */
    static int minimum(byte[] src, int at, int block) {
        return block < 4 ? src[at + 4 + block] & 63 : u8(src, at + 4 + block) >> 4 | (u8(src, at + block) >> 6) << 4;
    }

    static void unpackQ4k(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 144, to += 256) {
            float d = f16(src, at);
            float dmin = f16(src, at + 2);
            for (int block = 0; block < 8; block++) {
                float scale = d * scale(src, at + 4, block);
                float minimum = dmin * minimum(src, at + 4, block);
                int from = at + 16 + block / 2 * 32;
                int shift = block % 2 * 4;
                for (int i = 0; i < 32; i++) {
                    dst[to + block * 32 + i] = scale * (src[from + i] >> shift & 15) - minimum;
                }
            }
        }
    }

    static void unpackQ5k(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 176, to += 256) {
            float d = f16(src, at);
            float dmin = f16(src, at + 2);
            for (int block = 0; block < 8; block++) {
                float scale = d * scale(src, at + 4, block);
                float minimum = dmin * minimum(src, at + 4, block);
                int high = at + 16;
                int from = at + 48 + block / 2 * 32;
                int shift = block % 2 * 4;
                for (int i = 0; i < 32; i++) {
                    int q = src[from + i] >> shift & 15 | (src[high + i] >> block & 1) << 4;
                    dst[to + block * 32 + i] = scale * q - minimum;
                }
            }
        }
    }

    static void unpackQ6k(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 210, to += 256) {
            float d = f16(src, at + 208);
            for (int block = 0; block < 16; block++) {
                float scale = d * src[at + 192 + block];
                int half = block / 8;
                int part = block % 8 / 2; // of the four parts of 32 values in a half
                int low = at + half * 64 + part % 2 * 32 + block % 2 * 16;
                int high = at + 128 + half * 32 + block % 2 * 16;
                for (int i = 0; i < 16; i++) {
                    int q = src[low + i] >> part / 2 * 4 & 15 | (src[high + i] >> part * 2 & 3) << 4;
                    dst[to + block * 16 + i] = scale * (q - 32);
                }
            }
        }
    }

    static void unpackQ8k(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 292, to += 256) {
            float d = Float.intBitsToFloat(i32(src, at));
            for (int i = 0; i < 256; i++) {
                dst[to + i] = d * src[at + 4 + i];
            }
        }
    }
}
