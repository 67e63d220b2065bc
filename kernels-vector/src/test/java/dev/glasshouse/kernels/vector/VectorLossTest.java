package dev.glasshouse.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.kernels.TrainingKernels;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bit for bit against the scalar kernels, with one thread and with two. */
class VectorLossTest {
    private final Random random = new Random(3);
    private final Arena arena = Arena.ofAuto();
    private final TrainingKernels scalar = new ScalarKernels(1).training();

    @ParameterizedTest
    @CsvSource({"3, 1", "20, 64", "9, 65", "40, 1023", "30, 1024", "7, 5003", "3, 128256"})
    void bitsAreThoseOfTheDefinition(int rows, int cols) {
        Matrix logits = Matrix.allocate(arena, rows, cols);
        int[] targets = new int[rows];
        for (int row = 0; row < rows; row++) {
            targets[row] = random.nextInt(-1, cols);
            for (int col = 0; col < cols; col++) {
                logits.set(row, col, (float) (20 * random.nextGaussian()));
            }
        }
        Matrix expected = Matrix.allocate(arena, rows, cols);
        expected.data().copyFrom(logits.data());
        double[] losses = new double[rows];
        scalar.crossEntropy(expected, targets, 1f / 3, losses);
        for (int threads = 1; threads <= 2; threads++) {
            try (Workers workers = new Workers(threads)) {
                VectorLoss loss = new VectorLoss(workers);
                Matrix actual = Matrix.allocate(arena, rows, cols);
                actual.data().copyFrom(logits.data());
                double[] alone = new double[rows];
                loss.losses(actual, targets, alone);
                assertThat(alone).isEqualTo(losses);
                assertThat(actual.data().mismatch(logits.data())).isEqualTo(-1);
                double[] together = new double[rows];
                loss.crossEntropy(actual, targets, 1f / 3, together);
                assertThat(together).isEqualTo(losses);
                for (int row = 0; row < rows; row++) {
                    assertThat(actual.row(row)).isEqualTo(expected.row(row));
                }
            }
        }
    }
}
