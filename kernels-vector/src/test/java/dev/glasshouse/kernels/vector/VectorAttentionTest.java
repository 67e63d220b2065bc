package dev.glasshouse.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Attention;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bit for bit against the scalar kernels, with one thread and with two, whole and in pieces. */
class VectorAttentionTest {
    private final Random random = new Random(3);
    private final Arena arena = Arena.ofAuto();
    private final Kernels scalar = new ScalarKernels(1);

    private Matrix random(int rows, int cols) {
        Matrix x = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                x.set(row, col, (float) random.nextGaussian());
            }
        }
        return x;
    }

    private List<MemorySegment> cache(KvLayout layout, int positions, float odd) {
        Matrix k = random(positions, layout.kvHeads() * layout.headSize());
        Matrix v = random(positions, layout.kvHeads() * layout.headSize());
        if (odd != 0) {
            k.set(positions / 2, 1, odd);
            v.set(positions / 3, 2, odd);
        }
        List<MemorySegment> blocks = new ArrayList<>();
        for (int i = 0; i * KvLayout.BLOCK < positions; i++) {
            blocks.add(arena.allocate(layout.blockBytes(), 64).fill((byte) 0xFF)); // slots not written read as NaN
        }
        MemorySegment[] each = new MemorySegment[positions];
        int[] slots = new int[positions];
        for (int i = 0; i < positions; i++) {
            each[i] = blocks.get(i / KvLayout.BLOCK);
            slots[i] = i % KvLayout.BLOCK;
        }
        scalar.store(layout, k, v, each, slots);
        return blocks;
    }

    private static Attention.Span span(int first, List<MemorySegment> blocks, int[] from, int[] to) {
        return new Attention.Span(first, blocks, from, to);
    }

    private static Attention.Span causal(int first, List<MemorySegment> blocks, int start, int rows, int window) {
        int[] from = new int[rows];
        int[] to = new int[rows];
        for (int i = 0; i < rows; i++) {
            to[i] = start + i + 1;
            from[i] = Math.max(0, to[i] - window);
        }
        return span(first, blocks, from, to);
    }

    private void compare(KvLayout layout, int heads, float softcap, List<Attention.Span> spans) {
        int rows = spans.stream().mapToInt(span -> span.from().length).sum();
        Matrix q = random(rows, heads * layout.headSize());
        Matrix expected = random(rows, heads * layout.headSize());
        float scale = (float) (1 / Math.sqrt(layout.headSize()));
        scalar.attend(new Attention(q, expected, layout, heads, scale, softcap, spans));
        for (int threads = 1; threads <= 2; threads++) {
            try (Workers workers = new Workers(threads)) {
                Matrix actual = random(rows, heads * layout.headSize());
                VectorAttention attention = new VectorAttention(workers);
                for (int repeat = 0; repeat < 2; repeat++) { // the second finds used scratch
                    attention.attend(new Attention(q, actual, layout, heads, scale, softcap, spans));
                    for (int row = 0; row < rows; row++) {
                        assertThat(actual.row(row))
                                .as("row %d, %s, %d heads, %d threads", row, layout, heads, threads)
                                .isEqualTo(expected.row(row));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KvType.class)
    void everySizeOfHead(KvType type) {
        int[] from = {0, 0, 63, 64, 65, 0, 10, 127, 5, 70};
        int[] to = {1, 150, 65, 128, 66, 64, 10, 150, 3, 71};
        for (int size : new int[] {8, 20, 32, 48, 64, 80, 96, 128, 256}) {
            if (type == KvType.Q8_0 && size % 32 != 0) {
                continue;
            }
            for (int kvHeads = 1; kvHeads <= 2; kvHeads++) {
                KvLayout layout = new KvLayout(type, kvHeads, size);
                for (int group = 1; group <= 4; group++) {
                    List<MemorySegment> blocks = cache(layout, 150, 0);
                    compare(layout, kvHeads * group, group == 3 ? 2 : 0, List.of(span(0, blocks, from, to)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KvType.class)
    void promptsAndWindows(KvType type) {
        KvLayout layout = new KvLayout(type, 2, 32);
        List<MemorySegment> blocks = cache(layout, 300, 0);
        for (int window : new int[] {7, 100, 1000}) {
            compare(layout, 6, 0, List.of(causal(0, blocks, 0, 300, window)));
            compare(layout, 6, 0, List.of(causal(0, blocks, 117, 90, window)));
        }
    }

    @ParameterizedTest
    @EnumSource(KvType.class)
    void oneRowWithALongContext(KvType type) {
        KvLayout layout = new KvLayout(type, 3, 64);
        List<MemorySegment> blocks = cache(layout, 1000, 0);
        compare(layout, 9, 0, List.of(causal(0, blocks, 999, 1, 10_000)));
        compare(layout, 9, 0, List.of(causal(0, blocks, 998, 2, 500)));
    }

    @Test
    void severalSequencesAndRowsThatSeeNothing() {
        KvLayout layout = new KvLayout(KvType.F16, 2, 64);
        List<Attention.Span> spans = new ArrayList<>();
        int row = 0;
        for (int i = 0; i < 5; i++) {
            spans.add(causal(row, cache(layout, 40 + 70 * i, 0), 39 + 70 * i, 1, 1000));
            row++;
        }
        spans.add(span(row, List.of(), new int[] {0, 7}, new int[] {0, 2}));
        spans.add(span(row + 2, List.of(), new int[0], new int[0]));
        spans.add(causal(row + 2, cache(layout, 200, 0), 100, 100, 1000));
        compare(layout, 4, 0, spans);
        compare(layout, 4, 0, List.of(span(0, List.of(), new int[] {0}, new int[] {0})));
    }

    @ParameterizedTest
    @EnumSource(KvType.class)
    void whatIsNotFinite(KvType type) {
        KvLayout layout = new KvLayout(type, 1, 32);
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e5f, 1e-7f}) {
            compare(layout, 2, 0, List.of(causal(0, cache(layout, 130, odd), 0, 130, 50)));
            compare(layout, 2, 5, List.of(causal(0, cache(layout, 130, odd), 0, 130, 50)));
        }
    }

    @Test
    void everyHalf() {
        KvLayout layout = new KvLayout(KvType.F16, 1, 64);
        MemorySegment block = arena.allocate(layout.blockBytes(), 64);
        float[] read = new float[64 * 64];
        for (int start = 0; start < 1 << 16; start += 64 * 64) {
            for (int i = 0; i < 64 * 64; i++) {
                block.setAtIndex(java.lang.foreign.ValueLayout.JAVA_SHORT, i, (short) (start + i));
            }
            KvReader.keys(layout, block, 0, read, new float[64]);
            for (int i = 0; i < 64 * 64; i++) {
                assertThat((Float) read[i]).isEqualTo((Float) Float.float16ToFloat((short) (start + i)));
            }
        }
    }
}
