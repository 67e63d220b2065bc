package dev.glasshouse.network;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Hugging Face files call the tensors that this house calls by GGUF's names.
 *
 * @param layers what stands before a layer's number
 * @param names from {@code attn_q} (of a layer) or {@code output_norm} (of the model) to the name without prefix,
 *     layer and ending
 * @param normOffset added to every norm's weight when it is read (Gemma stores w − 1)
 * @param transposed whether projections are stored input by output (GPT-2)
 */
record TensorNames(String layers, Map<String, String> names, float normOffset, boolean transposed) {
    /** What may stand before all names but the head's. */
    static final List<String> PREFIXES =
            List.of("model.", "transformer.", "", "language_model.model.", "model.language_model.");

    static final TensorNames LLAMA = new TensorNames(
            "layers.",
            Map.ofEntries(
                    Map.entry("token_embd", "embed_tokens"),
                    Map.entry("output_norm", "norm"),
                    Map.entry("attn_norm", "input_layernorm"),
                    Map.entry("attn_q", "self_attn.q_proj"),
                    Map.entry("attn_k", "self_attn.k_proj"),
                    Map.entry("attn_v", "self_attn.v_proj"),
                    Map.entry("attn_qkv", "self_attn.qkv_proj"),
                    Map.entry("attn_q_norm", "self_attn.q_norm"),
                    Map.entry("attn_k_norm", "self_attn.k_norm"),
                    Map.entry("attn_output", "self_attn.o_proj"),
                    Map.entry("ffn_norm", "post_attention_layernorm"),
                    Map.entry("ffn_gate", "mlp.gate_proj"),
                    Map.entry("ffn_up", "mlp.up_proj"),
                    Map.entry("ffn_gate_up", "mlp.gate_up_proj"),
                    Map.entry("ffn_down", "mlp.down_proj"),
                    Map.entry("ffn_gate_inp", "mlp.gate"),
                    Map.entry("experts", "mlp.experts"),
                    Map.entry("expert_gate", "gate_proj"),
                    Map.entry("expert_up", "up_proj"),
                    Map.entry("expert_down", "down_proj")),
            0,
            false);

    static final TensorNames MIXTRAL = LLAMA.with(Map.of(
            "ffn_gate_inp", "block_sparse_moe.gate",
            "experts", "block_sparse_moe.experts",
            "expert_gate", "w1",
            "expert_up", "w3",
            "expert_down", "w2"));

    /** Norms after the blocks take names that a Llama has for those before. */
    static final TensorNames SANDWICH = LLAMA.with(Map.of(
            "post_attention_norm", "post_attention_layernorm",
            "ffn_norm", "pre_feedforward_layernorm",
            "post_ffw_norm", "post_feedforward_layernorm"));

    static final TensorNames GEMMA = new TensorNames(SANDWICH.layers, SANDWICH.names, 1, false);

    static final TensorNames GPT2 = new TensorNames(
            "h.",
            Map.ofEntries(
                    Map.entry("token_embd", "wte"),
                    Map.entry("position_embd", "wpe"),
                    Map.entry("output_norm", "ln_f"),
                    Map.entry("attn_norm", "ln_1"),
                    Map.entry("attn_qkv", "attn.c_attn"),
                    Map.entry("attn_output", "attn.c_proj"),
                    Map.entry("ffn_norm", "ln_2"),
                    Map.entry("ffn_up", "mlp.c_fc"),
                    Map.entry("ffn_down", "mlp.c_proj")),
            0,
            true);

    /** The name for one of ours; the same where there is no other. */
    String of(String name) {
        return names.getOrDefault(name, name);
    }

    /** {@code blk.3.attn_q.weight} as a file with this prefix calls it. */
    String file(String prefix, String name) {
        String ending = name.substring(name.lastIndexOf('.'));
        String stem = name.substring(0, name.length() - ending.length());
        if (stem.equals("output")) {
            return "lm_head" + ending;
        }
        if (stem.startsWith("blk.")) {
            int dot = stem.indexOf('.', 4);
            return prefix + layers + stem.substring(4, dot) + "." + of(stem.substring(dot + 1)) + ending;
        }
        return prefix + of(stem) + ending;
    }

    private TensorNames with(Map<String, String> changes) {
        Map<String, String> changed = new TreeMap<>(names);
        changed.putAll(changes);
        return new TensorNames(layers, changed, normOffset, transposed);
    }
}
