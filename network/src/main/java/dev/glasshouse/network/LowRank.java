package dev.glasshouse.network;

import dev.glasshouse.kernels.PackedWeight;

/**
 * A low-rank adapter (LoRA, Hu et al. 2021) of a linear map W: {@code y = Wx + scale·B(Ax)}.
 *
 * @param a rank × inputs of W
 * @param b outputs of W × rank
 */
public record LowRank(PackedWeight a, PackedWeight b, float scale) {
    /** @throws IllegalArgumentException if the ranks differ */
    public LowRank {
        if (a.rows() != b.cols()) {
            throw new IllegalArgumentException("ranks " + a.rows() + " and " + b.cols());
        }
    }
}
