package dev.glasshouse.network;

import dev.glasshouse.kernels.RotaryStyle;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Metadata;
import dev.glasshouse.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what a model file says of its rotary position embedding, scaling included. */
final class RotaryReader {
    private static final double DEFAULT_THETA = 10_000;

    private RotaryReader() {}

    /** The rotary embedding of layers that see everything. */
    static Rotary read(ModelSource source, RotaryStyle ggufStyle, int headSize) {
        return checked(
                switch (source) {
                    case ModelSource.Gguf gguf -> gguf(gguf, ggufStyle, headSize);
                    case ModelSource.HuggingFace folder ->
                        config(folder, parameters(folder, "full_attention"), headSize);
                },
                headSize);
    }

    /** The one of windowed layers that have their own (Gemma 3): another base, no scaling. */
    static Rotary readLocal(ModelSource source, RotaryStyle ggufStyle, int headSize) {
        return checked(
                switch (source) {
                    case ModelSource.Gguf gguf ->
                        Rotary.of(
                                ggufStyle,
                                dims(gguf, headSize),
                                gguf.number(Hyperparameter.LOCAL_ROTARY_BASE).orElse(DEFAULT_THETA));
                    case ModelSource.HuggingFace folder -> {
                        Json.ObjectValue own = parameters(folder, "sliding_attention");
                        yield own.number("rope_theta").isPresent()
                                ? config(folder, own, headSize)
                                : Rotary.of(
                                        RotaryStyle.HALVES,
                                        headSize,
                                        folder.number(Hyperparameter.LOCAL_ROTARY_BASE)
                                                .orElse(DEFAULT_THETA));
                    }
                },
                headSize);
    }

    private static Rotary gguf(ModelSource.Gguf source, RotaryStyle style, int headSize) {
        Metadata metadata = source.metadata();
        String prefix = source.architecture() + ".rope.scaling.";
        double theta = base(source);
        int dims = dims(source, headSize);
        Rotary plain = Rotary.of(style, dims, theta);
        Optional<Tensor> divisors = source.tensor("rope_freqs.weight");
        if (divisors.isPresent()) {
            plain = plain.dividedBy(doubles(divisors.get(), dims / 2));
        }
        if (source.tensor("rope_factors_long.weight").isPresent()) {
            throw unsupported("longrope");
        }
        double factor = metadata.number(prefix + "factor")
                .orElse(metadata.number(source.architecture() + ".rope.scale_linear")
                        .orElse(1));
        String type = metadata.string(prefix + "type").orElse("linear").toLowerCase(Locale.ROOT);
        return switch (type) {
            case "none" -> plain;
            case "linear" -> factor > 0 ? plain.linear(factor) : plain;
            case "yarn" ->
                plain.yarn(
                        theta,
                        factor,
                        metadata.number(prefix + "original_context_length")
                                .orElse(source.positive(Hyperparameter.CONTEXT)),
                        metadata.number(prefix + "yarn_beta_fast").orElse(32),
                        metadata.number(prefix + "yarn_beta_slow").orElse(1),
                        Rotary.yarnAmplitude(factor)
                                * metadata.number(prefix + "attn_factor").orElse(1));
            default -> throw unsupported(type);
        };
    }

    /** The base of the frequencies. */
    static double base(ModelSource source) {
        double base = source.number(Hyperparameter.ROTARY_BASE).orElse(DEFAULT_THETA);
        return source instanceof ModelSource.HuggingFace folder
                ? parameters(folder, "full_attention").number("rope_theta").orElse(base)
                : base;
    }

    private static int dims(ModelSource source, int headSize) {
        int dims = source.positive(Hyperparameter.ROTARY_DIMS, headSize);
        if (dims % 2 != 0 || dims > headSize) {
            throw impossible(dims, headSize);
        }
        return dims;
    }

    /** The keys of rope_parameters, of the kind of layer where they differ, or of the older rope_scaling. */
    private static Json.ObjectValue parameters(ModelSource.HuggingFace source, String kind) {
        Json.ObjectValue config = source.config();
        Optional<Json.ObjectValue> parameters = config.object("rope_parameters");
        if (parameters.isPresent()) {
            return parameters.get().object(kind).orElse(parameters.get());
        }
        return kind.equals("full_attention")
                ? config.object("rope_scaling").orElse(new Json.ObjectValue(java.util.Map.of()))
                : new Json.ObjectValue(java.util.Map.of());
    }

    private static Rotary config(ModelSource.HuggingFace source, Json.ObjectValue keys, int headSize) {
        double theta = keys.number("rope_theta")
                .orElse(source.number(Hyperparameter.ROTARY_BASE).orElse(DEFAULT_THETA));
        double part = keys.number("partial_rotary_factor")
                .orElse(source.config().number("partial_rotary_factor").orElse(1));
        if (!(part > 0 && part <= 1)) {
            throw new GlassException("The model's partial_rotary_factor is " + part + ", which is not possible.");
        }
        Rotary plain = Rotary.of(RotaryStyle.HALVES, (int) (headSize * part) / 2 * 2, theta);
        String type = keys.string("rope_type").or(() -> keys.string("type")).orElse("default");
        return switch (type) {
            case "default" -> plain;
            case "linear" -> plain.linear(number(keys, "factor"));
            case "llama3" ->
                plain.llama3(
                        number(keys, "factor"),
                        number(keys, "low_freq_factor"),
                        number(keys, "high_freq_factor"),
                        number(keys, "original_max_position_embeddings"));
            case "yarn" ->
                plain.yarn(
                        theta,
                        number(keys, "factor"),
                        keys.number("original_max_position_embeddings").orElse(source.positive(Hyperparameter.CONTEXT)),
                        keys.number("beta_fast").orElse(32),
                        keys.number("beta_slow").orElse(1),
                        keys.number("attention_factor").orElse(Rotary.yarnAmplitude(number(keys, "factor"))));
            default -> throw unsupported(type);
        };
    }

    private static double number(Json.ObjectValue keys, String key) {
        return keys.number(key)
                .orElseThrow(() ->
                        new GlassException("config.json does not say " + key + " of its rotary position embedding."));
    }

    private static List<Double> doubles(Tensor tensor, int size) {
        List<Double> values = new ArrayList<>();
        for (float value : Vectors.read(tensor, size)) {
            values.add((double) value);
        }
        return values;
    }

    private static Rotary checked(Rotary rotary, int headSize) {
        if (rotary.dims() < 2 || rotary.dims() > headSize) {
            throw impossible(rotary.dims(), headSize);
        }
        if (!Double.isFinite(rotary.amplitude())
                || rotary.frequencies().stream().anyMatch(frequency -> !Double.isFinite(frequency))) {
            throw new GlassException("The model's rotary position embedding has numbers that are not finite.");
        }
        return rotary;
    }

    private static GlassException impossible(int dims, int headSize) {
        return new GlassException(
                "The model turns " + dims + " of the " + headSize + " values of a head, which is not possible.");
    }

    private static GlassException unsupported(String type) {
        return new GlassException("The model's position scaling \"" + type
                + "\" is not supported; supported are linear, llama3 and yarn.");
    }
}
