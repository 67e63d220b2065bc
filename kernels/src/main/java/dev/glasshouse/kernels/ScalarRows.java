package dev.glasshouse.kernels;

/**
 * The definition of everything that works along rows or value by value. Sums along a row follow {@link Lanes};
 * exponentials and tangents are those of {@link Maths}; everything else is one IEEE operation after the other as
 * written here, with fma only where it is written.
 */
final class ScalarRows {
    private ScalarRows() {}

    static void rmsNorm(Matrix x, float[] weight, float eps, Matrix y) {
        Shapes.norm(x, weight, weight, y);
        float[] lanes = new float[Lanes.COUNT];
        for (int row = 0; row < x.rows(); row++) {
            float[] values = x.row(row);
            float factor = Maths.normFactor(Lanes.sumOfSquares(values, values.length, 0, lanes), values.length, eps);
            for (int col = 0; col < values.length; col++) {
                values[col] = values[col] * factor * weight[col];
            }
            y.setRow(row, values);
        }
    }

    static void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix y) {
        Shapes.norm(x, weight, bias, y);
        float[] lanes = new float[Lanes.COUNT];
        for (int row = 0; row < x.rows(); row++) {
            float[] values = x.row(row);
            float mean = Lanes.sum(values, values.length, lanes) / values.length;
            float factor = Maths.normFactor(Lanes.sumOfSquares(values, values.length, mean, lanes), values.length, eps);
            for (int col = 0; col < values.length; col++) {
                values[col] = Math.fma((values[col] - mean) * factor, weight[col], bias[col]);
            }
            y.setRow(row, values);
        }
    }

    /** The pair (a, b) becomes (a·cos − b·sin, b·cos + a·sin), each as fma(first, cos, ±second·sin). */
    static void rotate(Matrix x, int headSize, Matrix turns, RotaryStyle style) {
        Shapes.rotate(x, headSize, turns);
        int half = turns.cols() / 2;
        int apart = style == RotaryStyle.HALVES ? half : 1;
        int next = style == RotaryStyle.HALVES ? 1 : 2;
        for (int row = 0; row < x.rows(); row++) {
            for (int head = 0; head < x.cols(); head += headSize) {
                for (int pair = 0; pair < half; pair++) {
                    float cos = turns.get(row, pair);
                    float sin = turns.get(row, half + pair);
                    int first = head + pair * next;
                    float a = x.get(row, first);
                    float b = x.get(row, first + apart);
                    x.set(row, first, Math.fma(a, cos, -(b * sin)));
                    x.set(row, first + apart, Math.fma(b, cos, a * sin));
                }
            }
        }
    }

    static void swiglu(Matrix gate, Matrix up, Matrix out) {
        Shapes.same(gate, up, out);
        for (int row = 0; row < out.rows(); row++) {
            for (int col = 0; col < out.cols(); col++) {
                out.set(row, col, Maths.silu(gate.get(row, col)) * up.get(row, col));
            }
        }
    }

    static void geglu(Matrix gate, Matrix up, Matrix out) {
        Shapes.same(gate, up, out);
        for (int row = 0; row < out.rows(); row++) {
            for (int col = 0; col < out.cols(); col++) {
                out.set(row, col, Maths.gelu(gate.get(row, col)) * up.get(row, col));
            }
        }
    }

    static void gelu(Matrix x) {
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                x.set(row, col, Maths.gelu(x.get(row, col)));
            }
        }
    }

    static void addScaled(float scale, Matrix x, Matrix y) {
        Shapes.same(x, y, y);
        for (int row = 0; row < y.rows(); row++) {
            for (int col = 0; col < y.cols(); col++) {
                y.set(row, col, Math.fma(scale, x.get(row, col), y.get(row, col)));
            }
        }
    }

    static void addBias(float[] bias, Matrix y) {
        Shapes.norm(y, bias, bias, y);
        for (int row = 0; row < y.rows(); row++) {
            for (int col = 0; col < y.cols(); col++) {
                y.set(row, col, y.get(row, col) + bias[col]);
            }
        }
    }

    static void scale(float scale, Matrix x) {
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                x.set(row, col, scale * x.get(row, col));
            }
        }
    }

    static void softcap(float cap, Matrix x) {
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                x.set(row, col, Maths.softcap(cap, x.get(row, col)));
            }
        }
    }

    /** e^(x − max) over its sum. */
    static void softmax(Matrix x) {
        float[] lanes = new float[Lanes.COUNT];
        for (int row = 0; row < x.rows(); row++) {
            float[] values = x.row(row);
            float max = Lanes.max(values, values.length);
            for (int col = 0; col < values.length; col++) {
                values[col] = Maths.exp(values[col] - max);
            }
            float sum = Lanes.sum(values, values.length, lanes);
            for (int col = 0; col < values.length; col++) {
                values[col] = values[col] / sum;
            }
            x.setRow(row, values);
        }
    }
}
