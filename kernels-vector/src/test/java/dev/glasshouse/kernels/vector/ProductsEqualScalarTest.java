package dev.glasshouse.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.PackedWeight;
import dev.glasshouse.kernels.Product;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every product has the bits of the scalar definition (NaN being one value). Run at 128, 256 and 512 bits. */
class ProductsEqualScalarTest {
    private static final int[] TOKENS = {1, 2, 3, 4, 5, 8, 17, 64};

    private static Kernels scalar = new ScalarKernels(1);
    private static Kernels one = new VectorKernels(1);
    private static Kernels two = new VectorKernels(2);

    @BeforeAll
    static void open() {
        scalar = new ScalarKernels(1);
        one = new VectorKernels(1);
        two = new VectorKernels(2);
    }

    @AfterAll
    static void close() {
        scalar.close();
        one.close();
        two.close();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "Q2_K", "IQ4_NL",
                "MXFP4"
            })
    void productsAndLookups(TensorType type) {
        try (Arena arena = Arena.ofShared()) {
            for (int rows : new int[] {1, 7, 16, 33, 200}) {
                for (int blocks : new int[] {1, 2, 3, 9}) {
                    int cols = type.blockSize() == 256 ? 256 * ((blocks + 2) / 3) : 32 * blocks;
                    MemorySegment bytes = RandomWeights.bytes(type, rows, cols, rows + blocks, arena);
                    equal(type, rows, cols, bytes, blocks == 3 ? TOKENS : new int[] {1, 9}, arena);
                }
            }
        }
    }

    @Test
    void oddWidthsOfFloatWeights() {
        try (Arena arena = Arena.ofShared()) {
            for (TensorType type : List.of(TensorType.F32, TensorType.F16, TensorType.BF16)) {
                for (int cols : new int[] {1, 2, 5, 257, 514}) {
                    equal(type, 19, cols, RandomWeights.bytes(type, 19, cols, 4, arena), new int[] {1, 5, 9}, arena);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void weightsThatAreNotFinite(TensorType type) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = RandomWeights.bytes(type, 20, 512, 1, arena);
            Random random = new Random(1);
            for (int i = 0; i < 40; i++) {
                bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * random.nextLong(bytes.byteSize() / 2), (short) 0x7c00);
                bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * random.nextLong(bytes.byteSize() / 2), (short) 0xffff);
            }
            equal(type, 20, 512, bytes, new int[] {1, 9}, arena);
        }
    }

    private static void equal(TensorType type, int rows, int cols, MemorySegment bytes, int[] tokens, Arena arena) {
        PackedWeight expected = scalar.pack(type, rows, cols, bytes, arena);
        PackedWeight single = one.pack(type, rows, cols, bytes, arena);
        PackedWeight twin = two.pack(type, rows, cols, bytes, arena);
        int[] ids = {rows - 1, 0, rows / 2};
        Matrix table = Matrix.allocate(arena, 3, cols);
        Matrix same = Matrix.allocate(arena, 3, cols);
        scalar.lookup(expected, ids, table);
        one.lookup(single, ids, same);
        assertSame(same, table, type + " lookup");
        for (int n : tokens) {
            String what = type + " " + rows + " × " + cols + ", " + n + " rows";
            Matrix x = strange(n, cols, arena);
            Matrix y = Matrix.allocate(arena, n, rows);
            scalar.multiply(x, new Product(expected, y));
            Matrix result = Matrix.allocate(arena, n, rows);
            one.multiply(x, new Product(single, result));
            assertSame(result, y, what);
            Matrix again = Matrix.allocate(arena, n, rows);
            Matrix also = Matrix.allocate(arena, n, rows);
            two.multiply(x, new Product(twin, again), new Product(twin, also));
            assertSame(again, y, what + ", 2 threads");
            assertSame(also, y, what + ", 2 threads");
        }
    }

    /** Gaussian rows, every third with a block of zeros, one of tiny numbers and, every sixth, one that is not finite. */
    private static Matrix strange(int n, int cols, Arena arena) {
        Matrix x = RandomWeights.matrix(n, cols, n, arena);
        for (int i = 2; i < n; i += 3) {
            for (int k = 0; k < Math.min(32, cols); k++) {
                x.set(i, k, 0);
            }
            for (int k = 32; k < Math.min(64, cols); k++) {
                x.set(i, k, x.get(i, k) * 0x1p-120f);
            }
            if (i % 6 == 5) {
                x.set(i, cols - 1, i % 12 == 5 ? Float.NaN : Float.NEGATIVE_INFINITY);
            }
        }
        return x;
    }

    @Test
    void expertsMeetTheirOwnRows() {
        try (Arena arena = Arena.ofShared()) {
            int[][] cases = {{1, 1, 3, 3, 4}, {0, 9, 11, 30, 30}, {2, 5, 6, 8, 10}};
            for (TensorType type : List.of(TensorType.Q4_K, TensorType.F16, TensorType.Q8_0)) {
                for (int[] ends : cases) {
                    List<PackedWeight> expected = new java.util.ArrayList<>();
                    List<PackedWeight> experts = new java.util.ArrayList<>();
                    for (int e = 0; e < ends.length; e++) {
                        MemorySegment bytes = RandomWeights.bytes(type, 33, 256, e, arena);
                        expected.add(scalar.pack(type, 33, 256, bytes, arena));
                        experts.add(two.pack(type, 33, 256, bytes, arena));
                    }
                    int n = ends[ends.length - 1];
                    Matrix x = RandomWeights.matrix(n, 256, 5, arena);
                    Matrix y = Matrix.allocate(arena, n, 33);
                    Matrix result = Matrix.allocate(arena, n, 33);
                    scalar.multiplyGrouped(x, expected, ends, y);
                    two.multiplyGrouped(x, experts, ends, result);
                    assertSame(result, y, type + " experts");
                }
            }
        }
    }

    private static void assertSame(Matrix result, Matrix expected, String what) {
        for (int i = 0; i < expected.rows(); i++) {
            for (int j = 0; j < expected.cols(); j++) {
                int want = Float.floatToIntBits(expected.get(i, j));
                if (Float.floatToIntBits(result.get(i, j)) != want) {
                    assertThat(result.get(i, j))
                            .as(what + ", row " + i + ", column " + j)
                            .isEqualTo(expected.get(i, j));
                    throw new AssertionError(what + ", row " + i + ", column " + j + ": the sign of zero differs");
                }
            }
        }
    }
}
