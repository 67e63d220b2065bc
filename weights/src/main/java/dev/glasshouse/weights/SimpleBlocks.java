package dev.glasshouse.weights;

import static dev.glasshouse.weights.TensorCodec.f16;
import static dev.glasshouse.weights.TensorCodec.i32;
import static dev.glasshouse.weights.TensorCodec.u8;

/**
 * The simple types: 32 values share an F16 scale d, and in the _1 types an F16 minimum m (ggml's block_q4_0 …).
 *
 * <pre>
 * Q4_0  d  16 bytes                 value i = (nibble − 8)·d        nibbles: values 0–15 low, 16–31 high
 * Q4_1  d  m  16 bytes              value i = nibble·d + m
 * Q5_0  d  32 fifth bits  16 bytes  value i = (5 bits − 16)·d
 * Q5_1  d  m  32 fifth bits  16 b.  value i = 5 bits·d + m
 * Q8_0  d  32 signed bytes          value i = byte·d
 * </pre>
 */
final class SimpleBlocks {
    private SimpleBlocks() {}

    static void unpackQ40(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 18, to += 32) {
            float d = f16(src, at);
            for (int i = 0; i < 16; i++) {
                int pair = u8(src, at + 2 + i);
                dst[to + i] = ((pair & 15) - 8) * d;
                dst[to + 16 + i] = ((pair >> 4) - 8) * d;
            }
        }
    }

    static void unpackQ41(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 20, to += 32) {
            float d = f16(src, at);
            float m = f16(src, at + 2);
            for (int i = 0; i < 16; i++) {
                int pair = u8(src, at + 4 + i);
                dst[to + i] = (pair & 15) * d + m;
                dst[to + 16 + i] = (pair >> 4) * d + m;
            }
        }
    }

    static void unpackQ50(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 22, to += 32) {
            float d = f16(src, at);
            int high = i32(src, at + 2);
            for (int i = 0; i < 16; i++) {
                int pair = u8(src, at + 6 + i);
                dst[to + i] = ((pair & 15 | high >> i << 4 & 16) - 16) * d;
                dst[to + 16 + i] = ((pair >> 4 | high >> i + 12 & 16) - 16) * d;
            }
        }
    }

    static void unpackQ51(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 24, to += 32) {
            float d = f16(src, at);
            float m = f16(src, at + 2);
            int high = i32(src, at + 4);
            for (int i = 0; i < 16; i++) {
                int pair = u8(src, at + 8 + i);
                dst[to + i] = (pair & 15 | high >> i << 4 & 16) * d + m;
                dst[to + 16 + i] = (pair >> 4 | high >> i + 12 & 16) * d + m;
            }
        }
    }

    static void unpackQ80(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 34, to += 32) {
            float d = f16(src, at);
            for (int i = 0; i < 32; i++) {
                dst[to + i] = src[at + 2 + i] * d;
            }
        }
    }
}
