package dev.glasshouse.kernels;

/** The definition of everything that works along rows: norms, rotary embedding, activations, softmax. */
@SuppressWarnings("DoNotCallSuggester")
final class ScalarRows {
    private ScalarRows() {}

    static void rmsNorm(Matrix x, float[] weight, float eps, Matrix y) {
        throw new UnsupportedOperationException("being built");
    }

    static void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix y) {
        throw new UnsupportedOperationException("being built");
    }

    static void rotate(Matrix x, int headSize, Matrix turns, RotaryStyle style) {
        throw new UnsupportedOperationException("being built");
    }

    static void swiglu(Matrix gate, Matrix up, Matrix out) {
        throw new UnsupportedOperationException("being built");
    }

    static void geglu(Matrix gate, Matrix up, Matrix out) {
        throw new UnsupportedOperationException("being built");
    }

    static void gelu(Matrix x) {
        throw new UnsupportedOperationException("being built");
    }

    static void addScaled(float scale, Matrix x, Matrix y) {
        throw new UnsupportedOperationException("being built");
    }

    static void addBias(float[] bias, Matrix y) {
        throw new UnsupportedOperationException("being built");
    }

    static void scale(float scale, Matrix x) {
        throw new UnsupportedOperationException("being built");
    }

    static void softcap(float cap, Matrix x) {
        throw new UnsupportedOperationException("being built");
    }

    static void softmax(Matrix x) {
        throw new UnsupportedOperationException("being built");
    }
}
