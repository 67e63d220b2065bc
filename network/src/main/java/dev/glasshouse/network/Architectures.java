package dev.glasshouse.network;

import static dev.glasshouse.kernels.RotaryStyle.HALVES;
import static dev.glasshouse.kernels.RotaryStyle.NEIGHBOURS;

import dev.glasshouse.network.DecoderSpec.Activation;
import dev.glasshouse.network.DecoderSpec.Biases;
import dev.glasshouse.network.DecoderSpec.HeadNorm;
import dev.glasshouse.network.DecoderSpec.NormKind;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.List;

/** Every architecture there is, a line each, and what makes it itself. */
final class Architectures {
    private static final List<Architecture> ALL = List.of(
            new Architecture("llama", List.of("llama", "mistral"), NEIGHBOURS, TensorNames.LLAMA, Architectures::llama),
            new Architecture("mixtral", List.of("mixtral"), NEIGHBOURS, TensorNames.MIXTRAL, Architectures::mixtral),
            new Architecture("qwen2", List.of("qwen2"), HALVES, TensorNames.LLAMA, Architectures::qwen2),
            new Architecture("qwen3", List.of("qwen3"), HALVES, TensorNames.LLAMA, Architectures::qwen3),
            new Architecture("qwen3moe", List.of("qwen3_moe"), HALVES, TensorNames.LLAMA, Architectures::qwen3moe),
            new Architecture(
                    "gemma3", List.of("gemma3", "gemma3_text"), HALVES, TensorNames.GEMMA, Architectures::gemma3),
            new Architecture("gpt2", List.of("gpt2"), HALVES, TensorNames.GPT2, Architectures::gpt2),
            new Architecture("granite", List.of("granite"), NEIGHBOURS, TensorNames.LLAMA, draft -> {}),
            new Architecture("olmo2", List.of("olmo2"), HALVES, TensorNames.SANDWICH, Architectures::olmo2),
            new Architecture("phi3", List.of("phi3"), HALVES, TensorNames.LLAMA, draft -> {}),
            new Architecture("smollm3", List.of("smollm3"), NEIGHBOURS, TensorNames.LLAMA, Architectures::smollm3));

    private Architectures() {}

    /** The names, in the order of the registry. */
    static List<String> names() {
        return ALL.stream().map(Architecture::name).toList();
    }

    /** The architecture of a file. @throws GlassException that names it and lists the supported ones */
    static Architecture of(ModelSource source) {
        String name = source.architecture();
        return ALL.stream()
                .filter(architecture -> switch (source) {
                    case ModelSource.Gguf gguf -> architecture.name().equals(name);
                    case ModelSource.HuggingFace folder ->
                        architecture.modelTypes().contains(name);
                })
                .findFirst()
                .orElseThrow(() -> new GlassException("The model's architecture \"" + name
                        + "\" is not supported. Supported are " + String.join(", ", names()) + "."));
    }

    /** Llama, Mistral and SmolLM2; GGUF files of Mixtral call themselves llama too and have experts. */
    private static void llama(DecoderDraft draft) {
        if (draft.source.number(Hyperparameter.EXPERTS).orElse(0) > 0) {
            mixtral(draft);
        }
    }

    private static void mixtral(DecoderDraft draft) {
        draft.experts(true);
    }

    private static void qwen2(DecoderDraft draft) {
        draft.biases = Biases.QKV;
    }

    private static void qwen3(DecoderDraft draft) {
        draft.headNorm = HeadNorm.HEAD;
    }

    private static void qwen3moe(DecoderDraft draft) {
        draft.headNorm = HeadNorm.HEAD;
        boolean gguf = draft.source instanceof ModelSource.Gguf;
        draft.experts(draft.configSays("norm_topk_prob").orElse(gguf));
    }

    /** Norms before and after each block, five windowed layers to one that sees all, and a rotary base for each. */
    private static void gemma3(DecoderDraft draft) {
        draft.headNorm = HeadNorm.HEAD;
        draft.postNorms = true;
        draft.activation = Activation.GEGLU;
        draft.embeddingScale = Math.sqrt(draft.width);
        draft.localRotary = true;
        int period = (int) draft.config("sliding_window_pattern").orElse(6);
        draft.windowed(layer -> (layer + 1) % period != 0);
        boolean of27B = draft.depth == 62; // the one size whose scores are not scaled by the head's size
        double scalar = of27B ? (double) draft.width / draft.heads : draft.headSize;
        draft.attentionScale =
                1 / Math.sqrt(draft.config("query_pre_attn_scalar").orElse(scalar));
    }

    private static void gpt2(DecoderDraft draft) {
        draft.norm = NormKind.LAYER;
        draft.epsilon = Hyperparameter.LAYER_EPSILON;
        draft.learnedPositions = true;
        draft.biases = Biases.ALL;
        draft.activation = Activation.GELU;
    }

    private static void olmo2(DecoderDraft draft) {
        draft.preNorms = false;
        draft.postNorms = true;
        draft.headNorm = HeadNorm.ROW;
    }

    /** Every fourth layer turns nothing. */
    private static void smollm3(DecoderDraft draft) {
        draft.rotated = layer -> (layer + 1) % 4 != 0;
        if (draft.source instanceof ModelSource.HuggingFace folder) {
            folder.config().array("no_rope_layers").ifPresent(flags -> {
                List<Long> turned = flags.stream().map(Json::asLong).toList();
                draft.rotated = layer -> layer < turned.size() && turned.get(layer) == 1;
            });
        }
    }
}
