package dev.glasshouse.weights;

import static dev.glasshouse.weights.TensorCodec.f16;
import static dev.glasshouse.weights.TensorCodec.i32;
import static dev.glasshouse.weights.TensorCodec.u16;
import static dev.glasshouse.weights.TensorCodec.u8;

/**
 * The IQ types: groups of 8 (or 4) values are entries of a codebook with signs of their own (ggml's block_iq1_s …). 256
 * values a block but for IQ4_NL (32); d is F16; groups g = 0…31 of 8 values; parts p = 0…7 of 32.
 *
 * <pre>
 * IQ2_XXS  d  8 × { 4 bytes entries  28 bits signs  4 bits scale s }          value = d·(s + ½)/4·entry·sign
 * IQ2_XS   d  32 × { 9 bits entry  7 bits signs }  8 bytes scales             a nibble for each 16 values
 * IQ2_S    d  32 bytes entries  32 bytes signs  8 bytes entries' bits 8–9  8 bytes scales
 * IQ3_XXS  d  64 bytes entries of 4  8 × { 28 bits signs  4 bits scale s }    value = d·(s + ½)/2·entry·sign
 * IQ3_S    d  64 bytes entries of 4  8 bytes bit 8  32 bytes signs  4 bytes scales   value = d·(2s + 1)·entry·sign
 * IQ1_S    d  32 bytes entries  8 × u16 { 4 × 3 bits entry  3 bits s  sign of δ }   value = d·(2s + 1)·(entry ± ⅛)
 * IQ1_M    32 bytes entries  16 bytes { 3 bits entry  sign of δ } × 2  4 × u16 { 4 × 3 bits s  4 bits of d }
 * IQ4_NL   d  16 bytes                                                      value = d·level; nibbles as in Q4_0
 * IQ4_XS   d  u16 upper 2 bits of scales  4 bytes lower 4  128 bytes          value = d·(s − 32)·level
 * </pre>
 *
 * <p>Seven sign bits stand for eight: the eighth makes their number even.
 */
final class CodebookBlocks {
    private static final float DELTA = 0.125f;

    private CodebookBlocks() {}

    /** The eight signs that seven bits stand for. */
    private static int signs(int seven) {
        return seven | (Integer.bitCount(seven) & 1) << 7;
    }

    private static void signed(byte[] grid, int entry, int values, float scale, int signs, float[] dst, int to) {
        for (int i = 0; i < values; i++) {
            dst[to + i] = scale * grid[entry * values + i] * ((signs >> i & 1) != 0 ? -1f : 1f);
        }
    }

    static void unpackIq2xxs(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 66, to += 256) {
            float d = f16(src, at);
            for (int part = 0; part < 8; part++) {
                int from = at + 2 + part * 8;
                int packed = i32(src, from + 4);
                float scale = d * (0.5f + (packed >>> 28)) * 0.25f;
                for (int g = 0; g < 4; g++) {
                    int signs = signs(packed >>> 7 * g & 127);
                    signed(Codebooks.IQ2_XXS, u8(src, from + g), 8, scale, signs, dst, to + part * 32 + g * 8);
                }
            }
        }
    }

    static void unpackIq2xs(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 74, to += 256) {
            float d = f16(src, at);
            for (int g = 0; g < 32; g++) {
                int packed = u16(src, at + 2 + g * 2);
                float scale = d * (0.5f + nibble(src, at + 66, g / 2)) * 0.25f;
                signed(Codebooks.IQ2_XS, packed & 511, 8, scale, signs(packed >> 9), dst, to + g * 8);
            }
        }
    }

    static void unpackIq2s(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 82, to += 256) {
            float d = f16(src, at);
            for (int g = 0; g < 32; g++) {
                int entry = u8(src, at + 2 + g) | (u8(src, at + 66 + g / 4) >> g % 4 * 2 & 3) << 8;
                float scale = d * (0.5f + nibble(src, at + 74, g / 2)) * 0.25f;
                signed(Codebooks.IQ2_S, entry, 8, scale, u8(src, at + 34 + g), dst, to + g * 8);
            }
        }
    }

    static void unpackIq3xxs(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 98, to += 256) {
            float d = f16(src, at);
            for (int g = 0; g < 32; g++) {
                int packed = i32(src, at + 66 + g / 4 * 4);
                float scale = d * (0.5f + (packed >>> 28)) * 0.5f;
                int signs = signs(packed >>> 7 * (g % 4) & 127);
                int from = at + 2 + g * 2;
                signed(Codebooks.IQ3_XXS, u8(src, from), 4, scale, signs, dst, to + g * 8);
                signed(Codebooks.IQ3_XXS, u8(src, from + 1), 4, scale, signs >> 4, dst, to + g * 8 + 4);
            }
        }
    }

    static void unpackIq3s(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 110, to += 256) {
            float d = f16(src, at);
            for (int g = 0; g < 32; g++) {
                float scale = d * (1 + 2 * nibble(src, at + 106, g / 4));
                int high = u8(src, at + 66 + g / 4) >> g % 4 * 2;
                int signs = u8(src, at + 74 + g);
                int from = at + 2 + g * 2;
                signed(Codebooks.IQ3_S, u8(src, from) | (high & 1) << 8, 4, scale, signs, dst, to + g * 8);
                signed(Codebooks.IQ3_S, u8(src, from + 1) | (high & 2) << 7, 4, scale, signs >> 4, dst, to + g * 8 + 4);
            }
        }
    }

    private static void shifted(int entry, float scale, float delta, float[] dst, int to) {
        for (int i = 0; i < 8; i++) {
            dst[to + i] = scale * (Codebooks.IQ1_S[entry * 8 + i] + delta);
        }
    }

    static void unpackIq1s(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 50, to += 256) {
            float d = f16(src, at);
            for (int g = 0; g < 32; g++) {
                int high = u16(src, at + 34 + g / 4 * 2);
                float scale = d * (2 * (high >> 12 & 7) + 1);
                int entry = u8(src, at + 2 + g) | (high >> 3 * (g % 4) & 7) << 8;
                shifted(entry, scale, (high & 0x8000) != 0 ? -DELTA : DELTA, dst, to + g * 8);
            }
        }
    }

    static void unpackIq1m(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 56, to += 256) {
            int bits = 0;
            for (int i = 0; i < 4; i++) {
                bits |= (u16(src, at + 48 + i * 2) >> 12) << 4 * i;
            }
            float d = Float.float16ToFloat((short) bits);
            for (int g = 0; g < 32; g++) {
                int scales = u16(src, at + 48 + g / 8 * 2);
                float scale = d * (2 * (scales >> g % 8 / 2 * 3 & 7) + 1);
                int high = nibble(src, at + 32, g);
                int entry = u8(src, at + g) | (high & 7) << 8;
                shifted(entry, scale, (high & 8) != 0 ? -DELTA : DELTA, dst, to + g * 8);
            }
        }
    }

    static void unpackIq4nl(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 18, to += 32) {
            levels(src, at + 2, f16(src, at), dst, to);
        }
    }

    static void unpackIq4xs(byte[] src, int at, float[] dst, int to, int blocks) {
        for (int b = 0; b < blocks; b++, at += 136, to += 256) {
            float d = f16(src, at);
            int high = u16(src, at + 2);
            for (int part = 0; part < 8; part++) {
                int scale = nibble(src, at + 4, part) | (high >> 2 * part & 3) << 4;
                levels(src, at + 8 + part * 16, d * (scale - 32), dst, to + part * 32);
            }
        }
    }

    private static void levels(byte[] src, int at, float scale, float[] dst, int to) {
        for (int i = 0; i < 16; i++) {
            dst[to + i] = scale * Codebooks.IQ4_NL[src[at + i] & 15];
            dst[to + 16 + i] = scale * Codebooks.IQ4_NL[src[at + i] >> 4 & 15];
        }
    }

    /** Nibble i of bytes, the low one of each first. */
    private static int nibble(byte[] src, int at, int i) {
        return src[at + i / 2] >> i % 2 * 4 & 15;
    }
}
