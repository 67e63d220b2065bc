package dev.glasshouse.kernels;

/**
 * The definition of the loss and its gradient. Of a row of logits x with target t and largest value m: e = e^(x − m) by
 * {@link Maths#exp}; S, their sum, in pieces of {@link #PIECE} values, each added in F32 in the order of {@link Lanes}, the
 * pieces in double, ascending (so that the error doesn't grow with the vocabulary); the loss (m − x[t]) + ln S in double,
 * by {@link StrictMath}. The gradient is e·f with f = scale / S, rounded to F32, and at the target (e[t] / S − 1)·scale,
 * in double up to the end.
 */
public final class ScalarLoss {
    /** Values that are added in F32. */
    public static final int PIECE = 1024;

    private ScalarLoss() {}

    static void crossEntropy(Matrix logits, int[] targets, float scale, double[] losses) {
        check(logits, targets, losses);
        for (int row = 0; row < logits.rows(); row++) {
            int target = targets[row];
            float[] x = target < 0 ? new float[logits.cols()] : logits.row(row);
            losses[row] = 0;
            if (target >= 0) {
                float max = Lanes.max(x, x.length);
                float atTarget = x[target];
                double sum = exponentials(x, max);
                losses[row] = loss(max, atTarget, sum);
                float factor = (float) (scale / sum);
                float gradient = gradient(x[target], sum, scale);
                for (int i = 0; i < x.length; i++) {
                    x[i] *= factor;
                }
                x[target] = gradient;
            }
            logits.setRow(row, x);
        }
    }

    static void losses(Matrix logits, int[] targets, double[] losses) {
        check(logits, targets, losses);
        for (int row = 0; row < logits.rows(); row++) {
            losses[row] = 0;
            if (targets[row] >= 0) {
                float[] x = logits.row(row);
                float max = Lanes.max(x, x.length);
                float atTarget = x[targets[row]];
                losses[row] = loss(max, atTarget, exponentials(x, max));
            }
        }
    }

    /** Each value becomes e to the value less max; their sum. */
    private static double exponentials(float[] x, float max) {
        float[] piece = new float[PIECE];
        float[] lanes = new float[Lanes.COUNT];
        double sum = 0;
        for (int first = 0; first < x.length; first += PIECE) {
            int count = Math.min(PIECE, x.length - first);
            for (int i = 0; i < count; i++) {
                x[first + i] = Maths.exp(x[first + i] - max);
                piece[i] = x[first + i];
            }
            sum += Lanes.sum(piece, count, lanes);
        }
        return sum;
    }

    /** The loss of a row from its largest logit, its target's and the sum of exponentials. */
    public static double loss(float max, float atTarget, double sum) {
        return ((double) max - atTarget) + StrictMath.log(sum);
    }

    /** The gradient of the target's logit from its exponential. */
    public static float gradient(float exponential, double sum, float scale) {
        return (float) ((exponential / sum - 1) * scale);
    }

    /**
     * Sees that targets and losses fit the logits.
     *
     * @throws IllegalArgumentException if not
     */
    public static void check(Matrix logits, int[] targets, double[] losses) {
        if (targets.length < logits.rows() || losses.length < logits.rows()) {
            throw new IllegalArgumentException(logits.rows() + " rows of logits, " + targets.length
                    + " targets, room for " + losses.length + " losses");
        }
        for (int row = 0; row < logits.rows(); row++) {
            if (targets[row] >= logits.cols()) {
                throw new IllegalArgumentException(
                        "row " + row + " has target " + targets[row] + ", logits are " + logits.cols());
            }
        }
    }
}
