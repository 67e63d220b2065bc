package dev.glasshouse.network;

import dev.glasshouse.network.ParameterShape.Role;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Metadata;
import dev.glasshouse.weights.ModelFile;
import java.util.List;

/**
 * The numbers that fix a model that trains. {@link Architectures} turns them into the decoder, as it does with the same
 * numbers in a file.
 *
 * @param architecture llama, qwen2, qwen3 or gpt2
 * @param vocabulary tokens
 * @param context positions
 * @param width values in a row of the residual
 * @param layers number of layers
 * @param heads query heads
 * @param kvHeads key-value heads, a divisor of heads; the same number in GPT-2
 * @param headSize values in a head; width / heads in Qwen 2 and GPT-2
 * @param mlpWidth values between the projections of the MLP
 * @param epsilon added under the root of each norm; F32 counts
 * @param ropeTheta base of the rotary frequencies; F32 counts; not used by GPT-2
 * @param tied whether the head is the embedding table
 * @param biases whether GPT-2's biases train; if not (nanoGPT's {@code bias=False}) they stay 0. Always true elsewhere
 */
public record ModelPlan(
        String architecture,
        int vocabulary,
        int context,
        int width,
        int layers,
        int heads,
        int kvHeads,
        int headSize,
        int mlpWidth,
        double epsilon,
        double ropeTheta,
        boolean tied,
        boolean biases) {
    /** The architectures that train. */
    public static final List<String> ARCHITECTURES = List.of("llama", "qwen2", "qwen3", "gpt2");

    private static final int LARGEST = 1 << 24;
    /** Each layer has a list of parameters before anyone knows how large it is. */
    private static final int MOST_LAYERS = 4096;

    /** @throws GlassException if the architecture cannot train or a number is impossible */
    public ModelPlan {
        if (!ARCHITECTURES.contains(architecture)) {
            throw new GlassException("Models of the architecture " + architecture
                    + " cannot be trained. Those that can are " + String.join(", ", ARCHITECTURES) + ".");
        }
        positive("vocabulary", vocabulary);
        positive("context", context);
        positive("width", width);
        positive("layers", layers);
        positive("heads", heads);
        positive("kvHeads", kvHeads);
        positive("headSize", headSize);
        positive("mlpWidth", mlpWidth);
        if (layers > MOST_LAYERS) {
            throw new GlassException(
                    "The model's layers are " + layers + "; at most " + MOST_LAYERS + " are possible.");
        }
        boolean gpt2 = architecture.equals("gpt2");
        if (heads % kvHeads != 0 || gpt2 && heads != kvHeads) {
            throw new GlassException("A model of " + architecture + " cannot have " + heads + " heads and " + kvHeads
                    + " key-value heads: "
                    + (gpt2 ? "the numbers must be equal." : "the second must divide the first."));
        }
        if ((gpt2 || architecture.equals("qwen2")) && (long) heads * headSize != width) {
            throw new GlassException("A model of " + architecture + " with " + heads + " heads of " + headSize
                    + " must be " + (long) heads * headSize + " wide, not " + width + ".");
        }
        if (!gpt2 && headSize % 2 != 0) {
            throw new GlassException("A head size of " + headSize + " cannot be turned by its position: it is odd.");
        }
        if ((long) heads * headSize > LARGEST) {
            throw new GlassException(heads + " heads of " + headSize + " are more than any model has.");
        }
        if (!((float) epsilon > 0 && epsilon < 1) || !((float) ropeTheta > 1 && ropeTheta < 1e12)) {
            throw new GlassException(
                    "A model cannot have an epsilon of " + epsilon + " and a rotary base of " + ropeTheta + ".");
        }
        if (!biases && !gpt2) {
            throw new GlassException("Only gpt2 can be trained with its biases left 0; " + architecture + " cannot.");
        }
    }

    private static void positive(String name, int value) {
        if (value < 1 || value > LARGEST) {
            throw new GlassException(
                    "The model's " + name + " is " + value + "; it must be from 1 to " + LARGEST + ".");
        }
    }

    /**
     * What a file says of its model.
     *
     * @throws GlassException if it cannot train: another architecture, experts, windows, scaled positions
     */
    public static ModelPlan of(ModelFile file) {
        ModelSource source = ModelSource.of(file);
        Architecture architecture = Architectures.of(source);
        DecoderSpec spec = Network.spec(source, architecture);
        ModelPlan plan = new ModelPlan(
                spec.architecture(),
                spec.vocabulary(),
                spec.context(),
                spec.width(),
                spec.depth(),
                spec.attention().count(),
                spec.attention().kvCount(),
                spec.attention().size(),
                spec.mlp().width(),
                decimal(spec.epsilon()),
                decimal((float) RotaryReader.base(source)),
                source.tied(architecture.names()),
                true);
        if (!plan.spec().equals(architecture.likeGguf(spec))) {
            throw new GlassException(
                    "This model of the architecture " + spec.architecture()
                            + " cannot be trained: experts, attention windows, scaled positions and other scales have no training here.");
        }
        return plan;
    }

    /** The decoder of these numbers, as its GGUF file gives it. */
    public DecoderSpec spec() {
        return definition().spec(ModelSource.of(metadata(), architecture), vocabulary);
    }

    Architecture definition() {
        return Architectures.of(ModelSource.of(metadata(), architecture));
    }

    /** The pairs of a GGUF file that describe the decoder. */
    public Metadata metadata() {
        String stem = architecture + ".";
        Metadata.Builder pairs = Metadata.builder()
                .put("general.architecture", architecture)
                .putUint32(stem + "block_count", layers)
                .putUint32(stem + "context_length", context)
                .putUint32(stem + "embedding_length", width)
                .putUint32(stem + "feed_forward_length", mlpWidth)
                .putUint32(stem + "attention.head_count", heads)
                .putUint32(stem + "attention.head_count_kv", kvHeads)
                .putUint32(stem + "vocab_size", vocabulary);
        if (architecture.equals("gpt2")) {
            return pairs.putFloat32(stem + "attention.layer_norm_epsilon", (float) epsilon)
                    .build();
        }
        return pairs.putUint32(stem + "attention.key_length", headSize)
                .putUint32(stem + "attention.value_length", headSize)
                .putFloat32(stem + "attention.layer_norm_rms_epsilon", (float) epsilon)
                .putUint32(stem + "rope.dimension_count", headSize)
                .putFloat32(stem + "rope.freq_base", (float) ropeTheta)
                .build();
    }

    /** config.json of the same model in the layout of Hugging Face. */
    public Json.ObjectValue config() {
        Json.ObjectBuilder config = Json.object()
                .put("architectures", List.of(Json.of(hubClass())))
                .put("model_type", architecture)
                .put("vocab_size", vocabulary)
                .put("tie_word_embeddings", tied)
                .put("dtype", "float32");
        if (architecture.equals("gpt2")) {
            return config.put("n_positions", context)
                    .put("n_embd", width)
                    .put("n_layer", layers)
                    .put("n_head", heads)
                    .put("n_inner", mlpWidth)
                    .put("layer_norm_epsilon", decimal((float) epsilon))
                    .put("activation_function", "gelu_new")
                    .build();
        }
        config.put("max_position_embeddings", context)
                .put("hidden_size", width)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", kvHeads)
                .put("head_dim", headSize)
                .put("intermediate_size", mlpWidth)
                .put("rms_norm_eps", decimal((float) epsilon))
                .put("rope_theta", decimal((float) ropeTheta))
                .put("hidden_act", "silu");
        if (architecture.equals("llama")) {
            config.put("attention_bias", false).put("mlp_bias", false);
        }
        return config.build();
    }

    private String hubClass() {
        return switch (architecture) {
            case "llama" -> "LlamaForCausalLM";
            case "qwen2" -> "Qwen2ForCausalLM";
            case "qwen3" -> "Qwen3ForCausalLM";
            default -> "GPT2LMHeadModel";
        };
    }

    /** All tensors in a fixed order: the tables, the layers, the last norm, the head unless it is tied. */
    public List<ParameterShape> parameters() {
        return new ParameterList(spec(), tied, biases ? Role.BIAS : Role.ZERO).shapes();
    }

    /**
     * Where Hugging Face keeps each row of a tensor: row i of ours is row {@code hubRows[i]} of its. They differ in the
     * queries and keys of a Llama, whose GGUF files put the values that are turned together side by side. GPT-2's joined
     * and transposed projections are another matter.
     */
    public int[] hubRows(ParameterShape shape) {
        return definition().hubRows(shape, headSize);
    }

    /** The name of a tensor in Hugging Face files; {@code attn_q}, {@code attn_k} and {@code attn_v} of GPT-2, which are in one, keep ours. */
    public String hubName(ParameterShape shape) {
        String prefix = architecture.equals("gpt2") ? "transformer." : "model.";
        return definition().names().file(prefix, shape.name());
    }

    /** The shortest decimal that gives this F32, as a double. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
