package dev.glasshouse.weights;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the pairs of a model must say of each other and of its tensors, where they are there at all. */
final class GgufChecks {
    private static final List<String> POSITIVE = List.of(
            "block_count",
            "context_length",
            "embedding_length",
            "attention.head_count",
            "attention.key_length",
            "attention.value_length");
    private static final List<String> FINITE = List.of(
            "rope.freq_base",
            "rope.scaling.factor",
            "attention.layer_norm_rms_epsilon",
            "attention.layer_norm_epsilon",
            "attention.scale",
            "logit_scale",
            "embedding_scale",
            "residual_scale",
            "attn_logit_softcapping",
            "final_logit_softcapping");
    private static final List<String> SPECIAL = List.of(
            "bos",
            "eos",
            "eot",
            "eom",
            "unknown",
            "seperator",
            "padding",
            "cls",
            "mask",
            "fim_pre",
            "fim_suf",
            "fim_mid",
            "fim_pad",
            "fim_rep",
            "fim_sep");
    /** −1 as an unsigned number: "there is none". */
    private static final long NONE = 0xFFFF_FFFFL;

    private GgufChecks() {}

    static void check(Metadata metadata, List<GgufHeader> headers) {
        Optional<String> architecture = metadata.string("general.architecture");
        architecture.ifPresent(name -> checkNetwork(metadata, name));
        OptionalLong tokens = metadata.length("tokenizer.ggml.tokens");
        if (metadata.has("tokenizer.ggml.tokens")) {
            need(metadata, "tokenizer.ggml.tokens", Metadata.ValueType.STRING, tokens);
        }
        need(metadata, "tokenizer.ggml.scores", Metadata.ValueType.FLOAT32, tokens);
        need(metadata, "tokenizer.ggml.token_type", Metadata.ValueType.INT32, tokens);
        if (metadata.has("tokenizer.ggml.scores")) {
            metadata.floats("tokenizer.ggml.scores");
        }
        if (tokens.isEmpty()) {
            return;
        }
        for (String special : SPECIAL) {
            String key = "tokenizer.ggml." + special + "_token_id";
            long id = metadata.integer(key).orElse(NONE);
            if (id != NONE && id != -1 && (id < 0 || id >= tokens.getAsLong())) {
                throw new GlassException("The metadata key " + key + " names token " + id + ", but there are only "
                        + tokens.getAsLong() + " tokens.");
            }
        }
        for (GgufHeader header : headers) {
            for (TensorInfo tensor : header.tensors()) {
                if (tensor.name().equals("token_embd.weight") && tensor.rows() != tokens.getAsLong()) {
                    throw new GlassException("The vocabulary has " + tokens.getAsLong()
                            + " tokens, but the embedding has " + tensor.rows() + " rows.");
                }
            }
        }
    }

    private static void checkNetwork(Metadata metadata, String architecture) {
        for (String name : POSITIVE) {
            String key = architecture + "." + name;
            if (!metadata.has(key) || metadata.length(key).isPresent()) {
                continue; // some architectures give head counts for each layer, as an array
            }
            long value = metadata.integer(key).orElse(1);
            if (value < 1 || value > Integer.MAX_VALUE) {
                throw new GlassException("The metadata key " + key + " is " + value + ", which no model can have.");
            }
        }
        FINITE.forEach(name -> metadata.number(architecture + "." + name));
        String headsKey = architecture + ".attention.head_count";
        String groupsKey = headsKey + "_kv";
        if (metadata.length(headsKey).isEmpty() && metadata.length(groupsKey).isEmpty()) {
            long heads = metadata.integer(headsKey).orElse(0);
            long groups = metadata.integer(groupsKey).orElse(0);
            if (groups < 0 || groups > Integer.MAX_VALUE || (heads > 0 && groups > 0 && heads % groups != 0)) {
                throw new GlassException(
                        "The model's " + heads + " attention heads cannot share " + groups + " key-value heads.");
            }
        }
    }

    private static void need(Metadata metadata, String key, Metadata.ValueType element, OptionalLong length) {
        if (!metadata.has(key)) {
            return;
        }
        if (!metadata.elementType(key).equals(Optional.of(element))) {
            throw new GlassException("The metadata key " + key + " is not an array of " + element + ".");
        }
        if (length.isPresent() && !metadata.length(key).equals(length)) {
            throw new GlassException("The metadata key " + key + " has "
                    + metadata.length(key).orElse(0) + " elements for " + length.getAsLong() + " tokens.");
        }
    }
}
