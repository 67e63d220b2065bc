package dev.glasshouse.weights;

import static dev.glasshouse.weights.TensorCodec.f16;
import static dev.glasshouse.weights.TensorCodec.i32;
import static dev.glasshouse.weights.TensorCodec.putF16;
import static dev.glasshouse.weights.TensorCodec.putI32;
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

    /** The value of largest magnitude of the 32, the first of equals. */
    private static float extreme(float[] src, int at) {
        float extreme = 0;
        float magnitude = 0;
        for (int i = 0; i < 32; i++) {
            if (magnitude < Math.abs(src[at + i])) {
                magnitude = Math.abs(src[at + i]);
                extreme = src[at + i];
            }
        }
        return extreme;
    }

    private static float minimum(float[] src, int at) {
        float minimum = src[at];
        for (int i = 1; i < 32; i++) {
            minimum = src[at + i] < minimum ? src[at + i] : minimum;
        }
        return minimum;
    }

    private static float maximum(float[] src, int at) {
        float maximum = src[at];
        for (int i = 1; i < 32; i++) {
            maximum = src[at + i] > maximum ? src[at + i] : maximum;
        }
        return maximum;
    }

    private static float inverse(float d) {
        return d == 0 ? 0 : 1 / d;
    }

    static void packQ40(float[] src, int at, byte[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 32, to += 18) {
            float d = extreme(src, at) / -8;
            float inverse = inverse(d);
            putF16(dst, to, d);
            for (int i = 0; i < 16; i++) {
                int low = Math.min(15, (int) (src[at + i] * inverse + 8.5f));
                int high = Math.min(15, (int) (src[at + 16 + i] * inverse + 8.5f));
                dst[to + 2 + i] = (byte) (low | high << 4);
            }
        }
    }

    static void packQ41(float[] src, int at, byte[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 32, to += 20) {
            float m = minimum(src, at);
            float d = (maximum(src, at) - m) / 15;
            float inverse = inverse(d);
            putF16(dst, to, d);
            putF16(dst, to + 2, m);
            for (int i = 0; i < 16; i++) {
                int low = Math.min(15, (int) ((src[at + i] - m) * inverse + 0.5f));
                int high = Math.min(15, (int) ((src[at + 16 + i] - m) * inverse + 0.5f));
                dst[to + 4 + i] = (byte) (low | high << 4);
            }
        }
    }

    static void packQ50(float[] src, int at, byte[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 32, to += 22) {
            float d = extreme(src, at) / -16;
            float inverse = inverse(d);
            putF16(dst, to, d);
            int fifths = 0;
            for (int i = 0; i < 16; i++) {
                int low = Math.min(31, (int) (src[at + i] * inverse + 16.5f));
                int high = Math.min(31, (int) (src[at + 16 + i] * inverse + 16.5f));
                dst[to + 6 + i] = (byte) (low & 15 | (high & 15) << 4);
                fifths |= low >> 4 << i | high >> 4 << 16 + i;
            }
            putI32(dst, to + 2, fifths);
        }
    }

    static void packQ51(float[] src, int at, byte[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 32, to += 24) {
            float m = minimum(src, at);
            float d = (maximum(src, at) - m) / 31;
            float inverse = inverse(d);
            putF16(dst, to, d);
            putF16(dst, to + 2, m);
            int fifths = 0;
            for (int i = 0; i < 16; i++) {
                int low = Math.min(31, (int) ((src[at + i] - m) * inverse + 0.5f));
                int high = Math.min(31, (int) ((src[at + 16 + i] - m) * inverse + 0.5f));
                dst[to + 8 + i] = (byte) (low & 15 | (high & 15) << 4);
                fifths |= low >> 4 << i | high >> 4 << 16 + i;
            }
            putI32(dst, to + 4, fifths);
        }
    }

    static void packQ80(float[] src, int at, byte[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 32, to += 34) {
            float d = Math.abs(extreme(src, at)) / 127;
            float inverse = inverse(d);
            putF16(dst, to, d);
            for (int i = 0; i < 32; i++) {
                dst[to + 2 + i] = (byte) roundAway(src[at + i] * inverse);
            }
        }
    }

    /** The nearest integer, halves away from zero. */
    private static int roundAway(float x) {
        int whole = (int) x;
        float rest = x - whole;
        return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
    }
}
