package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalarAttentionTest {
    private final Random random = new Random(11);
    private final Arena arena = Arena.ofAuto();

    private Matrix random(int rows, int cols) {
        Matrix x = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                x.set(row, col, (float) random.nextGaussian());
            }
        }
        return x;
    }

    private List<MemorySegment> cache(KvLayout layout, Matrix k, Matrix v) {
        List<MemorySegment> blocks = new ArrayList<>();
        for (int i = 0; i * KvLayout.BLOCK < k.rows(); i++) {
            blocks.add(arena.allocate(layout.blockBytes(), 64).fill((byte) 0xFF)); // slots not written read as NaN
        }
        MemorySegment[] each = new MemorySegment[k.rows()];
        int[] slots = new int[k.rows()];
        for (int i = 0; i < k.rows(); i++) {
            each[i] = blocks.get(i / KvLayout.BLOCK);
            slots[i] = i % KvLayout.BLOCK;
        }
        ScalarAttention.store(layout, k, v, each, slots);
        return blocks;
    }

    /** What the cache makes of a row of keys or values. */
    private static double stored(KvType type, Matrix x, int row, int col) {
        float value = x.get(row, col);
        return switch (type) {
            case F32 -> value;
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            case Q8_0 -> {
                float max = 0;
                for (int i = col / 32 * 32; i < col / 32 * 32 + 32; i++) {
                    max = Math.max(max, Math.abs(x.get(row, i)));
                }
                float scale = Float.float16ToFloat(Float.floatToFloat16(max / 127));
                yield Math.rint(value * (127 / max)) * scale;
            }
        };
    }

    /** Tolerance 5e-6: values of size 1, sums of at most 256 products, a few roundings of 2⁻²⁴. */
    @ParameterizedTest
    @EnumSource(KvType.class)
    void againstDoubleArithmetic(KvType type) {
        int heads = 6;
        for (int size : new int[] {8, 32, 64, 80, 96, 256}) {
            if (type == KvType.Q8_0 && size % 32 != 0) {
                continue;
            }
            KvLayout layout = new KvLayout(type, 2, size);
            Matrix k = random(150, 2 * size);
            Matrix v = random(150, 2 * size);
            int[] from = {0, 0, 63, 64, 65, 0, 10, 127};
            int[] to = {1, 150, 65, 128, 66, 64, 10, 150};
            Matrix q = random(from.length, heads * size);
            Matrix out = random(from.length, heads * size);
            float scale = (float) (1 / Math.sqrt(size));
            float softcap = size == 80 ? 2 : 0;
            var span = new Attention.Span(0, cache(layout, k, v), from, to);
            ScalarAttention.attend(new Attention(q, out, layout, heads, scale, softcap, List.of(span)));
            for (int row = 0; row < from.length; row++) {
                for (int head = 0; head < heads; head++) {
                    double[] weights = new double[150];
                    double sum = 0;
                    for (int p = from[row]; p < to[row]; p++) {
                        for (int d = 0; d < size; d++) {
                            weights[p] += q.get(row, head * size + d) * stored(type, k, p, head / 3 * size + d);
                        }
                        double score = weights[p] * scale;
                        weights[p] = Math.exp(softcap > 0 ? softcap * Math.tanh(score / softcap) : score);
                        sum += weights[p];
                    }
                    for (int d = 0; d < size; d++) {
                        double want = 0;
                        for (int p = from[row]; p < to[row]; p++) {
                            want += weights[p] / sum * stored(type, v, p, head / 3 * size + d);
                        }
                        assertThat((double) out.get(row, head * size + d)).isCloseTo(want, offset(5e-6));
                    }
                }
            }
        }
    }

    @Test
    void oneRowAtATimeGivesTheSameBits() {
        KvLayout layout = new KvLayout(KvType.F16, 2, 16);
        Matrix k = random(130, 32);
        List<MemorySegment> blocks = cache(layout, k, random(130, 32));
        Matrix q = random(130, 64);
        Matrix whole = random(130, 64);
        Matrix pieces = random(130, 64);
        int[] to = new int[130];
        int[] from = new int[130];
        for (int i = 0; i < 130; i++) {
            to[i] = i + 1;
            from[i] = Math.max(0, i - 70);
        }
        var span = new Attention.Span(0, blocks, from, to);
        ScalarAttention.attend(new Attention(q, whole, layout, 4, 0.25f, 0, List.of(span)));
        for (int i = 0; i < 130; i++) {
            List<MemorySegment> seen = new ArrayList<>(Collections.nCopies(3, MemorySegment.NULL));
            for (int block = from[i] / 64; block <= (to[i] - 1) / 64; block++) {
                seen.set(block, blocks.get(block));
            }
            var one = new Attention.Span(0, seen, new int[] {from[i]}, new int[] {to[i]});
            ScalarAttention.attend(new Attention(q.rows(i, 1), pieces.rows(i, 1), layout, 4, 0.25f, 0, List.of(one)));
        }
        assertThat(pieces.data().mismatch(whole.data())).isEqualTo(-1);
    }

    @Test
    void aRowThatSeesNothingIsZero() {
        KvLayout layout = new KvLayout(KvType.F32, 1, 8);
        Matrix out = random(2, 8);
        var span = new Attention.Span(0, List.of(), new int[] {0, 5}, new int[] {0, 5});
        ScalarAttention.attend(new Attention(random(2, 8), out, layout, 1, 1, 0, List.of(span)));
        assertThat(out.row(0)).containsOnly(0);
        assertThat(out.row(1)).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource(KvType.class)
    void whatIsNotFiniteSpreadsOnlyWhereItIsSeen(KvType type) {
        KvLayout layout = new KvLayout(type, 1, 32);
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            Matrix v = random(3, 32);
            v.set(1, 5, odd);
            Matrix out = random(2, 32);
            var span = new Attention.Span(0, cache(layout, random(3, 32), v), new int[] {0, 2}, new int[] {3, 3});
            ScalarAttention.attend(new Attention(random(2, 32), out, layout, 1, 0.1f, 0, List.of(span)));
            assertThat(Float.isFinite(out.get(0, 5))).isFalse();
            assertThat(Float.isFinite(out.get(1, 5))).isTrue();
            Matrix k = random(3, 32);
            k.set(1, 5, odd);
            span = new Attention.Span(0, cache(layout, k, random(3, 32)), new int[] {0, 2}, new int[] {3, 3});
            ScalarAttention.attend(new Attention(random(2, 32), out, layout, 1, 0.1f, 0, List.of(span)));
            assertThat(Float.isFinite(out.get(1, 5))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(KvType.class)
    void aPositionCanBeWrittenAgainAlone(KvType type) {
        KvLayout layout = new KvLayout(type, 2, 32);
        Matrix k = random(64, 64);
        Matrix v = random(64, 64);
        MemorySegment block = cache(layout, k, v).get(0);
        k.setRow(17, random(1, 64).row(0));
        v.setRow(17, random(1, 64).row(0));
        ScalarAttention.store(layout, k.rows(17, 1), v.rows(17, 1), new MemorySegment[] {block}, new int[] {17});
        assertThat(block.mismatch(cache(layout, k, v).get(0))).isEqualTo(-1);
    }

    @Test
    void tinyZeroAndHugeGroupsOfQ8() {
        KvLayout layout = new KvLayout(KvType.Q8_0, 1, 32);
        for (float size : new float[] {0, Float.MIN_VALUE, 1e-30f, 1e-6f, 1e6f}) {
            Matrix v = Matrix.allocate(arena, 1, 32);
            v.set(0, 3, size);
            v.set(0, 4, -size);
            Matrix out = random(1, 32);
            var span = new Attention.Span(0, cache(layout, random(1, 32), v), new int[] {0}, new int[] {1});
            ScalarAttention.attend(new Attention(random(1, 32), out, layout, 1, 1, 0, List.of(span)));
            assertThat(out.get(0, 3)).isCloseTo(size, offset(Math.max(6e-6f, size / 1000)));
            assertThat(out.get(0, 4)).isEqualTo(-out.get(0, 3));
        }
    }

    @Test
    void shapesThatDoNotFit() {
        KvLayout layout = new KvLayout(KvType.F32, 2, 8);
        Matrix q = random(1, 32);
        List<MemorySegment> blocks = List.of(arena.allocate(layout.blockBytes()));
        int[] zero = {0};
        for (Attention bad : List.of(
                new Attention(q, random(1, 31), layout, 4, 1, 0, List.of(new Attention.Span(0, blocks, zero, zero))),
                new Attention(q, q, layout, 3, 1, 0, List.of(new Attention.Span(0, blocks, zero, zero))),
                new Attention(q, q, layout, 4, 1, 0, List.of()),
                new Attention(q, q, layout, 4, 1, 0, List.of(new Attention.Span(1, blocks, zero, zero))),
                new Attention(q, q, layout, 4, 1, 0, List.of(new Attention.Span(0, blocks, zero, new int[] {65}))),
                new Attention(q, q, layout, 4, 1, 0, List.of(new Attention.Span(0, blocks, new int[] {-1}, zero))),
                new Attention(
                        q,
                        q,
                        layout,
                        4,
                        1,
                        0,
                        List.of(new Attention.Span(0, List.of(MemorySegment.NULL), zero, new int[] {3}))))) {
            assertThatThrownBy(() -> ScalarAttention.attend(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> ScalarAttention.store(
                        layout, random(1, 16), random(1, 16), new MemorySegment[] {blocks.get(0)}, new int[] {64}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
