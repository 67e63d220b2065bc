package dev.glasshouse.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.Lanes;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarLoss;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loss and its gradient, bit for bit as the scalar room defines them; rows are shared by the threads. */
final class VectorLoss {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    /** Values below which the caller is alone. */
    private static final long SHARED = 1 << 14;

    private final Workers workers;
    private final Scratch[] scratch;

    VectorLoss(Workers workers) {
        this.workers = workers;
        scratch = new Scratch[workers.threads()];
        Arrays.setAll(scratch, i -> new Scratch());
    }

    private static final class Scratch {
        private final float[] lanes = new float[Lanes.COUNT];
        private float[] row = new float[0];
    }

    void crossEntropy(Matrix logits, int[] targets, float scale, double[] losses) {
        ScalarLoss.check(logits, targets, losses);
        if (alone(logits)) {
            rows(scratch[0], logits, targets, true, scale, losses, 0, logits.rows());
        } else {
            workers.bands(
                    logits.rows(),
                    1,
                    (worker, from, to) -> rows(scratch[worker], logits, targets, true, scale, losses, from, to));
        }
    }

    void losses(Matrix logits, int[] targets, double[] losses) {
        ScalarLoss.check(logits, targets, losses);
        if (alone(logits)) {
            rows(scratch[0], logits, targets, false, 0, losses, 0, logits.rows());
        } else {
            workers.bands(
                    logits.rows(),
                    1,
                    (worker, from, to) -> rows(scratch[worker], logits, targets, false, 0, losses, from, to));
        }
    }

    private boolean alone(Matrix logits) {
        return workers.threads() == 1 || (long) logits.rows() * logits.cols() < SHARED;
    }

    private static void rows(
            Scratch scratch,
            Matrix logits,
            int[] targets,
            boolean gradients,
            float scale,
            double[] losses,
            int from,
            int to) {
        int cols = logits.cols();
        int padded = VectorMaths.padded(cols);
        if (scratch.row.length < padded) {
            scratch.row = new float[padded];
        }
        float[] x = scratch.row;
        for (int row = from; row < to; row++) {
            long at = 4L * row * cols;
            int target = targets[row];
            losses[row] = 0;
            if (target < 0) {
                if (gradients) {
                    logits.data().asSlice(at, 4L * cols).fill((byte) 0);
                }
                continue;
            }
            MemorySegment.copy(logits.data(), JAVA_FLOAT, at, x, 0, cols);
            Arrays.fill(x, cols, padded, Float.NEGATIVE_INFINITY);
            float max = VectorMaths.max(x, 0, padded, scratch.lanes);
            float atTarget = x[target];
            double sum = exponentials(x, padded, max, scratch.lanes);
            losses[row] = ScalarLoss.loss(max, atTarget, sum);
            if (gradients) {
                float gradient = ScalarLoss.gradient(x[target], sum, scale);
                multiply(x, padded, (float) (scale / sum));
                x[target] = gradient;
                MemorySegment.copy(x, 0, logits.data(), JAVA_FLOAT, at, cols);
            }
        }
    }

    /** Each value becomes e to the value less max; their sum. */
    private static double exponentials(float[] x, int padded, float max, float[] lanes) {
        double sum = 0;
        for (int first = 0; first < padded; first += ScalarLoss.PIECE) {
            int count = Math.min(ScalarLoss.PIECE, padded - first);
            VectorMaths.subtract(x, first, count, max);
            VectorMaths.exp(x, first, count);
            sum += VectorMaths.sum(x, first, count, lanes);
        }
        return sum;
    }

    private static void multiply(float[] x, int count, float factor) {
        FloatVector by = FloatVector.broadcast(FLOATS, factor);
        for (int i = 0; i < count; i += LANES) {
            FloatVector.fromArray(FLOATS, x, i).mul(by).intoArray(x, i);
        }
    }
}
