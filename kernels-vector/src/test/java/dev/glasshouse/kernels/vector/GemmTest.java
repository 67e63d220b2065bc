package dev.glasshouse.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each value of a product is the chain of the definition, to the bit, for any shape, transposition and thread count. */
class GemmTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "3, 5, 7",
        "8, 32, 16",
        "64, 512, 256",
        "65, 513, 257",
        "130, 40, 2050",
        "9, 1100, 33",
        "200, 3, 300",
        "4, 64, 0"
    })
    void everyValueIsOneChain(int n, int m, int k) {
        for (int threads = 1; threads <= 3; threads++) {
            try (Workers workers = new Workers(threads);
                    Arena arena = Arena.ofShared()) {
                Gemm gemm = new Gemm(workers);
                for (int variant = 0; variant < 8; variant++) {
                    check(gemm, arena, n, m, k, (variant & 1) != 0, (variant & 2) != 0, (variant & 4) != 0);
                }
            }
        }
    }

    private static void check(
            Gemm gemm, Arena arena, int n, int m, int k, boolean aTransposed, boolean bTransposed, boolean onto) {
        Matrix a = random(arena, aTransposed ? k : n, aTransposed ? n : k);
        Matrix b = random(arena, bTransposed ? m : k, bTransposed ? k : m);
        Matrix c = random(arena, n, m);
        float[][] expected = new float[n][m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                float value = onto ? c.get(i, j) : 0;
                for (int p = 0; p < k; p++) {
                    float left = aTransposed ? a.get(p, i) : a.get(i, p);
                    value = Math.fma(left, bTransposed ? b.get(j, p) : b.get(p, j), value);
                }
                expected[i][j] = value;
            }
        }
        gemm.multiply(a, aTransposed, b, bTransposed, onto, c);
        for (int i = 0; i < n; i++) {
            assertThat(c.row(i)).isEqualTo(expected[i]);
        }
    }

    private static Matrix random(Arena arena, int rows, int cols) {
        SplittableRandom random = new SplittableRandom(rows * 31L + cols);
        Matrix matrix = Matrix.allocate(arena, rows, cols);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                matrix.set(i, j, random.nextFloat() - 0.5f);
            }
        }
        return matrix;
    }

    @Test
    void noMemoryIsTakenTwice() {
        try (Workers workers = new Workers(1);
                Arena arena = Arena.ofShared()) {
            Gemm gemm = new Gemm(workers);
            Matrix a = random(arena, 64, 64);
            Matrix c = random(arena, 64, 64);
            gemm.multiply(a, false, a, true, false, c); // one matrix may be both factors
            assertThat(c.get(3, 5)).isEqualTo(c.get(5, 3));
        }
    }
}
