package dev.glasshouse.network;

import dev.glasshouse.kernels.RotaryStyle;
import dev.glasshouse.network.DecoderSpec.Activation;
import dev.glasshouse.network.DecoderSpec.Biases;
import dev.glasshouse.network.DecoderSpec.Experts;
import dev.glasshouse.network.DecoderSpec.HeadNorm;
import dev.glasshouse.network.DecoderSpec.NormKind;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/**
 * A {@link DecoderSpec} being made: starts as a Llama with the file's numbers, then the architecture changes what is
 * different.
 */
final class DecoderDraft {
    final ModelSource source;
    final String architecture;
    private final RotaryStyle ggufStyle;
    private final int vocabulary;
    final int context;
    final int width;
    final int depth;
    final int heads;
    final int kvHeads;
    final int headSize;
    NormKind norm = NormKind.RMS;
    Hyperparameter epsilon = Hyperparameter.RMS_EPSILON;
    boolean preNorms = true;
    boolean postNorms;
    HeadNorm headNorm = HeadNorm.NONE;
    Activation activation = Activation.SWIGLU;
    int mlpWidth;
    Optional<Experts> experts = Optional.empty();
    boolean learnedPositions;
    Biases biases = Biases.NONE;
    double attentionScale;
    double embeddingScale;
    double residualScale;
    double logitScale;
    private IntPredicate windowed;
    IntPredicate rotated = layer -> true;
    boolean localRotary;

    DecoderDraft(ModelSource source, String architecture, RotaryStyle ggufStyle, int vocabulary) {
        this.source = source;
        this.architecture = architecture;
        this.ggufStyle = ggufStyle;
        this.vocabulary = vocabulary;
        context = source.positive(Hyperparameter.CONTEXT);
        width = source.positive(Hyperparameter.WIDTH);
        depth = source.positive(Hyperparameter.LAYERS);
        heads = source.positive(Hyperparameter.HEADS);
        kvHeads = source.positive(Hyperparameter.KV_HEADS, heads);
        headSize = source.positive(Hyperparameter.HEAD_SIZE, Math.max(1, width / heads));
        mlpWidth = source.positive(Hyperparameter.MLP_WIDTH, 4L * width);
        attentionScale = source.number(Hyperparameter.ATTENTION_SCALE).orElse(1 / Math.sqrt(headSize));
        embeddingScale = source.number(Hyperparameter.EMBEDDING_SCALE).orElse(1);
        residualScale = source.number(Hyperparameter.RESIDUAL_SCALE).orElse(1);
        logitScale = 1 / source.number(Hyperparameter.LOGIT_DIVISOR).orElse(1);
        windowed = windowsOf(source);
    }

    /** Experts as the file counts them; {@code normalise} divides the weights of those used by their sum. */
    void experts(boolean normalise) {
        int count = source.positive(Hyperparameter.EXPERTS);
        int used = source.positive(Hyperparameter.EXPERTS_USED);
        if (used > count) {
            throw new GlassException("The model uses " + used + " experts of " + count + ".");
        }
        experts = Optional.of(new Experts(count, used, normalise));
        mlpWidth = source.positive(Hyperparameter.EXPERT_WIDTH, mlpWidth);
    }

    /** Which layers have the window, where the file itself does not list them. */
    void windowed(IntPredicate layers) {
        if (!(source instanceof ModelSource.HuggingFace folder)
                || folder.config().array("layer_types").isEmpty()) {
            windowed = layers;
        }
    }

    /** A key of config.json that GGUF does not have. */
    OptionalDouble config(String key) {
        return source instanceof ModelSource.HuggingFace folder
                ? folder.config().number(key)
                : OptionalDouble.empty();
    }

    /** A yes or no of config.json; absent in GGUF. */
    Optional<Boolean> configSays(String key) {
        return source instanceof ModelSource.HuggingFace folder
                ? folder.config().bool(key)
                : Optional.empty();
    }

    DecoderSpec finish() {
        check();
        float softcap = (float) source.number(Hyperparameter.ATTENTION_SOFTCAP).orElse(0);
        return new DecoderSpec(
                architecture,
                vocabulary,
                context,
                width,
                norm,
                (float) source.number(epsilon)
                        .orElseThrow(() -> new GlassException("The model does not say " + source.name(epsilon) + ".")),
                preNorms,
                postNorms,
                new DecoderSpec.Heads(heads, kvHeads, headSize, headNorm, (float) attentionScale, softcap),
                new DecoderSpec.Mlp(activation, mlpWidth, experts),
                layers(),
                learnedPositions,
                biases,
                (float) embeddingScale,
                (float) residualScale,
                (float) logitScale,
                (float) source.number(Hyperparameter.LOGIT_SOFTCAP).orElse(0));
    }

    private List<DecoderSpec.Layer> layers() {
        OptionalDouble given = source.number(Hyperparameter.WINDOW);
        int window = given.isPresent() && given.getAsDouble() > 0 ? source.positive(Hyperparameter.WINDOW) : 0;
        Optional<Rotary> rotary =
                learnedPositions ? Optional.empty() : Optional.of(RotaryReader.read(source, ggufStyle, headSize));
        Optional<Rotary> local =
                localRotary ? Optional.of(RotaryReader.readLocal(source, ggufStyle, headSize)) : rotary;
        List<DecoderSpec.Layer> layers = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            boolean near = window > 0 && windowed.test(i);
            layers.add(new DecoderSpec.Layer(
                    near ? window : 0, rotated.test(i) ? (near ? local : rotary) : Optional.empty()));
        }
        return layers;
    }

    private void check() {
        if (!source.tensors().isEmpty() && depth > source.tensors().size()) {
            throw new GlassException("The model says it has " + depth + " layers, but there are only "
                    + source.tensors().size() + " tensors.");
        }
        if (heads % kvHeads != 0) {
            throw new GlassException(
                    "The model's " + heads + " attention heads cannot share " + kvHeads + " key-value heads.");
        }
        if (headSize > 1 << 14 || (long) heads * headSize > 1 << 24 || context > 1 << 28) {
            throw new GlassException("The model says it has " + heads + " heads of " + headSize
                    + " values and a context of " + context + ", more than any model has.");
        }
        int count = experts.map(Experts::count).orElse(1);
        if (width > 1 << 24 || mlpWidth > 1 << 24 || count > 1 << 16) {
            throw new GlassException("The model says it has a width of " + width + ", " + mlpWidth
                    + " values in its MLP and " + count + " experts, more than any model has.");
        }
        int valueSize = source.positive(Hyperparameter.VALUE_SIZE, headSize);
        if (valueSize != headSize) {
            throw new GlassException("The model has keys of " + headSize + " and values of " + valueSize
                    + " numbers; only equal sizes are supported.");
        }
    }

    /** Which layers have the window, as config.json says it; in GGUF all. */
    private static IntPredicate windowsOf(ModelSource source) {
        if (!(source instanceof ModelSource.HuggingFace folder)) {
            return layer -> true;
        }
        Json.ObjectValue config = folder.config();
        Optional<List<Json>> types = config.array("layer_types");
        if (types.isPresent()) {
            List<String> names = types.get().stream().map(Json::asString).toList();
            return layer -> layer < names.size() && names.get(layer).equals("sliding_attention");
        }
        if (config.bool("use_sliding_window").isEmpty()) {
            return layer -> true;
        }
        boolean used = config.bool("use_sliding_window").get();
        long from = config.integer("max_window_layers").orElse(0);
        return layer -> used && layer >= from;
    }
}
