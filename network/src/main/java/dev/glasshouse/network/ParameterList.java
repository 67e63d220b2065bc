package dev.glasshouse.network;

import dev.glasshouse.network.DecoderSpec.Biases;
import dev.glasshouse.network.DecoderSpec.HeadNorm;
import dev.glasshouse.network.DecoderSpec.NormKind;
import dev.glasshouse.network.ParameterShape.Role;
import java.util.ArrayList;
import java.util.List;

/** The tensors of a decoder with dense MLPs, by the names under which {@link DecoderLayer} reads them. */
final class ParameterList {
    private final DecoderSpec spec;
    private final boolean tied;
    private final Role bias;
    private final List<ParameterShape> shapes = new ArrayList<>();

    /** @param bias the role of biases: BIAS, or ZERO where they do not train */
    ParameterList(DecoderSpec spec, boolean tied, Role bias) {
        this.spec = spec;
        this.tied = tied;
        this.bias = bias;
    }

    List<ParameterShape> shapes() {
        add("token_embd.weight", spec.vocabulary(), spec.width(), Role.EMBEDDING);
        if (spec.learnedPositions()) {
            add("position_embd.weight", spec.context(), spec.width(), Role.POSITIONS);
        }
        for (int i = 0; i < spec.depth(); i++) {
            layer("blk." + i + ".");
        }
        norm("output_norm", spec.width());
        if (!tied) {
            add("output.weight", spec.vocabulary(), spec.width(), Role.HEAD);
        }
        return List.copyOf(shapes);
    }

    private void layer(String stem) {
        DecoderSpec.Heads heads = spec.attention();
        int queries = heads.count() * heads.size();
        int keys = heads.kvCount() * heads.size();
        boolean all = spec.biases() == Biases.ALL;
        boolean some = spec.biases() != Biases.NONE;
        norm(stem + "attn_norm", spec.width());
        linear(stem + "attn_q", queries, spec.width(), some);
        linear(stem + "attn_k", keys, spec.width(), some);
        linear(stem + "attn_v", keys, spec.width(), some);
        if (heads.norm() == HeadNorm.HEAD) {
            norm(stem + "attn_q_norm", heads.size());
            norm(stem + "attn_k_norm", heads.size());
        }
        linear(stem + "attn_output", spec.width(), queries, all);
        norm(stem + "ffn_norm", spec.width());
        if (spec.mlp().activation().gated()) {
            linear(stem + "ffn_gate", spec.mlp().width(), spec.width(), all);
        }
        linear(stem + "ffn_up", spec.mlp().width(), spec.width(), all);
        linear(stem + "ffn_down", spec.width(), spec.mlp().width(), all);
    }

    private void norm(String name, int size) {
        add(name + ".weight", 1, size, Role.NORM);
        if (spec.norm() == NormKind.LAYER) {
            add(name + ".bias", 1, size, bias);
        }
    }

    private void linear(String name, int outputs, int inputs, boolean biased) {
        add(name + ".weight", outputs, inputs, Role.MATRIX);
        if (biased) {
            add(name + ".bias", 1, outputs, bias);
        }
    }

    private void add(String name, int rows, int cols, Role role) {
        shapes.add(new ParameterShape(name, rows, cols, role));
    }
}
