package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The definition against products in double of the unpacked weights. */
class ScalarProductsTest {
    private final ScalarKernels kernels = new ScalarKernels(1);

    /**
     * Activations are rounded to 8 bits (half a step of max/127 at most, so about 0.4 % of rms for Gaussian input);
     * float weights lose only F32 rounding.
     */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void productsAreCloseToThoseOfTheUnpackedWeights(TensorType type) {
        try (Arena arena = Arena.ofConfined()) {
            int rows = 64;
            int cols = 2048;
            PackedWeight weight =
                    kernels.pack(type, rows, cols, RandomWeights.bytes(type, rows, cols, 1, arena), arena);
            Matrix x = RandomWeights.matrix(3, cols, 2, arena);
            Matrix y = Matrix.allocate(arena, 3, rows);
            kernels.multiply(x, new Product(weight, y));
            double error = 0;
            double size = 0;
            Matrix table = table(weight, arena);
            for (int i = 0; i < x.rows(); i++) {
                for (int r = 0; r < rows; r++) {
                    double exact = 0;
                    for (int k = 0; k < cols; k++) {
                        exact += (double) table.get(r, k) * x.get(i, k);
                    }
                    error += Math.pow(exact - y.get(i, r), 2);
                    size += exact * exact;
                }
            }
            boolean quantised = QuantFormat.of(type).isPresent();
            assertThat(Math.sqrt(error / size)).isLessThan(quantised ? 0.012 : 1e-6);
        }
    }

    private Matrix table(PackedWeight weight, Arena arena) {
        int[] ids = new int[weight.rows()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i;
        }
        Matrix table = Matrix.allocate(arena, weight.rows(), weight.cols());
        kernels.lookup(weight, ids, table);
        return table;
    }

    @Test
    void activationsRoundHalfToEvenAndOddBlocksAreMarked() {
        float[] x = new float[128];
        x[0] = 127;
        x[1] = 2.5f;
        x[2] = 3.5f;
        x[3] = -0.5f;
        x[32] = 0x1p-101f;
        x[64] = Float.POSITIVE_INFINITY;
        x[96] = Float.MAX_VALUE;
        QuantInput input = new QuantInput(128);
        input.read(x);
        assertThat(input.q[0]).isEqualTo((short) 127);
        assertThat(input.q[1]).isEqualTo((short) 2);
        assertThat(input.q[2]).isEqualTo((short) 4);
        assertThat(input.q[3]).isZero();
        assertThat(input.sum[0]).isEqualTo(133);
        assertThat(input.d).containsExactly(1, 0, Float.NaN, Float.MAX_VALUE / 127);
        assertThat(input.q[32]).isZero();
        assertThat(input.q[96]).isEqualTo((short) 127);
    }

    @Test
    void anExpertMeetsItsOwnRows() {
        try (Arena arena = Arena.ofConfined()) {
            PackedWeight first =
                    kernels.pack(TensorType.Q8_0, 5, 64, RandomWeights.bytes(TensorType.Q8_0, 5, 64, 1, arena), arena);
            PackedWeight second =
                    kernels.pack(TensorType.Q8_0, 5, 64, RandomWeights.bytes(TensorType.Q8_0, 5, 64, 2, arena), arena);
            Matrix x = RandomWeights.matrix(5, 64, 3, arena);
            Matrix y = Matrix.allocate(arena, 5, 5);
            kernels.multiplyGrouped(x, List.of(first, second, first), new int[] {2, 2, 5}, y);
            Matrix alone = Matrix.allocate(arena, 5, 5);
            kernels.multiply(x, new Product(first, alone));
            assertThat(y.data().mismatch(alone.data())).isEqualTo(-1);
            kernels.multiplyGrouped(x, List.of(first, second), new int[] {2, 5}, y);
            assertThat(y.row(1)).isEqualTo(alone.row(1));
            assertThat(y.row(2)).isNotEqualTo(alone.row(2));
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(34 * 4 + 1);
            assertThatThrownBy(() -> kernels.pack(TensorType.Q8_0, 4, 32, bytes, arena))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("take 136 bytes, not 137");
            PackedWeight weight = kernels.pack(TensorType.Q8_0, 4, 32, bytes.asSlice(0, 136), arena);
            Matrix x = Matrix.allocate(arena, 2, 64);
            Matrix y = Matrix.allocate(arena, 2, 4);
            assertThatThrownBy(() -> kernels.multiply(x, new Product(weight, y)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("32 inputs");
            assertThatThrownBy(() -> kernels.lookup(weight, new int[] {4}, Matrix.allocate(arena, 1, 32)))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("id 4 of a table of 4");
        }
    }
}
