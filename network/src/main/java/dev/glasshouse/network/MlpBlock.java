package dev.glasshouse.network;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;

/** The feed-forward part of a layer: writes {@code a.branch}. */
sealed interface MlpBlock permits DenseMlp, ExpertMlp {
    void apply(Kernels kernels, Activations a, Matrix input);
}
