package dev.glasshouse.kernels;

import java.util.Arrays;

/** The definition of an optimiser's maths: value by value, fma only where it is written. */
final class ScalarUpdates {
    private ScalarUpdates() {}

    /** The squares are exact in double; each row is summed in the order of {@link Lanes}, but in double. */
    static double sumOfSquares(Matrix x) {
        double[] lanes = new double[Lanes.COUNT];
        double total = 0;
        for (int row = 0; row < x.rows(); row++) {
            float[] values = x.row(row);
            Arrays.fill(lanes, 0);
            for (int col = 0; col < values.length; col++) {
                lanes[col % Lanes.COUNT] += (double) values[col] * values[col];
            }
            total += Lanes.sum(lanes);
        }
        return total;
    }

    static void adamW(Matrix w, Matrix g, Matrix m, Matrix v, AdamWStep step) {
        Shapes.same(w, g, m);
        Shapes.same(w, v, v);
        float rest1 = 1 - step.beta1();
        float rest2 = 1 - step.beta2();
        for (int row = 0; row < w.rows(); row++) {
            float[] weight = w.row(row);
            float[] mean = m.row(row);
            float[] square = v.row(row);
            float[] grad = g.row(row);
            for (int col = 0; col < grad.length; col++) {
                float d = grad[col] * step.clip();
                mean[col] = Math.fma(rest1, d - mean[col], mean[col]);
                square[col] = Math.fma(rest2 * d, d, square[col] * step.beta2());
                float below = (float) Math.sqrt(square[col]) / step.root() + step.epsilon();
                weight[col] = Math.fma(-step.rate(), mean[col] / below, weight[col] * step.keep());
            }
            w.setRow(row, weight);
            m.setRow(row, mean);
            v.setRow(row, square);
        }
    }

    static void nesterov(Matrix g, float clip, float mu, Matrix momentum, Matrix update) {
        Shapes.same(g, momentum, update);
        float rest = 1 - mu;
        for (int row = 0; row < g.rows(); row++) {
            float[] grad = g.row(row);
            float[] speed = momentum.row(row);
            for (int col = 0; col < grad.length; col++) {
                float d = grad[col] * clip;
                speed[col] = Math.fma(rest, d - speed[col], speed[col]);
                grad[col] = Math.fma(mu, speed[col] - d, d);
            }
            momentum.setRow(row, speed);
            update.setRow(row, grad);
        }
    }

    static void combine(float a, Matrix x, float b, Matrix y, Matrix out) {
        Shapes.same(x, y, out);
        for (int row = 0; row < x.rows(); row++) {
            float[] first = x.row(row);
            float[] second = y.row(row);
            for (int col = 0; col < first.length; col++) {
                first[col] = Math.fma(a, first[col], b * second[col]);
            }
            out.setRow(row, first);
        }
    }
}
