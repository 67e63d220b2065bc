package dev.glasshouse.kernels;

/** The definition of {@link TrainingKernels}, to the bit, in plain Java. */
final class ScalarTraining implements TrainingKernels {
    @Override
    public void productNT(Matrix a, Matrix b, boolean onto, Matrix c) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void productNN(Matrix a, Matrix b, boolean onto, Matrix c) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void productTN(Matrix a, Matrix b, boolean onto, Matrix c) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addRows(Matrix x, Matrix sums) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void gather(Matrix table, int[] ids, Matrix out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void scatter(Matrix x, int[] ids, Matrix table) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void rmsNormBackward(Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void layerNormBackward(
            Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw, Matrix db) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void swigluBackward(Matrix gate, Matrix up, Matrix dOut, Matrix dGate, Matrix dUp) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void geluBackward(Matrix x, Matrix dy, Matrix dx) {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    @Override
    public double sumOfSquares(Matrix x) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void adamW(Matrix w, Matrix g, Matrix m, Matrix v, AdamWStep step) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void nesterov(Matrix g, float clip, float mu, Matrix momentum, Matrix update) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void combine(float a, Matrix x, float b, Matrix y, Matrix out) {
        throw new UnsupportedOperationException();
    }
}
