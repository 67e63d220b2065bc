package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarCausalTest {
    private static final double STEP = 1e-5;

    private final Random random = new Random(5);
    private final Arena arena = Arena.ofAuto();

    private Matrix random(int rows, int cols) {
        Matrix x = Matrix.allocate(arena, rows, cols);
        for (int i = 0; i < rows * cols; i++) {
            x.set(i / cols, i % cols, (float) random.nextGaussian());
        }
        return x;
    }

    private CausalAttention attention(int samples, int length, int heads, int kvHeads, int size) {
        int n = samples * length;
        return new CausalAttention(
                random(n, heads * size),
                random(n, kvHeads * size),
                random(n, kvHeads * size),
                random(n, heads * size),
                random(n, 2 * heads),
                length,
                heads,
                kvHeads,
                (float) (1.5 / Math.sqrt(size)));
    }

    @ParameterizedTest
    @CsvSource({"2, 5, 2, 1, 8", "1, 64, 1, 1, 4", "2, 67, 4, 2, 12", "1, 200, 2, 2, 16"})
    void forwardHasTheBitsOfAttentionOverACache(int samples, int length, int heads, int kvHeads, int size) {
        CausalAttention a = attention(samples, length, heads, kvHeads, size);
        ScalarCausal.attend(a);
        KvLayout layout = new KvLayout(KvType.F32, kvHeads, size);
        for (int sample = 0; sample < samples; sample++) {
            int first = sample * length;
            Matrix k = a.k().rows(first, length);
            Matrix v = a.v().rows(first, length);
            List<MemorySegment> blocks = new ArrayList<>();
            MemorySegment[] each = new MemorySegment[length];
            int[] slots = new int[length];
            int[] to = new int[length];
            for (int i = 0; i < length; i++) {
                if (i % KvLayout.BLOCK == 0) {
                    blocks.add(arena.allocate(layout.blockBytes(), 64));
                }
                each[i] = blocks.getLast();
                slots[i] = i % KvLayout.BLOCK;
                to[i] = i + 1;
            }
            ScalarAttention.store(layout, k, v, each, slots);
            Matrix expected = random(length, heads * size);
            List<Attention.Span> spans = List.of(new Attention.Span(0, blocks, new int[length], to));
            ScalarAttention.attend(
                    new Attention(a.q().rows(first, length), expected, layout, heads, a.scale(), 0, spans));
            for (int i = 0; i < length; i++) {
                assertThat(a.out().row(first + i)).isEqualTo(expected.row(i));
            }
        }
    }

    @Test
    void statisticsAreTheLargestScoreAndTheSum() {
        CausalAttention a = attention(1, 150, 2, 1, 8);
        ScalarCausal.attend(a);
        for (int i = 0; i < 150; i++) {
            for (int head = 0; head < 2; head++) {
                double max = Double.NEGATIVE_INFINITY;
                double[] scores = new double[i + 1];
                for (int j = 0; j <= i; j++) {
                    for (int d = 0; d < 8; d++) {
                        scores[j] += (double) a.q().get(i, head * 8 + d) * a.k().get(j, d) * a.scale();
                    }
                    max = Math.max(max, scores[j]);
                }
                double sum = 0;
                for (double score : scores) {
                    sum += StrictMath.exp(score - max);
                }
                assertThat((double) a.statistics().get(i, 2 * head)).isCloseTo(max, offset(1e-5));
                assertThat((double) a.statistics().get(i, 2 * head + 1)).isCloseTo(sum, offset(1e-5 * sum));
            }
        }
    }

    /** Σ dOut·out in double of q, k and v, row by row, as the textbook has it. */
    private static double objective(CausalAttention a, double[] q, double[] k, double[] v, Matrix dOut) {
        int size = a.headSize();
        int width = a.heads() * size;
        int kvWidth = a.kvHeads() * size;
        double total = 0;
        for (int i = 0; i < a.q().rows(); i++) {
            int first = i - i % a.length();
            for (int head = 0; head < a.heads(); head++) {
                int kvCol = head * a.kvHeads() / a.heads() * size;
                double[] weights = new double[i - first + 1];
                double sum = 0;
                for (int j = first; j <= i; j++) {
                    double score = 0;
                    for (int d = 0; d < size; d++) {
                        score += q[i * width + head * size + d] * k[j * kvWidth + kvCol + d];
                    }
                    weights[j - first] = StrictMath.exp(score * a.scale());
                    sum += weights[j - first];
                }
                for (int j = first; j <= i; j++) {
                    for (int d = 0; d < size; d++) {
                        total += weights[j - first] / sum * v[j * kvWidth + kvCol + d] * dOut.get(i, head * size + d);
                    }
                }
            }
        }
        return total;
    }

    private static double[] doubles(Matrix x) {
        double[] values = new double[x.rows() * x.cols()];
        for (int i = 0; i < values.length; i++) {
            values[i] = x.get(i / x.cols(), i % x.cols());
        }
        return values;
    }

    /** F32 against central differences of a double twin: 1e-5 of a tensor's largest gradient, some 100 roundings. */
    @ParameterizedTest
    @CsvSource({"2, 5, 2, 1, 8", "1, 20, 2, 2, 4", "1, 70, 2, 1, 4"})
    void gradientsAreThoseOfCentralDifferences(int samples, int length, int heads, int kvHeads, int size) {
        CausalAttention a = attention(samples, length, heads, kvHeads, size);
        ScalarCausal.attend(a);
        Matrix dOut = random(samples * length, heads * size);
        Matrix dq = random(samples * length, heads * size);
        Matrix dk = random(samples * length, kvHeads * size);
        Matrix dv = random(samples * length, kvHeads * size);
        ScalarCausal.backward(a, dOut, dq, dk, dv);
        double[] q = doubles(a.q());
        double[] k = doubles(a.k());
        double[] v = doubles(a.v());
        List<double[]> values = List.of(q, k, v);
        List<double[]> gradients = List.of(doubles(dq), doubles(dk), doubles(dv));
        for (int tensor = 0; tensor < 3; tensor++) {
            double[] x = values.get(tensor);
            double[] gradient = gradients.get(tensor);
            double largest = 0;
            for (double g : gradient) {
                largest = Math.max(largest, Math.abs(g));
            }
            int stride = Math.max(1, x.length / 61);
            for (int i = 0; i < x.length; i += stride) {
                double kept = x[i];
                x[i] = kept + STEP;
                double above = objective(a, q, k, v, dOut);
                x[i] = kept - STEP;
                double below = objective(a, q, k, v, dOut);
                x[i] = kept;
                assertThat(gradient[i])
                        .as("tensor %d, value %d", tensor, i)
                        .isCloseTo((above - below) / (2 * STEP), offset(1e-5 * largest));
            }
        }
    }
}
