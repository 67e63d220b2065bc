package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.PackedWeight;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Biases, adapters and shards of a linear map. */
class LinearTest {
    private static final int INPUTS = 24;
    private static final int OUTPUTS = 40;
    private static final int RANK = 3;

    private final Random random = new Random(3);
    private final Kernels kernels = new ScalarKernels(1);

    /** W + s·B·A merged in double, against the adapter: values near 5, F32 rounding allows 1e-5. */
    @Test
    void anAdapterIsAsGoodAsTheMergedWeight() {
        try (Arena arena = Arena.ofShared()) {
            float[] w = numbers(OUTPUTS * INPUTS);
            float[] a = numbers(RANK * INPUTS);
            float[] b = numbers(OUTPUTS * RANK);
            float[] bias = numbers(OUTPUTS);
            float[] merged = new float[w.length];
            for (int out = 0; out < OUTPUTS; out++) {
                for (int in = 0; in < INPUTS; in++) {
                    double sum = 0;
                    for (int r = 0; r < RANK; r++) {
                        sum += (double) b[out * RANK + r] * a[r * INPUTS + in];
                    }
                    merged[out * INPUTS + in] = (float) (w[out * INPUTS + in] + 0.7f * sum);
                }
            }
            Linear plain = new Linear("w", pack(w, OUTPUTS, INPUTS, arena), Optional.of(bias), 0);
            Linear reference = new Linear("m", pack(merged, OUTPUTS, INPUTS, arena), Optional.of(bias), 0);
            Matrix x = matrix(arena, 5, INPUTS);
            float[][] before = apply(plain, x, arena);
            LowRank adapter = new LowRank(pack(a, RANK, INPUTS, arena), pack(b, OUTPUTS, RANK, arena), 0.7f);
            plain.attach(adapter);
            float[][] expected = apply(reference, x, arena);
            for (int row = 0; row < 5; row++) {
                assertThat(apply(plain, x, arena)[row])
                        .usingComparatorWithPrecision(1e-5f)
                        .containsExactly(expected[row]);
            }
            plain.detach(adapter);
            assertThat(apply(plain, x, arena)).isDeepEqualTo(before);
            LowRank wrong = new LowRank(pack(a, RANK, INPUTS, arena), pack(a, INPUTS, RANK, arena), 1);
            assertThatThrownBy(() -> plain.attach(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Shards of rows give the same bits as the whole. */
    @Test
    void shardsMakeUpTheWhole() {
        try (Arena arena = Arena.ofShared()) {
            float[] w = numbers(OUTPUTS * INPUTS);
            Matrix x = matrix(arena, 2, INPUTS);
            float[][] whole = apply(new Linear("w", pack(w, OUTPUTS, INPUTS, arena), Optional.empty(), 0), x, arena);
            for (int first : new int[] {0, 16}) {
                int count = first == 0 ? 16 : OUTPUTS - 16;
                float[] rows = Arrays.copyOfRange(w, first * INPUTS, (first + count) * INPUTS);
                Linear shard = new Linear("w", pack(rows, count, INPUTS, arena), Optional.empty(), first);
                float[][] part = apply(shard, x, arena);
                for (int row = 0; row < 2; row++) {
                    assertThat(part[row])
                            .isEqualTo(Arrays.copyOfRange(
                                    whole[row], shard.firstOutput(), shard.firstOutput() + shard.outputs()));
                }
            }
        }
    }

    private float[][] apply(Linear linear, Matrix x, Arena arena) {
        Matrix y = Matrix.allocate(arena, x.rows(), linear.outputs());
        new Linear.Group(linear).apply(kernels, x, new Matrix[] {y});
        return Models.rows(y);
    }

    private PackedWeight pack(float[] values, int rows, int cols, Arena arena) {
        return kernels.pack(TensorType.F32, rows, cols, MemorySegment.ofArray(values), arena);
    }

    private Matrix matrix(Arena arena, int rows, int cols) {
        Matrix matrix = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            matrix.setRow(row, numbers(cols));
        }
        return matrix;
    }

    private float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
