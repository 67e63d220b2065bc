package dev.glasshouse.kernels;

/**
 * The definition of the gradients of everything that works along rows or value by value. As in {@link ScalarRows}: sums along
 * a row follow {@link Lanes}, exponentials are those of {@link Maths}, and fma is only where it is written.
 */
final class ScalarBackward {
    private ScalarBackward() {}

    static void addRows(Matrix x, Matrix sums) {
        TrainingShapes.sums(x, sums);
        float[] total = sums.row(0);
        for (int row = 0; row < x.rows(); row++) {
            add(x.row(row), total);
        }
        sums.setRow(0, total);
    }

    static void gather(Matrix table, int[] ids, Matrix out) {
        TrainingShapes.ids(table, ids, out);
        for (int i = 0; i < ids.length; i++) {
            out.setRow(i, table, ids[i]);
        }
    }

    static void scatter(Matrix x, int[] ids, Matrix table) {
        TrainingShapes.ids(table, ids, x);
        for (int i = 0; i < ids.length; i++) {
            float[] total = table.row(ids[i]);
            add(x.row(i), total);
            table.setRow(ids[i], total);
        }
    }

    private static void add(float[] values, float[] total) {
        for (int col = 0; col < total.length; col++) {
            total[col] += values[col];
        }
    }

    /**
     * With f the factor of the row and n its width: y = x·f·weight, so for g = dy·weight and the row's sum d of g·x,
     * dx = g·f − x·(d/n)·f³, and dw takes dy·(x·f).
     */
    static void rmsNorm(Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw) {
        TrainingShapes.norm(x, weight, dy, dx, dw);
        int n = x.cols();
        float[] lanes = new float[Lanes.COUNT];
        float[] products = new float[n];
        float[] dWeight = dw.row(0);
        for (int row = 0; row < x.rows(); row++) {
            float[] value = x.row(row);
            float[] grad = dy.row(row);
            float factor = Maths.normFactor(Lanes.sumOfSquares(value, n, 0, lanes), n, eps);
            for (int col = 0; col < n; col++) {
                dWeight[col] = Math.fma(grad[col], value[col] * factor, dWeight[col]);
                grad[col] *= weight[col];
                products[col] = grad[col] * value[col];
            }
            float back = -(Lanes.sum(products, n, lanes) / n * (factor * factor * factor));
            for (int col = 0; col < n; col++) {
                grad[col] = Math.fma(value[col], back, grad[col] * factor);
            }
            put(grad, onto, dx, row);
        }
        dw.setRow(0, dWeight);
    }

    /**
     * With f the factor of the row, n its width and h = (x − mean)·f: y = h·weight + bias, so for g = dy·weight,
     * dx = (g − mean of g − h·(mean of g·h))·f; dw takes dy·h, db takes dy.
     */
    static void layerNorm(
            Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw, Matrix db) {
        TrainingShapes.norm(x, weight, dy, dx, dw);
        TrainingShapes.sums(x, db);
        int n = x.cols();
        float[] lanes = new float[Lanes.COUNT];
        float[] products = new float[n];
        float[] dWeight = dw.row(0);
        float[] dBias = db.row(0);
        for (int row = 0; row < x.rows(); row++) {
            float[] value = x.row(row);
            float[] grad = dy.row(row);
            float mean = Lanes.sum(value, n, lanes) / n;
            float factor = Maths.normFactor(Lanes.sumOfSquares(value, n, mean, lanes), n, eps);
            for (int col = 0; col < n; col++) {
                value[col] = (value[col] - mean) * factor;
                dWeight[col] = Math.fma(grad[col], value[col], dWeight[col]);
                dBias[col] += grad[col];
                grad[col] *= weight[col];
                products[col] = grad[col] * value[col];
            }
            float level = Lanes.sum(grad, n, lanes) / n;
            float back = -(Lanes.sum(products, n, lanes) / n);
            for (int col = 0; col < n; col++) {
                grad[col] = Math.fma(value[col], back, grad[col] - level) * factor;
            }
            put(grad, onto, dx, row);
        }
        dw.setRow(0, dWeight);
        db.setRow(0, dBias);
    }

    private static void put(float[] value, boolean onto, Matrix dx, int row) {
        if (onto) {
            add(dx.row(row), value);
        }
        dx.setRow(row, value);
    }

    /** With s = 1/(1 + e^−gate): the slope of silu is s·(1 + gate·(1 − s)). */
    static void swiglu(Matrix gate, Matrix up, Matrix dOut, Matrix dGate, Matrix dUp) {
        Shapes.same(gate, up, dOut);
        Shapes.same(gate, dGate, dUp);
        for (int row = 0; row < gate.rows(); row++) {
            float[] g = gate.row(row);
            float[] u = up.row(row);
            float[] d = dOut.row(row);
            for (int col = 0; col < g.length; col++) {
                float below = 1 + Maths.exp(-g[col]);
                float s = 1 / below;
                float slope = s * Math.fma(g[col], 1 - s, 1);
                u[col] = d[col] * u[col] * slope;
                d[col] = d[col] * (g[col] / below);
            }
            dGate.setRow(row, u);
            dUp.setRow(row, d);
        }
    }

    /** Three times {@link Maths#GELU_CUBIC}, rounded. */
    private static final float GELU_SLOPE = 3 * Maths.GELU_CUBIC;

    /**
     * gelu is x·s with s = 1/(1 + e^t), t as in {@link Maths#gelu}; its slope is s·(1 − x·(1 − s)·dt/dx). Right for |x| up
     * to 10¹².
     */
    static void gelu(Matrix x, Matrix dy, Matrix dx) {
        Shapes.same(x, dy, dx);
        for (int row = 0; row < x.rows(); row++) {
            float[] values = x.row(row);
            float[] grad = dy.row(row);
            for (int col = 0; col < values.length; col++) {
                float v = values[col];
                float square = v * v;
                float s = 1 / (1 + Maths.exp(v * Math.fma(square, Maths.GELU_CUBIC, Maths.GELU_LINEAR)));
                float inner = Math.fma(square, GELU_SLOPE, Maths.GELU_LINEAR);
                grad[col] *= s * Math.fma(-(v * (1 - s)), inner, 1);
            }
            dx.setRow(row, grad);
        }
    }

    static void dropout(Matrix x, float rate, long[] rowKeys) {
        TrainingShapes.dropout(x, rate, rowKeys);
        int threshold = DropoutHash.threshold(rate);
        float factor = 1 / (1 - rate);
        for (int row = 0; row < x.rows(); row++) {
            float[] values = x.row(row);
            long key = DropoutHash.spread(rowKeys[row]);
            for (int col = 0; col < values.length; col++) {
                values[col] = DropoutHash.bits(key, col) < threshold ? 0 : values[col] * factor;
            }
            x.setRow(row, values);
        }
    }
}
