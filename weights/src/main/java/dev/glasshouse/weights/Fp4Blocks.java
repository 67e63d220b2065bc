package dev.glasshouse.weights;

import static dev.glasshouse.weights.TensorCodec.u8;

/**
 * Four-bit floats E2M1 under small scales (OCP Microscaling formats v1.0; ggml's block_mxfp4, block_nvfp4). The levels
 * are kept doubled, the scales therefore halved.
 *
 * <pre>
 * MXFP4  1 byte E8M0 e     16 bytes  32 values = level·2^(e − 128); nibbles as in Q4_0
 * NVFP4  4 bytes UE4M3 d   32 bytes  4 × 16 values = level·d/2; 8 bytes for each 16: values 0–7 low, 8–15 high
 * </pre>
 */
final class Fp4Blocks {
    private static final byte[] LEVELS = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private Fp4Blocks() {}

    static void unpackMxfp4(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 17, to += 32) {
            int e = u8(src, at);
            float d = Float.intBitsToFloat(e < 2 ? 0x0020_0000 << e : e - 1 << 23);
            for (int i = 0; i < 16; i++) {
                dst[to + i] = LEVELS[src[at + 1 + i] & 15] * d;
                dst[to + 16 + i] = LEVELS[src[at + 1 + i] >> 4 & 15] * d;
            }
        }
    }

    static void unpackNvfp4(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 36, to += 64) {
            for (int group = 0; group < 4; group++) {
                float d = ue4m3(u8(src, at + group)) * 0.5f;
                for (int i = 0; i < 8; i++) {
                    int pair = src[at + 4 + group * 8 + i];
                    dst[to + group * 16 + i] = LEVELS[pair & 15] * d;
                    dst[to + group * 16 + 8 + i] = LEVELS[pair >> 4 & 15] * d;
                }
            }
        }
    }

    /** Four bits of exponent (bias 7), three of mantissa; 0x7F stands for 0. */
    private static float ue4m3(int bits) {
        int exponent = bits >> 3 & 15;
        int mantissa = bits & 7;
        if (bits == 0x7F) {
            return 0;
        }
        return exponent == 0 ? mantissa * 0x1p-9f : (8 + mantissa) * Math.scalb(1f, exponent - 10);
    }
}
