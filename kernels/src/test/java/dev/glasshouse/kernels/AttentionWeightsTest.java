package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The weights of a head, read from the cache in every type: they are a distribution, and the one attention used. */
class AttentionWeightsTest {
    private static final int POSITIONS = 200;
    private static final int HEADS = 6;

    private final Random random = new Random(5);
    private final Arena arena = Arena.ofAuto();

    private Matrix random(int rows, int cols, double size) {
        Matrix x = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                x.set(row, col, (float) (size * random.nextGaussian()));
            }
        }
        return x;
    }

    private List<MemorySegment> cache(KvLayout layout, double size) {
        Matrix k = random(POSITIONS, layout.kvHeads() * layout.headSize(), size);
        Matrix v = random(POSITIONS, layout.kvHeads() * layout.headSize(), 1);
        List<MemorySegment> blocks = new ArrayList<>();
        MemorySegment[] each = new MemorySegment[POSITIONS];
        int[] slots = new int[POSITIONS];
        for (int i = 0; i < POSITIONS; i++) {
            if (i % KvLayout.BLOCK == 0) {
                blocks.add(arena.allocate(layout.blockBytes(), 64).fill((byte) 0xFF)); // not written reads as NaN
            }
            each[i] = blocks.getLast();
            slots[i] = i % KvLayout.BLOCK;
        }
        ScalarAttention.store(layout, k, v, each, slots);
        return blocks;
    }

    /**
     * Against double arithmetic on the keys as stored, and as the weights of the output that attend gives. 5e-6: a few F32
     * roundings of scores up to about 15 (1e-6 each); larger keys make scores of up to 300, rounded to 1.5e-5 each.
     */
    @ParameterizedTest
    @CsvSource({
        "F32, 32, 0, 1, 5e-6",
        "F16, 32, 0, 1, 5e-6",
        "Q8_0, 64, 0, 1, 5e-6",
        "F16, 80, 2, 1, 5e-6",
        "F32, 32, 0, 20, 2e-4"
    })
    void aDistributionThatReproducesTheOutput(KvType type, int size, float softcap, double keySize, double tolerance) {
        KvLayout layout = new KvLayout(type, 2, size);
        List<MemorySegment> blocks = cache(layout, keySize);
        int[] from = {0, 0, 63, 64, 65, 0, 70, 127, 0};
        int[] to = {1, 200, 65, 128, 66, 64, 150, 200, 129};
        Matrix q = random(from.length + 1, HEADS * size, 1);
        Matrix out = random(from.length + 1, HEADS * size, 1);
        float scale = (float) (1 / Math.sqrt(size));
        var first = new Attention.Span(0, blocks, new int[] {3}, new int[] {4});
        var span = new Attention.Span(1, blocks, from, to);
        Attention attention = new Attention(q, out, layout, HEADS, scale, softcap, List.of(first, span));
        ScalarAttention.attend(attention);
        for (int row = 0; row < from.length; row++) {
            for (int head = 0; head < HEADS; head++) {
                float[] weights = attention.weights(1 + row, head);
                assertThat(attention.from(1 + row)).isEqualTo(from[row]);
                assertThat(weights).hasSize(to[row] - from[row]);
                double sum = 0;
                for (float weight : weights) {
                    assertThat(weight).isBetween(0f, 1f + 1e-6f);
                    sum += weight;
                }
                assertThat(sum).isCloseTo(1, offset(2e-6));
                compare(attention, blocks, row, head, from[row], weights, tolerance);
            }
        }
    }

    private static void compare(
            Attention attention,
            List<MemorySegment> blocks,
            int row,
            int head,
            int from,
            float[] weights,
            double tolerance) {
        KvLayout layout = attention.layout();
        int size = layout.headSize();
        float[] keys = new float[64 * size];
        float[] values = new float[64 * size];
        double[] expected = new double[weights.length];
        double[] output = new double[size];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            int p = from + i;
            KvBlock.readKeys(layout, blocks.get(p / 64), head / 3, keys);
            KvBlock.readValues(layout, blocks.get(p / 64), head / 3, p % 64, p % 64 + 1, values);
            for (int d = 0; d < size; d++) {
                expected[i] += (double) attention.q().get(1 + row, head * size + d) * keys[d * 64 + p % 64];
                output[d] += (double) weights[i] * values[p % 64 * size + d];
            }
            double score = expected[i] * attention.scale();
            double cap = attention.softcap();
            expected[i] = Math.exp(cap > 0 ? cap * Math.tanh(score / cap) : score);
            sum += expected[i];
        }
        for (int i = 0; i < weights.length; i++) {
            assertThat((double) weights[i]).isCloseTo(expected[i] / sum, offset(tolerance));
        }
        for (int d = 0; d < size; d++) {
            assertThat((double) attention.out().get(1 + row, head * size + d)).isCloseTo(output[d], offset(5e-6));
        }
    }

    /** Where one score is far above all others its weight is 1 and theirs are 0, wherever its block stands. */
    @Test
    void oneScoreFarAboveTheOthers() {
        KvLayout layout = new KvLayout(KvType.F32, 1, 8);
        for (int peak : new int[] {0, 63, 64, 130, 199}) {
            List<MemorySegment> blocks = cache(layout, 1);
            Matrix k = Matrix.allocate(arena, 1, 8);
            k.set(0, 0, 1000);
            ScalarAttention.store(layout, k, k, new MemorySegment[] {blocks.get(peak / 64)}, new int[] {peak % 64});
            Matrix q = Matrix.allocate(arena, 1, 8);
            q.set(0, 0, 1);
            var span = new Attention.Span(0, blocks, new int[] {0}, new int[] {POSITIONS});
            float[] weights = new Attention(q, q, layout, 1, 1, 0, List.of(span)).weights(0, 0);
            float[] expected = new float[POSITIONS];
            expected[peak] = 1;
            assertThat(weights).as("peak at %d", peak).isEqualTo(expected);
        }
    }

    @Test
    void whatIsNotThere() {
        KvLayout layout = new KvLayout(KvType.F32, 1, 8);
        Matrix q = random(3, 8, 1);
        var nothing = new Attention.Span(0, List.of(), new int[] {0, 5}, new int[] {0, 5});
        var given = new Attention.Span(
                2, Arrays.asList(MemorySegment.NULL, MemorySegment.NULL), new int[] {70}, new int[] {72});
        Attention attention = new Attention(q, q, layout, 1, 1, 0, List.of(nothing, given));
        assertThat(attention.weights(0, 0)).isEmpty();
        assertThat(attention.weights(1, 0)).isEmpty();
        assertThatThrownBy(() -> attention.weights(2, 0)).isInstanceOf(IllegalArgumentException.class);
        for (int[] bad : new int[][] {{-1, 0}, {3, 0}, {0, -1}, {0, 1}}) {
            assertThatThrownBy(() -> attention.weights(bad[0], bad[1])).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
