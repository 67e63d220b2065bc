package dev.glasshouse.network;

import java.util.List;

/** The numbers that describe a decoder, with their names in both formats. */
enum Hyperparameter {
    LAYERS("block_count", "num_hidden_layers", "n_layer"),
    CONTEXT("context_length", "max_position_embeddings", "n_positions"),
    WIDTH("embedding_length", "hidden_size", "n_embd"),
    MLP_WIDTH("feed_forward_length", "intermediate_size", "n_inner"),
    HEADS("attention.head_count", "num_attention_heads", "n_head"),
    KV_HEADS("attention.head_count_kv", "num_key_value_heads"),
    HEAD_SIZE("attention.key_length", "head_dim"),
    VALUE_SIZE("attention.value_length"),
    RMS_EPSILON("attention.layer_norm_rms_epsilon", "rms_norm_eps"),
    LAYER_EPSILON("attention.layer_norm_epsilon", "layer_norm_epsilon"),
    WINDOW("attention.sliding_window", "sliding_window"),
    ATTENTION_SCALE("attention.scale", "attention_multiplier"),
    EXPERTS("expert_count", "num_local_experts", "num_experts"),
    EXPERTS_USED("expert_used_count", "num_experts_per_tok"),
    EXPERT_WIDTH("expert_feed_forward_length", "moe_intermediate_size"),
    EMBEDDING_SCALE("embedding_scale", "embedding_multiplier"),
    RESIDUAL_SCALE("residual_scale", "residual_multiplier"),
    LOGIT_DIVISOR("logit_scale", "logits_scaling"),
    ATTENTION_SOFTCAP("attn_logit_softcapping", "attn_logit_softcapping"),
    LOGIT_SOFTCAP("final_logit_softcapping", "final_logit_softcapping"),
    ROTARY_DIMS("rope.dimension_count"),
    ROTARY_BASE("rope.freq_base", "rope_theta"),
    LOCAL_ROTARY_BASE("rope.freq_base_swa", "rope_local_base_freq");

    private final String gguf;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> config;

    /** @param gguf the key after the architecture's name; config: the keys of config.json, the first found counts */
    Hyperparameter(String gguf, String... config) {
        this.gguf = gguf;
        this.config = List.of(config);
    }

    String gguf() {
        return gguf;
    }

    List<String> config() {
        return config;
    }
}
