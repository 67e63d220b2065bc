package dev.glasshouse.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.CausalAttention;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.kernels.TrainingKernels;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bit for bit against the scalar kernels, with one thread and with three, in whole units and in pieces. */
class VectorCausalTest {
    private final Random random = new Random(3);
    private final Arena arena = Arena.ofAuto();
    private final TrainingKernels scalar = new ScalarKernels(1).training();

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
                (float) (1 / Math.sqrt(size)));
    }

    private CausalAttention sameInputs(CausalAttention a) {
        return new CausalAttention(
                a.q(),
                a.k(),
                a.v(),
                random(a.q().rows(), a.q().cols()),
                random(a.q().rows(), 2 * a.heads()),
                a.length(),
                a.heads(),
                a.kvHeads(),
                a.scale());
    }

    private static void same(String what, Matrix actual, Matrix expected) {
        for (int row = 0; row < expected.rows(); row++) {
            assertThat(actual.row(row)).as("%s, row %d", what, row).isEqualTo(expected.row(row));
        }
    }

    private void compare(CausalAttention expected) {
        int n = expected.q().rows();
        int width = expected.q().cols();
        int kvWidth = expected.k().cols();
        Matrix dOut = random(n, width);
        Matrix dq = random(n, width);
        Matrix dk = random(n, kvWidth);
        Matrix dv = random(n, kvWidth);
        scalar.attend(expected);
        scalar.attendBackward(expected, dOut, dq, dk, dv);
        for (int threads = 1; threads <= 3; threads += 2) {
            try (Workers workers = new Workers(threads)) {
                VectorCausal causal = new VectorCausal(workers);
                for (int repeat = 0; repeat < 2; repeat++) { // the second finds used scratch
                    CausalAttention actual = sameInputs(expected);
                    Matrix dq2 = random(n, width);
                    Matrix dk2 = random(n, kvWidth);
                    Matrix dv2 = random(n, kvWidth);
                    causal.attend(actual);
                    same("out", actual.out(), expected.out());
                    same("statistics", actual.statistics(), expected.statistics());
                    causal.backward(actual, dOut, dq2, dk2, dv2);
                    same("dq", dq2, dq);
                    same("dk", dk2, dk);
                    same("dv", dv2, dv);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, 2, 1, 8",
        "3, 5, 2, 2, 8",
        "2, 31, 2, 1, 16",
        "1, 32, 1, 1, 4",
        "1, 64, 3, 1, 48",
        "2, 65, 2, 2, 32",
        "1, 97, 4, 2, 12",
        "1, 160, 2, 1, 64",
        "5, 130, 1, 1, 7",
        "1, 33, 2, 2, 128",
        "1, 200, 2, 1, 20"
    })
    void bitsAreThoseOfTheDefinition(int samples, int length, int heads, int kvHeads, int size) {
        compare(attention(samples, length, heads, kvHeads, size));
    }

    /** Scores up to some 400: weights that are 0, and sums of 1. Up to 4·10¹⁰: half a unit of the largest is beyond exp's upper end. */
    @ParameterizedTest
    @CsvSource({"1e2", "1e10"})
    void largeScores(float factor) {
        CausalAttention a = attention(1, 140, 2, 1, 16);
        for (int i = 0; i < a.q().rows(); i++) {
            for (int col = 0; col < a.q().cols(); col++) {
                a.q().set(i, col, a.q().get(i, col) * factor);
            }
        }
        compare(a);
    }

    /** What can't be seen must not show, not even a NaN: rows before a broken key are as without it. */
    @ParameterizedTest
    @CsvSource({"100, 77, 16", "100, 3, 8", "70, 64, 12"})
    void aKeyThatIsNoNumberLeavesEarlierRowsAlone(int length, int broken, int size) {
        CausalAttention a = attention(1, length, 1, 1, size);
        try (Workers workers = new Workers(1)) {
            VectorCausal causal = new VectorCausal(workers);
            causal.attend(a);
            CausalAttention after = sameInputs(a);
            a.k().set(broken, 0, Float.NaN);
            a.v().set(broken, 1, Float.POSITIVE_INFINITY);
            causal.attend(after);
            same("before", after.out().rows(0, broken), a.out().rows(0, broken));
            for (int i = broken; i < length; i++) {
                assertThat(after.out().get(i, 0)).isNaN();
            }
        }
    }
}
