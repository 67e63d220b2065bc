package dev.glasshouse.kernels;

/** The definition of {@link TrainingKernels}, to the bit, in plain Java, on one thread. */
final class ScalarTraining implements TrainingKernels {
    @Override
    public void productNT(Matrix a, Matrix b, boolean onto, Matrix c) {
        ScalarChains.productNT(a, b, onto, c);
    }

    @Override
    public void productNN(Matrix a, Matrix b, boolean onto, Matrix c) {
        ScalarChains.productNN(a, b, onto, c);
    }

    @Override
    public void productTN(Matrix a, Matrix b, boolean onto, Matrix c) {
        ScalarChains.productTN(a, b, onto, c);
    }

    @Override
    public void addRows(Matrix x, Matrix sums) {
        ScalarBackward.addRows(x, sums);
    }

    @Override
    public void gather(Matrix table, int[] ids, Matrix out) {
        ScalarBackward.gather(table, ids, out);
    }

    @Override
    public void scatter(Matrix x, int[] ids, Matrix table) {
        ScalarBackward.scatter(x, ids, table);
    }

    @Override
    public void rmsNormBackward(Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw) {
        ScalarBackward.rmsNorm(x, weight, eps, dy, onto, dx, dw);
    }

    @Override
    public void layerNormBackward(
            Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw, Matrix db) {
        ScalarBackward.layerNorm(x, weight, eps, dy, onto, dx, dw, db);
    }

    @Override
    public void swigluBackward(Matrix gate, Matrix up, Matrix dOut, Matrix dGate, Matrix dUp) {
        ScalarBackward.swiglu(gate, up, dOut, dGate, dUp);
    }

    @Override
    public void geluBackward(Matrix x, Matrix dy, Matrix dx) {
        ScalarBackward.gelu(x, dy, dx);
    }

    @Override
    public void crossEntropy(Matrix logits, int[] targets, float scale, double[] losses) {
        ScalarLoss.crossEntropy(logits, targets, scale, losses);
    }

    @Override
    public void losses(Matrix logits, int[] targets, double[] losses) {
        ScalarLoss.losses(logits, targets, losses);
    }

    @Override
    public void attend(CausalAttention attention) {
        ScalarCausal.attend(attention);
    }

    @Override
    public void attendBackward(CausalAttention attention, Matrix dOut, Matrix dq, Matrix dk, Matrix dv) {
        ScalarCausal.backward(attention, dOut, dq, dk, dv);
    }

    @Override
    public void dropout(Matrix x, float rate, long[] rowKeys) {
        ScalarBackward.dropout(x, rate, rowKeys);
    }

    @Override
    public double sumOfSquares(Matrix x) {
        return ScalarUpdates.sumOfSquares(x);
    }

    @Override
    public void adamW(Matrix w, Matrix g, Matrix m, Matrix v, AdamWStep step) {
        ScalarUpdates.adamW(w, g, m, v, step);
    }

    @Override
    public void nesterov(Matrix g, float clip, float mu, Matrix momentum, Matrix update) {
        ScalarUpdates.nesterov(g, clip, mu, momentum, update);
    }

    @Override
    public void combine(float a, Matrix x, float b, Matrix y, Matrix out) {
        ScalarUpdates.combine(a, x, b, y, out);
    }
}
