package dev.glasshouse.network;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;

/** A normalisation with its weights. */
record Norm(DecoderSpec.NormKind kind, float[] weight, float[] bias, float epsilon) {
    /** {@code y = norm(x)}, row by row; y may be x. */
    void apply(Kernels kernels, Matrix x, Matrix y) {
        switch (kind) {
            case RMS -> kernels.rmsNorm(x, weight, epsilon, y);
            case LAYER -> kernels.layerNorm(x, weight, bias, epsilon, y);
        }
    }
}
