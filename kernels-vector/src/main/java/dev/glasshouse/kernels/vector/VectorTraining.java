package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.AdamWStep;
import dev.glasshouse.kernels.CausalAttention;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.TrainingKernels;
import dev.glasshouse.kernels.TrainingShapes;
import dev.glasshouse.kernels.Workers;

/** {@link TrainingKernels} with the Vector API, bit for bit as the scalar room defines it. */
final class VectorTraining implements TrainingKernels {
    private final Gemm gemm;
    private final VectorNorms norms;
    private final VectorSlopes slopes;
    private final VectorUpdates updates;
    private final VectorCausal causal;
    private final VectorLoss loss;

    VectorTraining(Workers workers) {
        gemm = new Gemm(workers);
        norms = new VectorNorms(workers);
        slopes = new VectorSlopes(workers);
        updates = new VectorUpdates(workers);
        causal = new VectorCausal(workers);
        loss = new VectorLoss(workers);
    }

    @Override
    public void productNT(Matrix a, Matrix b, boolean onto, Matrix c) {
        TrainingShapes.productNT(a, b, c);
        gemm.multiply(a, false, b, true, onto, c);
    }

    @Override
    public void productNN(Matrix a, Matrix b, boolean onto, Matrix c) {
        TrainingShapes.productNN(a, b, c);
        gemm.multiply(a, false, b, false, onto, c);
    }

    @Override
    public void productTN(Matrix a, Matrix b, boolean onto, Matrix c) {
        TrainingShapes.productTN(a, b, c);
        gemm.multiply(a, true, b, false, onto, c);
    }

    @Override
    public void addRows(Matrix x, Matrix sums) {
        norms.addRows(x, sums);
    }

    @Override
    public void gather(Matrix table, int[] ids, Matrix out) {
        norms.gather(table, ids, out);
    }

    @Override
    public void scatter(Matrix x, int[] ids, Matrix table) {
        norms.scatter(x, ids, table);
    }

    @Override
    public void rmsNormBackward(Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw) {
        norms.rmsNorm(x, weight, eps, dy, onto, dx, dw);
    }

    @Override
    public void layerNormBackward(
            Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw, Matrix db) {
        norms.layerNorm(x, weight, eps, dy, onto, dx, dw, db);
    }

    @Override
    public void swigluBackward(Matrix gate, Matrix up, Matrix dOut, Matrix dGate, Matrix dUp) {
        slopes.swiglu(gate, up, dOut, dGate, dUp);
    }

    @Override
    public void geluBackward(Matrix x, Matrix dy, Matrix dx) {
        slopes.gelu(x, dy, dx);
    }

    @Override
    public void crossEntropy(Matrix logits, int[] targets, float scale, double[] losses) {
        loss.crossEntropy(logits, targets, scale, losses);
    }

    @Override
    public void losses(Matrix logits, int[] targets, double[] losses) {
        loss.losses(logits, targets, losses);
    }

    @Override
    public void attend(CausalAttention attention) {
        causal.attend(attention);
    }

    @Override
    public void attendBackward(CausalAttention attention, Matrix dOut, Matrix dq, Matrix dk, Matrix dv) {
        causal.backward(attention, dOut, dq, dk, dv);
    }

    @Override
    public void dropout(Matrix x, float rate, long[] rowKeys) {
        slopes.dropout(x, rate, rowKeys);
    }

    @Override
    public double sumOfSquares(Matrix x) {
        return updates.sumOfSquares(x);
    }

    @Override
    public void adamW(Matrix w, Matrix g, Matrix m, Matrix v, AdamWStep step) {
        updates.adamW(w, g, m, v, step);
    }

    @Override
    public void nesterov(Matrix g, float clip, float mu, Matrix momentum, Matrix update) {
        updates.nesterov(g, clip, mu, momentum, update);
    }

    @Override
    public void combine(float a, Matrix x, float b, Matrix y, Matrix out) {
        updates.combine(a, x, b, y, out);
    }
}
