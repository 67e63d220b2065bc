package dev.glasshouse.kernels;

/** The definition of causal attention over whole samples, and of its gradients. */
final class ScalarCausal {
    private ScalarCausal() {}

    static void attend(CausalAttention attention) {
        throw new UnsupportedOperationException();
    }

    static void backward(CausalAttention attention, Matrix dOut, Matrix dq, Matrix dk, Matrix dv) {
        throw new UnsupportedOperationException();
    }
}
