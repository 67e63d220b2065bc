package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarLossTest {
    private final Random random = new Random(7);
    private final Arena arena = Arena.ofAuto();

    private Matrix logits(int rows, int cols) {
        Matrix x = Matrix.allocate(arena, rows, cols);
        for (int i = 0; i < rows * cols; i++) {
            x.set(i / cols, i % cols, (float) (3 * random.nextGaussian()));
        }
        return x;
    }

    /** −ln softmax in double; its gradient is known in closed form, so that it needs no differences. */
    private static double[] softmax(float[] row) {
        double sum = 0;
        double[] e = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            e[i] = StrictMath.exp(row[i]);
            sum += e[i];
        }
        for (int i = 0; i < row.length; i++) {
            e[i] /= sum;
        }
        return e;
    }

    /** Exponentials are within 1.1 units, sums of 1,024 values within some 64 roundings: 1e-6 is enough for both. */
    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65, 1023, 1024, 5000, 128_256})
    void lossAndGradientAreThoseInDouble(int cols) {
        Matrix x = logits(4, cols);
        int[] targets = {0, cols - 1, cols / 2, -1};
        float[][] before = {x.row(0), x.row(1), x.row(2), x.row(3)};
        double[] alone = {9, 9, 9, 9};
        ScalarLoss.losses(x, targets, alone);
        for (int row = 0; row < 4; row++) {
            assertThat(x.row(row)).isEqualTo(before[row]);
        }
        double[] losses = {9, 9, 9, 9};
        float scale = 0.125f;
        ScalarLoss.crossEntropy(x, targets, scale, losses);
        assertThat(losses).isEqualTo(alone);
        assertThat(losses[3]).isZero();
        assertThat(x.row(3)).containsOnly(0);
        for (int row = 0; row < 3; row++) {
            double[] p = softmax(before[row]);
            double loss = -StrictMath.log(p[targets[row]]);
            assertThat(losses[row]).isCloseTo(loss, offset(1e-6 * Math.max(1, loss)));
            for (int i = 0; i < cols; i++) {
                double gradient = (i == targets[row] ? p[i] - 1 : p[i]) * scale;
                assertThat((double) x.get(row, i)).isCloseTo(gradient, offset(1e-6 * Math.abs(gradient) + 1e-9));
            }
        }
    }

    @Test
    void gradientIsThatOfCentralDifferences() {
        float[] row = logits(1, 20).row(0);
        Matrix x = Matrix.allocate(arena, 1, 20);
        x.setRow(0, row);
        ScalarLoss.crossEntropy(x, new int[] {7}, 1, new double[1]);
        for (int i = 0; i < 20; i++) {
            float[] moved = row.clone();
            moved[i] = row[i] + 0.01f;
            double above = -StrictMath.log(softmax(moved)[7]);
            double up = moved[i];
            moved[i] = row[i] - 0.01f;
            double below = -StrictMath.log(softmax(moved)[7]);
            // The third derivative of a softmax is below 0.2: the step's error is below 0.01²·0.2/6.
            assertThat((double) x.get(0, i)).isCloseTo((above - below) / (up - moved[i]), offset(5e-6));
        }
    }

    @Test
    void largeLogitsOverflowNothing() {
        Matrix x = Matrix.allocate(arena, 1, 3);
        x.setRow(0, new float[] {1e30f, -1e30f, 0});
        double[] losses = new double[1];
        ScalarLoss.crossEntropy(x, new int[] {1}, 1, losses);
        assertThat(losses[0]).isCloseTo(2e30, offset(1e24));
        assertThat(x.row(0)).containsExactly(1, -1, 0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Matrix x = logits(2, 3);
        assertThatThrownBy(() -> ScalarLoss.losses(x, new int[] {0, 3}, new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1 has target 3");
        assertThatThrownBy(() -> ScalarLoss.crossEntropy(x, new int[] {0}, 1, new double[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
