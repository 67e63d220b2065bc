package dev.glasshouse.network;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import java.util.List;

/** {@code down(silu(gate(x)) · up(x))} and its relatives. */
final class DenseMlp implements MlpBlock {
    private final DecoderSpec.Activation activation;
    private final Linear.Group up;
    private final Linear.Group down;

    private DenseMlp(DecoderSpec.Activation activation, Linear.Group up, Linear.Group down) {
        this.activation = activation;
        this.up = up;
        this.down = down;
    }

    static DenseMlp read(WeightReader reader, DecoderSpec spec, String stem) {
        int width = spec.mlp().width();
        boolean biased = spec.biases() == DecoderSpec.Biases.ALL;
        String joined = reader.has(stem + "ffn_gate_up.weight") ? "ffn_gate_up" : "ffn_up";
        Linear[] up;
        if (!spec.mlp().activation().gated()) {
            up = new Linear[] {reader.linear(stem + "ffn_up", width, spec.width(), biased)};
        } else if (!reader.has(stem + "ffn_gate.weight") && reader.has(stem + joined + ".weight")) {
            up = reader.fused(
                    stem + joined,
                    List.of(stem + "ffn_gate", stem + "ffn_up"),
                    new int[] {width, width},
                    spec.width(),
                    biased);
        } else {
            up = new Linear[] {
                reader.linear(stem + "ffn_gate", width, spec.width(), biased),
                reader.linear(stem + "ffn_up", width, spec.width(), biased)
            };
        }
        Linear down = reader.linear(stem + "ffn_down", spec.width(), width, biased);
        return new DenseMlp(spec.mlp().activation(), new Linear.Group(up), new Linear.Group(down));
    }

    @Override
    public void apply(Kernels kernels, Activations a, Matrix input) {
        up.apply(kernels, input, activation.gated() ? a.gateUp : a.upOnly);
        activate(activation, kernels, a.gate, a.up);
        down.apply(kernels, a.up, a.branchOnly);
    }

    static void activate(DecoderSpec.Activation activation, Kernels kernels, Matrix gate, Matrix up) {
        switch (activation) {
            case SWIGLU -> kernels.swiglu(gate, up, up);
            case GEGLU -> kernels.geglu(gate, up, up);
            case GELU -> kernels.gelu(up);
        }
    }
}
