package dev.glasshouse.training;

import dev.glasshouse.kernels.RotaryStyle;
import dev.glasshouse.network.Rotary;
import java.util.ArrayList;
import java.util.List;

/**
 * The operations of a decoder in double, each with the rule that takes the gradient of its result to those of its inputs.
 * {@link #backward} applies the rules in reverse order (reverse-mode differentiation). Plain loops, to be read beside the
 * kernels and to check them; far too slow to train with.
 */
final class DoubleTape {
    /** A matrix and the gradient of the loss with respect to it. */
    record Node(int rows, int cols, double[] value, double[] gradient) {
        static Node of(int rows, int cols, double[] value) {
            return new Node(rows, cols, value, new double[value.length]);
        }

        static Node zeros(int rows, int cols) {
            return of(rows, cols, new double[rows * cols]);
        }

        /** The same numbers as rows of another length. */
        Node reshape(int newRows, int newCols) {
            return new Node(newRows, newCols, value, gradient);
        }
    }

    private static final double GELU = StrictMath.sqrt(2 / Math.PI);
    private static final double GELU_CUBIC = 0.044715;

    private final List<Runnable> rules = new ArrayList<>();

    /** Runs all rules, the last operation's first. */
    void backward() {
        for (int i = rules.size() - 1; i >= 0; i--) {
            rules.get(i).run();
        }
    }

    /** y[i] = table[ids[i]] */
    Node gather(Node table, int[] ids) {
        int n = table.cols;
        Node y = Node.zeros(ids.length, n);
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(table.value, ids[i] * n, y.value, i * n, n);
        }
        rules.add(() -> {
            for (int i = 0; i < ids.length; i++) {
                for (int c = 0; c < n; c++) {
                    table.gradient[ids[i] * n + c] += y.gradient[i * n + c];
                }
            }
        });
        return y;
    }

    Node add(Node a, Node b) {
        Node y = Node.zeros(a.rows, a.cols);
        for (int i = 0; i < y.value.length; i++) {
            y.value[i] = a.value[i] + b.value[i];
        }
        rules.add(() -> {
            for (int i = 0; i < y.value.length; i++) {
                a.gradient[i] += y.gradient[i];
                b.gradient[i] += y.gradient[i];
            }
        });
        return y;
    }

    /** y = x · wᵀ */
    Node linear(Node x, Node w) {
        Node y = Node.zeros(x.rows, w.rows);
        int k = x.cols;
        for (int i = 0; i < x.rows; i++) {
            for (int o = 0; o < w.rows; o++) {
                double sum = 0;
                for (int c = 0; c < k; c++) {
                    sum += x.value[i * k + c] * w.value[o * k + c];
                }
                y.value[i * w.rows + o] = sum;
            }
        }
        rules.add(() -> {
            for (int i = 0; i < x.rows; i++) {
                for (int o = 0; o < w.rows; o++) {
                    double dy = y.gradient[i * w.rows + o];
                    for (int c = 0; c < k; c++) {
                        x.gradient[i * k + c] += dy * w.value[o * k + c];
                        w.gradient[o * k + c] += dy * x.value[i * k + c];
                    }
                }
            }
        });
        return y;
    }

    /** Each row plus b. */
    Node bias(Node x, Node b) {
        Node y = Node.zeros(x.rows, x.cols);
        for (int i = 0; i < y.value.length; i++) {
            y.value[i] = x.value[i] + b.value[i % x.cols];
        }
        rules.add(() -> {
            for (int i = 0; i < y.value.length; i++) {
                x.gradient[i] += y.gradient[i];
                b.gradient[i % x.cols] += y.gradient[i];
            }
        });
        return y;
    }

    /** Each row, less its mean if {@code centred}, over √(its variance or mean square + epsilon), times w. */
    Node norm(Node x, Node w, double epsilon, boolean centred) {
        int n = x.cols;
        Node y = Node.zeros(x.rows, n);
        double[] normed = new double[y.value.length];
        double[] factors = new double[x.rows];
        for (int i = 0; i < x.rows; i++) {
            double mean = 0;
            for (int c = 0; c < n && centred; c++) {
                mean += x.value[i * n + c] / n;
            }
            double square = 0;
            for (int c = 0; c < n; c++) {
                double d = x.value[i * n + c] - mean;
                square += d * d / n;
            }
            factors[i] = 1 / StrictMath.sqrt(square + epsilon);
            for (int c = 0; c < n; c++) {
                normed[i * n + c] = (x.value[i * n + c] - mean) * factors[i];
                y.value[i * n + c] = normed[i * n + c] * w.value[c];
            }
        }
        rules.add(() -> {
            for (int i = 0; i < x.rows; i++) {
                double mean = 0;
                double along = 0;
                for (int c = 0; c < n; c++) {
                    double d = y.gradient[i * n + c] * w.value[c];
                    mean += centred ? d / n : 0;
                    along += d * normed[i * n + c] / n;
                    w.gradient[c] += y.gradient[i * n + c] * normed[i * n + c];
                }
                for (int c = 0; c < n; c++) {
                    double d = y.gradient[i * n + c] * w.value[c];
                    x.gradient[i * n + c] += (d - mean - normed[i * n + c] * along) * factors[i];
                }
            }
        });
        return y;
    }

    /** Turns pairs of each head by the angle of the row's position, row mod length. */
    Node rotate(Node x, int headSize, Rotary rotary, int length) {
        Node y = Node.of(x.rows, x.cols, x.value.clone());
        int pairs = rotary.dims() / 2;
        double[] cos = new double[length * pairs];
        double[] sin = new double[length * pairs];
        for (int i = 0; i < cos.length; i++) {
            double angle = (double) (i / pairs) * rotary.frequencies().get(i % pairs);
            cos[i] = StrictMath.cos(angle) * rotary.amplitude();
            sin[i] = StrictMath.sin(angle) * rotary.amplitude();
        }
        boolean halves = rotary.style() == RotaryStyle.HALVES;
        for (int row = 0; row < x.rows; row++) {
            for (int head = 0; head < x.cols / headSize; head++) {
                for (int p = 0; p < pairs; p++) {
                    int start = row * x.cols + head * headSize;
                    int a = start + (halves ? p : 2 * p);
                    int b = start + (halves ? p + pairs : 2 * p + 1);
                    int t = row % length * pairs + p;
                    y.value[a] = x.value[a] * cos[t] - x.value[b] * sin[t];
                    y.value[b] = x.value[b] * cos[t] + x.value[a] * sin[t];
                }
            }
        }
        rules.add(() -> {
            double[] done = y.gradient.clone();
            for (int row = 0; row < x.rows; row++) {
                for (int head = 0; head < x.cols / headSize; head++) {
                    for (int p = 0; p < pairs; p++) {
                        int start = row * x.cols + head * headSize;
                        int a = start + (halves ? p : 2 * p);
                        int b = start + (halves ? p + pairs : 2 * p + 1);
                        int t = row % length * pairs + p;
                        done[a] = y.gradient[a] * cos[t] + y.gradient[b] * sin[t];
                        done[b] = y.gradient[b] * cos[t] - y.gradient[a] * sin[t];
                    }
                }
            }
            for (int i = 0; i < done.length; i++) {
                x.gradient[i] += done[i];
            }
        });
        return y;
    }

    /** Causal softmax attention within samples of {@code length} rows. */
    Node attention(Node q, Node k, Node v, int heads, double scale, int length) {
        int size = q.cols / heads;
        int group = heads / (k.cols / size);
        Node y = Node.zeros(q.rows, q.cols);
        double[] weights = new double[q.rows * heads * length];
        for (int row = 0; row < q.rows; row++) {
            int first = row - row % length;
            for (int h = 0; h < heads; h++) {
                int at = (row * heads + h) * length;
                double most = Double.NEGATIVE_INFINITY;
                for (int other = first; other <= row; other++) {
                    double score = 0;
                    for (int c = 0; c < size; c++) {
                        score += q.value[row * q.cols + h * size + c] * k.value[other * k.cols + h / group * size + c];
                    }
                    weights[at + other - first] = score * scale;
                    most = Math.max(most, score * scale);
                }
                double sum = 0;
                for (int j = 0; j <= row - first; j++) {
                    weights[at + j] = StrictMath.exp(weights[at + j] - most);
                    sum += weights[at + j];
                }
                for (int j = 0; j <= row - first; j++) {
                    weights[at + j] /= sum;
                    for (int c = 0; c < size; c++) {
                        y.value[row * q.cols + h * size + c] +=
                                weights[at + j] * v.value[(first + j) * v.cols + h / group * size + c];
                    }
                }
            }
        }
        rules.add(() -> attentionRule(q, k, v, y, weights, heads, scale, length));
        return y;
    }

    private static void attentionRule(
            Node q, Node k, Node v, Node y, double[] weights, int heads, double scale, int length) {
        int size = q.cols / heads;
        int group = heads / (k.cols / size);
        for (int row = 0; row < q.rows; row++) {
            int first = row - row % length;
            for (int h = 0; h < heads; h++) {
                int at = (row * heads + h) * length;
                int mine = row * q.cols + h * size;
                double[] dWeights = new double[row - first + 1];
                double along = 0;
                for (int j = 0; j < dWeights.length; j++) {
                    int its = (first + j) * v.cols + h / group * size;
                    for (int c = 0; c < size; c++) {
                        dWeights[j] += y.gradient[mine + c] * v.value[its + c];
                        v.gradient[its + c] += y.gradient[mine + c] * weights[at + j];
                    }
                    along += dWeights[j] * weights[at + j];
                }
                for (int j = 0; j < dWeights.length; j++) {
                    int its = (first + j) * k.cols + h / group * size;
                    double dScore = weights[at + j] * (dWeights[j] - along) * scale;
                    for (int c = 0; c < size; c++) {
                        q.gradient[mine + c] += dScore * k.value[its + c];
                        k.gradient[its + c] += dScore * q.value[mine + c];
                    }
                }
            }
        }
    }

    /** silu(gate) · up */
    Node swiglu(Node gate, Node up) {
        Node y = Node.zeros(up.rows, up.cols);
        for (int i = 0; i < y.value.length; i++) {
            y.value[i] = gate.value[i] * sigmoid(gate.value[i]) * up.value[i];
        }
        rules.add(() -> {
            for (int i = 0; i < y.value.length; i++) {
                double g = gate.value[i];
                double s = sigmoid(g);
                up.gradient[i] += y.gradient[i] * g * s;
                gate.gradient[i] += y.gradient[i] * up.value[i] * s * (1 + g * (1 - s));
            }
        });
        return y;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    /** gelu in its tanh form */
    Node gelu(Node x) {
        Node y = Node.zeros(x.rows, x.cols);
        for (int i = 0; i < y.value.length; i++) {
            double u = x.value[i];
            y.value[i] = 0.5 * u * (1 + StrictMath.tanh(GELU * (u + GELU_CUBIC * u * u * u)));
        }
        rules.add(() -> {
            for (int i = 0; i < y.value.length; i++) {
                double u = x.value[i];
                double t = StrictMath.tanh(GELU * (u + GELU_CUBIC * u * u * u));
                double slope = GELU * (1 + 3 * GELU_CUBIC * u * u);
                x.gradient[i] += y.gradient[i] * (0.5 * (1 + t) + 0.5 * u * (1 - t * t) * slope);
            }
        });
        return y;
    }

    /** Σ −ln softmax(logits)[target] over rows whose target is not negative, divided by {@code counted}. */
    double loss(Node logits, int[] targets, double counted) {
        int n = logits.cols;
        double loss = 0;
        for (int i = 0; i < logits.rows; i++) {
            if (targets[i] < 0) {
                continue;
            }
            double most = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < n; c++) {
                most = Math.max(most, logits.value[i * n + c]);
            }
            double sum = 0;
            for (int c = 0; c < n; c++) {
                sum += StrictMath.exp(logits.value[i * n + c] - most);
            }
            loss += (most + StrictMath.log(sum) - logits.value[i * n + targets[i]]) / counted;
            for (int c = 0; c < n; c++) {
                double p = StrictMath.exp(logits.value[i * n + c] - most) / sum;
                logits.gradient[i * n + c] += (p - (c == targets[i] ? 1 : 0)) / counted;
            }
        }
        return loss;
    }
}
