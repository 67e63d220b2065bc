package dev.glasshouse.weights;

import static dev.glasshouse.weights.TensorCodec.f16;
import static dev.glasshouse.weights.TensorCodec.u8;

/**
 * One and two bits and trits with one F16 scale d (ggml's block_q1_0, q2_0, tq1_0, tq2_0).
 *
 * <pre>
 * Q1_0   d  128 bits           value = bit ? d : −d
 * Q2_0   d  64 × 2 bits        value = (q − 1)·d, four consecutive values a byte
 * TQ1_0  48 + 4 bytes  d       five trits a byte as a fraction of 256: trit n = (byte·3ⁿ mod 256)·3 ≫ 8; value = (trit − 1)·d;
 *                              trit n of bytes 0–31 are values 32n…, of bytes 32–47 values 160 + 16n…, of the last 4 (four
 *                              trits each) values 240 + 4n…
 * TQ2_0  64 bytes  d           bits 2n of bytes 0–31 are values 32n…, of bytes 32–63 values 128 + 32n…; value = (q − 1)·d
 * </pre>
 */
final class LowBitBlocks {
    private LowBitBlocks() {}

    static void unpackQ10(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 18, to += 128) {
            float d = f16(src, at);
            for (int i = 0; i < 128; i++) {
                dst[to + i] = (src[at + 2 + i / 8] >> i % 8 & 1) != 0 ? d : -d;
            }
        }
    }

    static void unpackQ20(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 18, to += 64) {
            float d = f16(src, at);
            for (int i = 0; i < 64; i++) {
                dst[to + i] = ((src[at + 2 + i / 4] >> i % 4 * 2 & 3) - 1) * d;
            }
        }
    }

    static void unpackTq10(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 54, to += 256) {
            float d = f16(src, at + 52);
            trits(src, at, 32, 5, d, dst, to);
            trits(src, at + 32, 16, 5, d, dst, to + 160);
            trits(src, at + 48, 4, 4, d, dst, to + 240);
        }
    }

    private static void trits(byte[] src, int at, int bytes, int trits, float d, float[] dst, int to) {
        int power = 1;
        for (int n = 0; n < trits; n++, power *= 3) {
            for (int i = 0; i < bytes; i++) {
                int trit = (u8(src, at + i) * power & 0xFF) * 3 >> 8;
                dst[to++] = (trit - 1) * d;
            }
        }
    }

    static void unpackTq20(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 66, to += 256) {
            float d = f16(src, at + 64);
            for (int i = 0; i < 256; i++) {
                int q = src[at + i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3;
                dst[to + i] = (q - 1) * d;
            }
        }
    }
}
