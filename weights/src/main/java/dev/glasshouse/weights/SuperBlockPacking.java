package dev.glasshouse.weights;

import static dev.glasshouse.weights.TensorCodec.f16;
import static dev.glasshouse.weights.TensorCodec.putF16;

import java.util.Arrays;

/**
 * Packs Q4_K, Q5_K and Q6_K (layout: {@link SuperBlocks}) by llama.cpp's search without an importance matrix
 * (ggml-quants.c, quantize_row_q4_K_ref …), operation for operation.
 *
 * <p>A block's scale and minimum are not those of its range: some two dozen candidate scales each round the values to
 * integers, the weighted least-squares scale and minimum for these integers follow in closed form, and the pair with the
 * smallest weighted error wins; later candidates span the range from the best minimum so far. Then the scales are rounded to 6 (8) bits and the values once more to the scales as
 * they will be read.
 */
final class SuperBlockPacking {
    private static final float NOTHING = 1e-15f;

    private SuperBlockPacking() {}

    static void packQ4k(float[] src, int at, byte[] dst, int to, int blocks) {
        Search search = new Search(15, -1f, 20);
        for (int b = 0; b < blocks; b++, at += 256, to += 144) {
            search.pack(src, at, dst, to);
            for (int i = 0; i < 128; i++) {
                int from = i / 32 * 64 + i % 32;
                dst[to + 16 + i] = (byte) (search.levels[from] | search.levels[from + 32] << 4);
            }
        }
    }

    static void packQ5k(float[] src, int at, byte[] dst, int to, int blocks) {
        Search search = new Search(31, -0.5f, 15);
        for (int b = 0; b < blocks; b++, at += 256, to += 176) {
            search.pack(src, at, dst, to);
            for (int i = 0; i < 128; i++) {
                int from = i / 32 * 64 + i % 32;
                int low = search.levels[from];
                int high = search.levels[from + 32];
                dst[to + 48 + i] = (byte) (low & 15 | (high & 15) << 4);
                dst[to + 16 + i % 32] |= (byte) ((low >> 4 | high >> 4 << 1) << i / 32 * 2);
            }
        }
    }

    /** Scales and minimums of 8 blocks of 32 values whose levels run from 0 to {@code top}. */
    private static final class Search {
        private final int top;
        private final float first;
        private final int steps;
        private final int[] levels = new int[256];
        private final int[] trial = new int[32];
        private final float[] weights = new float[32];
        private final float[] scales = new float[8];
        private final float[] minimums = new float[8];

        Search(int top, float first, int steps) {
            this.top = top;
            this.first = first;
            this.steps = steps;
        }

        /** Writes d, dmin and the 12 bytes of scales, and finds the levels. */
        void pack(float[] src, int at, byte[] dst, int to) {
            float topScale = 0;
            float topMinimum = 0;
            for (int block = 0; block < 8; block++) {
                fit(src, at + block * 32, block);
                topScale = Math.max(topScale, scales[block]);
                topMinimum = Math.max(topMinimum, minimums[block]);
            }
            putF16(dst, to, topScale / 63f);
            putF16(dst, to + 2, topMinimum / 63f);
            float inverseScale = topScale > 0 ? 63f / topScale : 0;
            float inverseMinimum = topMinimum > 0 ? 63f / topMinimum : 0;
            for (int block = 0; block < 8; block++) {
                int scale = Math.min(63, nearest(inverseScale * scales[block]) & 0xFF);
                int minimum = Math.min(63, nearest(inverseMinimum * minimums[block]) & 0xFF);
                int byteAt = to + 4 + block;
                if (block < 4) {
                    dst[byteAt] = (byte) scale;
                    dst[byteAt + 4] = (byte) minimum;
                } else {
                    dst[byteAt + 4] = (byte) (scale & 15 | (minimum & 15) << 4);
                    dst[byteAt - 4] |= (byte) (scale >> 4 << 6);
                    dst[byteAt] |= (byte) (minimum >> 4 << 6);
                }
            }
            for (int block = 0; block < 8; block++) {
                float scale = f16(dst, to) * SuperBlocks.scale(dst, to + 4, block);
                float minimum = f16(dst, to + 2) * SuperBlocks.minimum(dst, to + 4, block);
                for (int i = block * 32; scale != 0 && i < block * 32 + 32; i++) {
                    levels[i] = Math.clamp(nearest((src[at + i] + minimum) / scale), 0, top);
                }
            }
        }

        private void fit(float[] x, int at, int block) {
            float squares = 0;
            for (int i = 0; i < 32; i++) {
                squares += x[at + i] * x[at + i];
            }
            float average = (float) Math.sqrt(squares / 32);
            float least = x[at];
            float most = x[at];
            float sumW = 0;
            float sumX = 0;
            for (int i = 0; i < 32; i++) {
                weights[i] = average + Math.abs(x[at + i]);
                least = Math.min(least, x[at + i]);
                most = Math.max(most, x[at + i]);
                sumW += weights[i];
                sumX += weights[i] * x[at + i];
            }
            least = Math.min(least, 0);
            int to = block * 32;
            if (most == least) {
                Arrays.fill(levels, to, to + 32, 0);
                scales[block] = 0;
                minimums[block] = -least;
                return;
            }
            float scale = 1 / (top / (most - least));
            round(x, at, least, top / (most - least));
            System.arraycopy(trial, 0, levels, to, 32);
            float minimum = least;
            float best = error(x, at, scale, minimum);
            for (int step = 0; step <= steps; step++) {
                round(x, at, minimum, (first + 0.1f * step + top) / (most - minimum));
                float sumL = 0;
                float sumLl = 0;
                float sumXl = 0;
                for (int i = 0; i < 32; i++) {
                    float wl = weights[i] * trial[i];
                    sumL += wl;
                    sumLl += wl * trial[i];
                    sumXl += wl * x[at + i];
                }
                float determinant = sumW * sumLl - sumL * sumL;
                if (determinant > 0) {
                    float newScale = (sumW * sumXl - sumX * sumL) / determinant;
                    float newMinimum = (sumLl * sumX - sumL * sumXl) / determinant;
                    if (newMinimum > 0) {
                        newMinimum = 0;
                        newScale = sumXl / sumLl;
                    }
                    float error = error(x, at, newScale, newMinimum);
                    if (error < best) {
                        System.arraycopy(trial, 0, levels, to, 32);
                        best = error;
                        scale = newScale;
                        minimum = newMinimum;
                    }
                }
            }
            scales[block] = scale;
            minimums[block] = -minimum;
        }

        private void round(float[] x, int at, float minimum, float inverse) {
            for (int i = 0; i < 32; i++) {
                trial[i] = Math.clamp(nearest(inverse * (x[at + i] - minimum)), 0, top);
            }
        }

        private float error(float[] x, int at, float scale, float minimum) {
            float sum = 0;
            for (int i = 0; i < 32; i++) {
                float difference = scale * trial[i] + minimum - x[at + i];
                sum += weights[i] * (difference * difference);
            }
            return sum;
        }
    }

    static void packQ6k(float[] src, int at, byte[] dst, int to, int blocks) {
        int[] levels = new int[256];
        float[] scales = new float[16];
        for (int b = 0; b < blocks; b++, at += 256, to += 210) {
            float extreme = 0;
            for (int block = 0; block < 16; block++) {
                scales[block] = fitSymmetric(src, at + block * 16, levels, block * 16);
                if (Math.abs(scales[block]) > Math.abs(extreme)) {
                    extreme = scales[block];
                }
            }
            if (Math.abs(extreme) < NOTHING) {
                continue;
            }
            float inverse = -128f / extreme;
            putF16(dst, to + 208, 1 / inverse);
            float d = f16(dst, to + 208);
            for (int block = 0; block < 16; block++) {
                dst[to + 192 + block] = (byte) Math.min(127, nearest(inverse * scales[block]));
                float scale = d * dst[to + 192 + block];
                for (int i = block * 16; scale != 0 && i < block * 16 + 16; i++) {
                    levels[i] = Math.clamp(nearest(src[at + i] / scale), -32, 31) + 32;
                }
            }
            for (int i = 0; i < 256; i++) {
                int half = i / 128;
                int part = i % 128 / 32;
                dst[to + half * 64 + part % 2 * 32 + i % 32] |= (byte) ((levels[i] & 15) << part / 2 * 4);
                dst[to + 128 + half * 32 + i % 32] |= (byte) (levels[i] >> 4 << part * 2);
            }
        }
    }

    /** The scale of 16 values with levels −32 … 31, kept from 0 on, weighted by the values' squares. */
    private static float fitSymmetric(float[] x, int at, int[] levels, int to) {
        float extreme = 0;
        for (int i = 0; i < 16; i++) {
            if (Math.abs(x[at + i]) > Math.abs(extreme)) {
                extreme = x[at + i];
            }
        }
        if (Math.abs(extreme) < NOTHING) {
            Arrays.fill(levels, to, to + 16, 0);
            return 0;
        }
        float scale = 0;
        float best = 0;
        for (int attempt = 0; attempt < 19; attempt++) {
            // The plain range first, then −9 … 9 without 0.
            int step = attempt == 0 ? 0 : attempt <= 9 ? attempt - 10 : attempt - 9;
            float inverse = step == 0 ? -32 / extreme : -(32 + 0.1f * step) / extreme;
            float sumXl = 0;
            float sumLl = 0;
            for (int i = 0; i < 16; i++) {
                float value = x[at + i];
                int level = Math.clamp(nearest(inverse * value), -32, 31);
                float weight = value * value;
                sumXl += weight * value * level;
                sumLl += weight * level * level;
            }
            if (step == 0 || (sumLl > 0 && sumXl * sumXl > best * sumLl)) {
                for (int i = 0; i < 16; i++) {
                    levels[to + i] = Math.clamp(nearest(inverse * x[at + i]), -32, 31) + 32;
                }
                scale = sumLl == 0 ? 0 : sumXl / sumLl;
                best = scale * sumXl;
            }
        }
        return scale;
    }

    /** The nearest integer, halves to even, for magnitudes below 2²². */
    private static int nearest(float x) {
        return (Float.floatToRawIntBits(x + 12_582_912f) & 0x7F_FFFF) - 0x40_0000;
    }
}
