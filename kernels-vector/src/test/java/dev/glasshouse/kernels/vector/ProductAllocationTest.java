package dev.glasshouse.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Product;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A kernel whose vectors are not kept in registers gives itself away by what it allocates. */
class ProductAllocationTest {
    private static final int ROWS = 96;
    private static final int COLS = 512;

    /**
     * One boxed vector a block of 32 would be 600 KB a product of these sizes. Compilers take their time, so the test waits
     * for products that allocate next to nothing, and fails if there are none after many.
     */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void productsAllocateNothing(TensorType type) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (VectorKernels kernels = new VectorKernels(1);
                Arena arena = Arena.ofShared()) {
            var weight = kernels.pack(type, ROWS, COLS, RandomWeights.bytes(type, ROWS, COLS, 1, arena), arena);
            for (int n : new int[] {1, 32}) {
                Matrix x = RandomWeights.matrix(n, COLS, 2, arena);
                Product[] product = {new Product(weight, Matrix.allocate(arena, n, ROWS))};
                long least = Long.MAX_VALUE;
                for (int round = 0; round < 400 && least > 4096; round++) {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < 100; i++) {
                        kernels.multiply(x, product);
                    }
                    least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                }
                assertThat(least)
                        .as("bytes that 100 products of %s with %s rows allocate", type, n)
                        .isLessThanOrEqualTo(4096);
            }
        }
    }
}
