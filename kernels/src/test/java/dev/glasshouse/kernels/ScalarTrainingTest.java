package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.lang.foreign.Arena;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Chains against chains written out one by one, to the bit; gradients against central differences in double, with a
 * tolerance of 3e-6 of the largest value on the way (a few roundings of 2⁻²⁴; the differences are good to 1e-8).
 */
class ScalarTrainingTest {
    private static final double TOLERANCE = 3e-6;
    private static final double NUDGE = 1e-4;

    private final Random random = new Random(11);
    private final Arena arena = Arena.ofAuto();
    private final TrainingKernels training = new ScalarTraining();

    private Matrix random(int rows, int cols) {
        Matrix x = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                x.set(row, col, (float) random.nextGaussian());
            }
        }
        return x;
    }

    private Matrix copy(Matrix x) {
        Matrix copy = Matrix.allocate(arena, x.rows(), x.cols());
        copy.data().copyFrom(x.data());
        return copy;
    }

    private static void assertBits(Matrix got, int row, int col, float want) {
        assertThat(Float.floatToRawIntBits(got.get(row, col))).isEqualTo(Float.floatToRawIntBits(want));
    }

    @Test
    void productsAreOneChainEach() {
        for (int k : new int[] {0, 1, 5, 40}) {
            for (boolean onto : new boolean[] {false, true}) {
                Matrix a = random(3, k);
                Matrix b = random(k, 7);
                Matrix before = random(3, 7);
                Matrix nn = copy(before);
                Matrix nt = copy(before);
                Matrix tn = copy(before);
                training.productNN(a, b, onto, nn);
                training.productNT(a, transposed(b), onto, nt);
                training.productTN(transposed(a), b, onto, tn);
                for (int row = 0; row < 3; row++) {
                    for (int col = 0; col < 7; col++) {
                        float want = onto ? before.get(row, col) : 0;
                        for (int i = 0; i < k; i++) {
                            want = Math.fma(a.get(row, i), b.get(i, col), want);
                        }
                        assertBits(nn, row, col, want);
                        assertBits(nt, row, col, want);
                        assertBits(tn, row, col, want);
                    }
                }
            }
        }
    }

    private Matrix transposed(Matrix x) {
        Matrix y = Matrix.allocate(arena, x.cols(), x.rows());
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                y.set(col, row, x.get(row, col));
            }
        }
        return y;
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        Matrix a = random(3, 4);
        assertThatThrownBy(() -> training.productNN(a, a, false, random(3, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a product of 3 × 4 and 3 × 4 does not give 3 × 4");
        assertThatThrownBy(() -> training.gather(a, new int[] {3}, random(1, 4)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> training.scatter(random(1, 4), new int[] {-1}, a))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> training.addRows(a, random(1, 3))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> training.dropout(a, 1, new long[3])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> training.dropout(a, 0.1f, new long[2])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sumsContinueInTheOrderOfTheRows() {
        Matrix table = random(4, 9);
        Matrix x = random(5, 9);
        int[] ids = {2, 0, 2, 2, 3};
        Matrix sums = random(1, 9);
        Matrix wantTable = copy(table);
        Matrix wantSums = copy(sums);
        for (int row = 0; row < 5; row++) {
            for (int col = 0; col < 9; col++) {
                wantTable.set(ids[row], col, wantTable.get(ids[row], col) + x.get(row, col));
                wantSums.set(0, col, wantSums.get(0, col) + x.get(row, col));
            }
        }
        training.scatter(x, ids, table);
        training.addRows(x, sums);
        assertThat(table.data().mismatch(wantTable.data())).isEqualTo(-1);
        assertThat(sums.data().mismatch(wantSums.data())).isEqualTo(-1);
        Matrix out = random(5, 9);
        training.gather(table, ids, out);
        for (int row = 0; row < 5; row++) {
            assertThat(out.row(row)).containsExactly(table.row(ids[row]));
        }
    }

    @Test
    void rmsNormAgainstDifferences() {
        norms(false);
    }

    @Test
    void layerNormAgainstDifferences() {
        norms(true);
    }

    private void norms(boolean centred) {
        for (int cols : new int[] {1, 5, 16, 37}) {
            Matrix x = random(3, cols);
            float[] weight = random(1, cols).row(0);
            Matrix dy = random(3, cols);
            Matrix dx = random(3, cols);
            Matrix before = copy(dx);
            Matrix dw = random(1, cols);
            Matrix db = random(1, cols);
            Matrix dwBefore = copy(dw);
            Matrix dbBefore = copy(db);
            Matrix alone = copy(dy);
            if (centred) {
                training.layerNormBackward(x, weight, 1e-2f, dy, true, dx, dw, db);
                training.layerNormBackward(x, weight, 1e-2f, alone, false, alone, random(1, cols), random(1, cols));
            } else {
                training.rmsNormBackward(x, weight, 1e-2f, dy, true, dx, dw);
                training.rmsNormBackward(x, weight, 1e-2f, alone, false, alone, random(1, cols));
            }
            double[] wantW = new double[cols];
            double[] wantB = new double[cols];
            for (int row = 0; row < 3; row++) {
                double[] hat = normalised(x.row(row), -1, 0, centred);
                for (int col = 0; col < cols; col++) {
                    int nudged = col;
                    double want = 0;
                    double[] more = normalised(x.row(row), nudged, NUDGE, centred);
                    double[] less = normalised(x.row(row), nudged, -NUDGE, centred);
                    for (int i = 0; i < cols; i++) {
                        want += dy.get(row, i) * (double) weight[i] * (more[i] - less[i]) / (2 * NUDGE);
                    }
                    // The factor of a narrow row is up to 10: 1/√eps.
                    assertThat((double) alone.get(row, col)).isCloseTo(want, offset(TOLERANCE * 30));
                    assertBits(dx, row, col, before.get(row, col) + alone.get(row, col));
                    wantW[col] += dy.get(row, col) * hat[col];
                    wantB[col] += dy.get(row, col);
                }
            }
            for (int col = 0; col < cols; col++) {
                assertThat((double) dw.get(0, col) - dwBefore.get(0, col)).isCloseTo(wantW[col], offset(TOLERANCE * 3));
                if (centred) {
                    assertThat((double) db.get(0, col) - dbBefore.get(0, col))
                            .isCloseTo(wantB[col], offset(TOLERANCE * 3));
                }
            }
        }
    }

    private static double[] normalised(float[] row, int nudged, double nudge, boolean centred) {
        double[] x = new double[row.length];
        double mean = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = row[i] + (i == nudged ? nudge : 0);
            mean += x[i] / x.length;
        }
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] -= centred ? mean : 0;
            squares += x[i] * x[i] / x.length;
        }
        for (int i = 0; i < x.length; i++) {
            x[i] /= Math.sqrt(squares + 1e-2f);
        }
        return x;
    }

    @Test
    void gradientsOfActivationsAgainstDifferences() {
        DoubleUnaryOperator silu = x -> x / (1 + Math.exp(-x));
        DoubleUnaryOperator gelu = x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        int count = 2001;
        Matrix x = Matrix.allocate(arena, 1, count);
        for (int i = 0; i < count; i++) {
            x.set(0, i, (i - 1000) / 50f);
        }
        Matrix up = random(1, count);
        Matrix d = random(1, count);
        Matrix dGate = copy(x);
        Matrix dUp = copy(up);
        training.swigluBackward(dGate, dUp, d, dGate, dUp);
        Matrix dx = copy(d);
        training.geluBackward(x, dx, dx);
        for (int i = 0; i < count; i++) {
            double at = x.get(0, i);
            double g = d.get(0, i);
            assertThat((double) dUp.get(0, i)).isCloseTo(g * silu.applyAsDouble(at), offset(TOLERANCE * 20));
            assertThat((double) dGate.get(0, i)).isCloseTo(g * up.get(0, i) * slope(silu, at), offset(TOLERANCE * 4));
            assertThat((double) dx.get(0, i)).isCloseTo(g * slope(gelu, at), offset(TOLERANCE * 4));
        }
        x.set(0, 0, -1e10f);
        x.set(0, 1, 1e10f);
        d.set(0, 0, 1);
        d.set(0, 1, 1);
        training.geluBackward(x, d, dx);
        assertThat(dx.get(0, 0)).isZero();
        assertThat(dx.get(0, 1)).isOne();
        training.swigluBackward(x, up, d, dGate, dUp);
        assertThat(dGate.get(0, 0)).isZero();
        assertThat(dGate.get(0, 1)).isEqualTo(up.get(0, 1));
    }

    private static double slope(DoubleUnaryOperator f, double at) {
        return (f.applyAsDouble(at + NUDGE) - f.applyAsDouble(at - NUDGE)) / (2 * NUDGE);
    }

    @Test
    void dropoutKeepsTheRightShareAndNoPatternShows() {
        int rows = 256;
        int cols = 256;
        float rate = 0.25f;
        Matrix x = Matrix.allocate(arena, rows, cols);
        long[] keys = new long[rows];
        for (int row = 0; row < rows; row++) {
            keys[row] = row;
            for (int col = 0; col < cols; col++) {
                x.set(row, col, 3);
            }
        }
        training.dropout(x, rate, keys);
        int dropped = 0;
        int right = 0;
        int below = 0;
        int both = 0;
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                boolean gone = x.get(row, col) == 0;
                assertThat(x.get(row, col)).isIn(0f, 4f);
                dropped += gone ? 1 : 0;
                right += gone && x.get(row, (col + 1) % cols) == 0 ? 1 : 0;
                below += gone && x.get((row + 1) % rows, col) == 0 ? 1 : 0;
                both += gone && x.get(row ^ 1, col ^ 1) == 0 ? 1 : 0;
            }
        }
        // Five standard deviations: √(65,536·0.25·0.75) = 111 values, of pairs √(65,536/16) = 64.
        assertThat(dropped).isCloseTo(16384, org.assertj.core.data.Offset.offset(555));
        assertThat(right).isCloseTo(4096, org.assertj.core.data.Offset.offset(320));
        assertThat(below).isCloseTo(4096, org.assertj.core.data.Offset.offset(320));
        assertThat(both).isCloseTo(4096, org.assertj.core.data.Offset.offset(450));
        Matrix again = random(1, 40);
        Matrix same = copy(again);
        training.dropout(again, 0.5f, new long[] {77});
        training.dropout(same, 0.5f, new long[] {77});
        assertThat(again.data().mismatch(same.data())).isEqualTo(-1);
        Matrix all = copy(again);
        training.dropout(all, 0, new long[1]);
        assertThat(all.data().mismatch(again.data())).isEqualTo(-1);
    }

    @Test
    void adamWAgainstDouble() {
        Matrix w = random(3, 21);
        Matrix g = random(3, 21);
        Matrix m = random(3, 21);
        Matrix v = random(3, 21);
        for (int row = 0; row < 3; row++) {
            for (int col = 0; col < 21; col++) {
                v.set(row, col, Math.abs(v.get(row, col)));
            }
        }
        Matrix w0 = copy(w);
        Matrix m0 = copy(m);
        Matrix v0 = copy(v);
        AdamWStep step = new AdamWStep(0.7f, 0.99f, 0.9f, 0.95f, 0.02f, 0.3f, 1e-4f);
        training.adamW(w, g, m, v, step);
        for (int row = 0; row < 3; row++) {
            for (int col = 0; col < 21; col++) {
                double d = g.get(row, col) * 0.7;
                double mean = 0.9 * m0.get(row, col) + 0.1 * d;
                double square = 0.95 * v0.get(row, col) + 0.05 * d * d;
                double want = 0.99 * w0.get(row, col) - 0.02 * mean / (Math.sqrt(square) / 0.3 + 1e-4);
                assertThat((double) m.get(row, col)).isCloseTo(mean, offset(TOLERANCE));
                assertThat((double) v.get(row, col)).isCloseTo(square, offset(TOLERANCE));
                assertThat((double) w.get(row, col)).isCloseTo(want, offset(TOLERANCE));
            }
        }
    }

    @Test
    void nesterovCombineAndSquares() {
        Matrix g = random(2, 19);
        Matrix momentum = random(2, 19);
        Matrix before = copy(momentum);
        Matrix update = random(2, 19);
        training.nesterov(g, 0.5f, 0.95f, momentum, update);
        Matrix out = copy(g);
        training.combine(2, out, -3, momentum, out);
        double squares = 0;
        for (int row = 0; row < 2; row++) {
            for (int col = 0; col < 19; col++) {
                double d = 0.5 * g.get(row, col);
                double speed = before.get(row, col) + 0.05 * (d - before.get(row, col));
                assertThat((double) momentum.get(row, col)).isCloseTo(speed, offset(TOLERANCE));
                assertThat((double) update.get(row, col)).isCloseTo(0.05 * d + 0.95 * speed, offset(TOLERANCE));
                assertBits(out, row, col, Math.fma(2, g.get(row, col), -3 * momentum.get(row, col)));
                squares += (double) g.get(row, col) * g.get(row, col);
            }
        }
        // Sums of 38 positive doubles in another order.
        assertThat(training.sumOfSquares(g)).isCloseTo(squares, offset(1e-14 * squares));
    }
}
