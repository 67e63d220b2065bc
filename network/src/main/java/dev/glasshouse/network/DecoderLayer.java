package dev.glasshouse.network;

import java.util.Optional;

/**
 * The weights of one layer.
 *
 * @param all queries, keys and values; they read the same input
 * @param keysAndValues the last two of them, for rows whose output nobody reads
 * @param queries the first of them
 */
record DecoderLayer(
        DecoderSpec.Layer spec,
        Optional<Norm> attentionNorm,
        Linear.Group all,
        Linear.Group keysAndValues,
        Linear.Group queries,
        Optional<Norm> queryNorm,
        Optional<Norm> keyNorm,
        Linear.Group output,
        Optional<Norm> afterAttention,
        Optional<Norm> mlpNorm,
        MlpBlock mlp,
        Optional<Norm> afterMlp) {

    /** Reads layer {@code index}. */
    static DecoderLayer read(WeightReader reader, DecoderSpec spec, int index) {
        String stem = "blk." + index + ".";
        DecoderSpec.Heads heads = spec.attention();
        int queryWidth = heads.count() * heads.size();
        int keyWidth = heads.kvCount() * heads.size();
        boolean qkvBias = spec.biases() != DecoderSpec.Biases.NONE;
        boolean allBias = spec.biases() == DecoderSpec.Biases.ALL;
        Linear[] qkv = reader.has(stem + "attn_q.weight") || !reader.has(stem + "attn_qkv.weight")
                ? new Linear[] {
                    reader.linear(stem + "attn_q", queryWidth, spec.width(), qkvBias),
                    reader.linear(stem + "attn_k", keyWidth, spec.width(), qkvBias),
                    reader.linear(stem + "attn_v", keyWidth, spec.width(), qkvBias)
                }
                : reader.fused(
                        stem + "attn_qkv",
                        java.util.List.of(stem + "attn_q", stem + "attn_k", stem + "attn_v"),
                        new int[] {queryWidth, keyWidth, keyWidth},
                        spec.width(),
                        qkvBias);
        return new DecoderLayer(
                spec.layers().get(index),
                norm(reader, spec, spec.preNorms(), stem + "attn_norm", spec.width()),
                new Linear.Group(qkv),
                new Linear.Group(qkv[1], qkv[2]),
                new Linear.Group(qkv[0]),
                headNorm(reader, spec, stem + "attn_q_norm", queryWidth),
                headNorm(reader, spec, stem + "attn_k_norm", keyWidth),
                new Linear.Group(reader.linear(stem + "attn_output", spec.width(), queryWidth, allBias)),
                norm(reader, spec, spec.postNorms(), stem + "post_attention_norm", spec.width()),
                norm(reader, spec, spec.preNorms(), stem + "ffn_norm", spec.width()),
                spec.mlp().experts().isPresent()
                        ? ExpertMlp.read(reader, spec, index)
                        : DenseMlp.read(reader, spec, stem),
                norm(reader, spec, spec.postNorms(), stem + "post_ffw_norm", spec.width()));
    }

    private static Optional<Norm> norm(WeightReader reader, DecoderSpec spec, boolean wanted, String name, int size) {
        return wanted ? Optional.of(reader.norm(name, size, spec)) : Optional.empty();
    }

    private static Optional<Norm> headNorm(WeightReader reader, DecoderSpec spec, String name, int rowWidth) {
        return switch (spec.attention().norm()) {
            case NONE -> Optional.empty();
            case HEAD -> Optional.of(reader.norm(name, spec.attention().size(), spec));
            case ROW -> Optional.of(reader.norm(name, rowWidth, spec));
        };
    }
}
