package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Against plain double arithmetic. Tolerance 2e-6 relative to the largest magnitude on the way: a few roundings of 2⁻²⁴
 * and a sum of at most 130 terms in 16 lanes.
 */
class ScalarRowsTest {
    private static final double TOLERANCE = 2e-6;

    private final Random random = new Random(7);
    private final Arena arena = Arena.ofAuto();

    private Matrix random(int rows, int cols) {
        Matrix x = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                x.set(row, col, (float) random.nextGaussian());
            }
        }
        return x;
    }

    @Test
    void rmsNorm() {
        for (int cols = 1; cols <= 130; cols++) {
            Matrix x = random(2, cols);
            float[] weight = random(1, cols).row(0);
            Matrix y = Matrix.allocate(arena, 2, cols);
            ScalarRows.rmsNorm(x, weight, 1e-5f, y);
            for (int row = 0; row < 2; row++) {
                double sum = 0;
                for (float value : x.row(row)) {
                    sum += (double) value * value;
                }
                for (int col = 0; col < cols; col++) {
                    double want = x.get(row, col) / Math.sqrt(sum / cols + 1e-5f) * weight[col];
                    assertThat((double) y.get(row, col)).isCloseTo(want, offset(TOLERANCE * (Math.abs(want) + 1e-3)));
                }
            }
        }
    }

    @Test
    void layerNorm() {
        for (int cols = 1; cols <= 130; cols++) {
            Matrix x = random(1, cols);
            float[] weight = random(1, cols).row(0);
            float[] bias = random(1, cols).row(0);
            float[] before = x.row(0);
            ScalarRows.layerNorm(x, weight, bias, 1e-5f, x);
            double mean = 0;
            for (float value : before) {
                mean += value / (double) cols;
            }
            double variance = 0;
            for (float value : before) {
                variance += (value - mean) * (value - mean) / cols;
            }
            for (int col = 0; col < cols; col++) {
                double want = (before[col] - mean) / Math.sqrt(variance + 1e-5) * weight[col] + bias[col];
                assertThat((double) x.get(0, col)).isCloseTo(want, offset(2e-5)); // 1/√eps = 316 amplifies one column
            }
        }
    }

    @Test
    void rotate() {
        for (RotaryStyle style : RotaryStyle.values()) {
            for (int turned : new int[] {2, 6, 8}) {
                Matrix x = random(3, 24);
                Matrix turns = random(3, turned);
                Matrix before = Matrix.allocate(arena, 3, 24);
                before.data().copyFrom(x.data());
                ScalarRows.rotate(x, 8, turns, style);
                for (int row = 0; row < 3; row++) {
                    for (int col = 0; col < 24; col++) {
                        int d = col % 8;
                        double want = before.get(row, col);
                        if (d < turned) {
                            int half = turned / 2;
                            boolean first = style == RotaryStyle.HALVES ? d < half : d % 2 == 0;
                            int pair = style == RotaryStyle.HALVES ? d % half : d / 2;
                            int apart = (first ? 1 : -1) * (style == RotaryStyle.HALVES ? half : 1);
                            double other = before.get(row, col + apart) * (first ? -1 : 1);
                            want = want * turns.get(row, pair) + other * turns.get(row, half + pair);
                        }
                        assertThat((double) x.get(row, col)).isCloseTo(want, offset(TOLERANCE * 4));
                    }
                }
            }
        }
    }

    @Test
    void gatesAndSums() {
        Matrix gate = random(3, 37);
        Matrix up = random(3, 37);
        Matrix out = Matrix.allocate(arena, 3, 37);
        Matrix sum = random(3, 37);
        float[] bias = random(1, 37).row(0);
        for (int row = 0; row < 3; row++) {
            for (int col = 0; col < 37; col++) {
                float g = gate.get(row, col);
                float u = up.get(row, col);
                ScalarRows.swiglu(gate, up, out);
                assertThat((double) out.get(row, col)).isCloseTo(g / (1 + Math.exp(-g)) * u, offset(TOLERANCE * 3));
                ScalarRows.geglu(gate, up, out);
                double gelu = 0.5 * g * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (g + 0.044715 * g * g * g)));
                assertThat((double) out.get(row, col)).isCloseTo(gelu * u, offset(TOLERANCE * 3));
            }
        }
        float before = sum.get(1, 2);
        ScalarRows.addScaled(0.5f, up, sum);
        assertThat(sum.get(1, 2)).isEqualTo(Math.fma(0.5f, up.get(1, 2), before));
        before = sum.get(2, 36);
        ScalarRows.addBias(bias, sum);
        assertThat(sum.get(2, 36)).isEqualTo(before + bias[36]);
        ScalarRows.scale(3, up);
        before = gate.get(0, 0);
        ScalarRows.softcap(2, gate);
        assertThat((double) gate.get(0, 0)).isCloseTo(2 * Math.tanh(before / 2), offset(TOLERANCE));
    }

    @Test
    void softmax() {
        for (int cols = 1; cols <= 130; cols++) {
            Matrix x = random(1, cols);
            ScalarRows.scale(10, x);
            float[] before = x.row(0);
            ScalarRows.softmax(x);
            double max = Lanes.max(before, cols);
            double sum = 0;
            for (float value : before) {
                sum += Math.exp(value - max);
            }
            for (int col = 0; col < cols; col++) {
                double want = Math.exp(before[col] - max) / sum;
                assertThat((double) x.get(0, col)).isCloseTo(want, offset(6e-6 * want + 1e-30)); // x − max is
                // rounded too;
            }
        }
    }

    @Test
    void shapesThatDoNotFit() {
        Matrix x = random(2, 6);
        assertThatThrownBy(() -> ScalarRows.rmsNorm(x, new float[5], 0, x))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ScalarRows.addBias(new float[7], x)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ScalarRows.rotate(x, 4, random(2, 2), RotaryStyle.HALVES))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ScalarRows.rotate(x, 3, random(2, 4), RotaryStyle.HALVES))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ScalarRows.swiglu(x, random(3, 4), x)).isInstanceOf(IllegalArgumentException.class);
    }
}
