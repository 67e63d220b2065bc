package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.weights.GlassException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fixtures of PyTorch do not show: shapes other than theirs, norms that are no numbers, biases that stay. */
class OptimizerTest {
    /** Newton–Schulz against the same steps in double; a few F32 roundings through 15 products. */
    @ParameterizedTest
    @CsvSource({"24, 24", "40, 16", "16, 40", "1, 9"})
    void orthogonalAsInDouble(int rows, int cols) {
        try (Kernels kernels = Kernels.best(2);
                NewtonSchulz newtonSchulz = new NewtonSchulz(kernels.training(), 5)) {
            Matrix x = newtonSchulz.room(rows, cols);
            double[] pair = new double[2];
            for (int i = 0; i < rows * cols; i++) {
                Keys.normals(8, i, pair);
                x.set(i / cols, i % cols, (float) pair[0]);
            }
            double[] exact = inDouble(DoubleDecoder.doubles(x), rows, cols);
            double[] found = DoubleDecoder.doubles(newtonSchulz.orthogonal(rows, cols));
            for (int i = 0; i < exact.length; i++) {
                assertThat(found[i]).isCloseTo(exact[i], within(2e-5));
            }
        }
    }

    private static double[] inDouble(double[] given, int rows, int cols) {
        double norm = 0;
        for (double value : given) {
            norm += value * value;
        }
        double[] x = new double[given.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = given[i] / Math.sqrt(norm);
        }
        for (int step = 0; step < 5; step++) {
            double[] square = new double[rows * rows];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < rows; j++) {
                    for (int c = 0; c < cols; c++) {
                        square[i * rows + j] += x[i * cols + c] * x[j * cols + c];
                    }
                }
            }
            double[] squared = times(square, square, rows, rows, rows);
            for (int i = 0; i < square.length; i++) {
                square[i] = -4.775 * square[i] + 2.0315 * squared[i];
            }
            double[] next = times(square, x, rows, rows, cols);
            for (int i = 0; i < x.length; i++) {
                x[i] = 3.4445 * x[i] + next[i];
            }
        }
        return x;
    }

    private static double[] times(double[] a, double[] b, int n, int k, int m) {
        double[] c = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                for (int l = 0; l < k; l++) {
                    c[i * m + j] += a[i * k + l] * b[l * m + j];
                }
            }
        }
        return c;
    }

    @Test
    void aNormThatIsNoNumberChangesNothing() {
        ModelPlan plan = new ModelPlan("llama", 9, 8, 8, 1, 2, 1, 4, 12, 1e-5, 10_000, true, true);
        try (Kernels kernels = Kernels.best(1);
                Parameters parameters = Parameters.initial(plan, 1);
                Gradients gradients = new Gradients(parameters);
                Optimizer optimizer = new Optimizer(parameters, OptimizerConfig.muon(1e-3, 0.02), kernels)) {
            String before = parameters.sha256();
            gradients.value(4).set(0, 0, Float.NaN);
            assertThat(optimizer.step(gradients, 0, 1, 1)).isNaN();
            gradients.value(4).set(0, 0, Float.POSITIVE_INFINITY);
            assertThat(optimizer.step(gradients, 0, 1, 1)).isInfinite();
            assertThat(parameters.sha256()).isEqualTo(before);
            optimizer.state().values().forEach(value -> assertThat(DoubleDecoder.doubles(value))
                    .containsOnly(0));
        }
    }

    /** 3 layers of equal shapes: what Muon remembers is by matrix, its rooms are by shape. */
    @Test
    void itsMemoryIsKnownBeforehand() {
        ModelPlan plan = new ModelPlan("llama", 16, 8, 16, 3, 1, 1, 16, 48, 1e-5, 10_000, true, true);
        long square = Slab.bytes(16, 16);
        long rooms = 4 * square + 2 * (2 * (Slab.bytes(48, 16) + square));
        for (OptimizerConfig config : List.of(OptimizerConfig.adamW(1e-2), OptimizerConfig.muon(1e-2, 1e-2))) {
            try (Kernels kernels = Kernels.best(1);
                    Parameters parameters = Parameters.initial(plan, 1);
                    Optimizer optimizer = new Optimizer(parameters, config, kernels)) {
                long remembered = optimizer.state().values().stream()
                        .mapToLong(matrix -> Slab.bytes(matrix.rows(), matrix.cols()))
                        .sum();
                boolean muon = config.method() == OptimizerConfig.Method.MUON;
                assertThat(Optimizer.bytes(parameters.shapes(), config)).isEqualTo(remembered + (muon ? rooms : 0));
            }
        }
    }

    @Test
    void biasesThatDoNotTrainStayZero() {
        ModelPlan plan = new ModelPlan("gpt2", 9, 8, 8, 1, 2, 2, 4, 12, 1e-5, 10_000, true, false);
        try (Kernels kernels = Kernels.best(1);
                Parameters parameters = Parameters.initial(plan, 1);
                Gradients gradients = new Gradients(parameters);
                Optimizer optimizer = new Optimizer(parameters, OptimizerConfig.adamW(1e-2), kernels);
                TrainableDecoder decoder =
                        new TrainableDecoder(parameters, kernels, TrainableDecoder.Options.plain())) {
            TokenBatch batch = new TokenBatch(4, new int[] {1, 2, 3, 4}, new int[] {2, 3, 4, 5}, new long[] {0});
            double first = decoder.forwardBackward(batch, 4, 0, gradients);
            optimizer.step(gradients, 0, 1, 0);
            assertThat(decoder.loss(batch)).isLessThan(first);
            for (int i = 0; i < parameters.shapes().size(); i++) {
                if (parameters.shapes().get(i).name().endsWith(".bias")) {
                    assertThat(DoubleDecoder.doubles(parameters.value(i))).containsOnly(0);
                    assertThat(DoubleDecoder.doubles(gradients.value(i))).containsOnly(0);
                }
            }
        }
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThatThrownBy(() -> OptimizerConfig.adamW(-1))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("rate is -1.0");
        assertThatThrownBy(() -> OptimizerConfig.adamW(Double.NaN)).isInstanceOf(GlassException.class);
    }
}
