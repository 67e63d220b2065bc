package dev.glasshouse.network;

import dev.glasshouse.kernels.RotaryStyle;
import java.util.List;
import java.util.function.Consumer;

/**
 * An architecture: how its files name things and what makes its decoder different from a Llama's.
 *
 * @param name GGUF's name
 * @param modelTypes the {@code model_type}s of config.json
 * @param ggufStyle which values of a head its GGUF files turn together; Hugging Face files always use halves
 * @param names tensor names in Hugging Face files
 * @param describe changes the draft
 */
record Architecture(
        String name,
        List<String> modelTypes,
        RotaryStyle ggufStyle,
        TensorNames names,
        Consumer<DecoderDraft> describe) {
    /** The decoder that a source of this architecture describes. */
    DecoderSpec spec(ModelSource source, int vocabulary) {
        DecoderDraft draft = new DecoderDraft(source, name, ggufStyle, vocabulary);
        describe.accept(draft);
        return draft.finish();
    }

    /** The same decoder with heads laid out as GGUF has them. */
    DecoderSpec likeGguf(DecoderSpec spec) {
        List<DecoderSpec.Layer> layers = spec.layers().stream()
                .map(layer -> new DecoderSpec.Layer(
                        layer.window(),
                        layer.rotary().map(rotary -> new Rotary(ggufStyle, rotary.frequencies(), rotary.amplitude()))))
                .toList();
        return spec.withLayers(layers);
    }

    /** For each row of a tensor (each value of a vector) its place in Hugging Face files, before they join tensors. */
    int[] hubRows(ParameterShape shape, int headSize) {
        boolean vector = shape.rows() == 1;
        int count = vector ? shape.cols() : shape.rows();
        boolean turned = ggufStyle == RotaryStyle.NEIGHBOURS
                && (shape.name().contains(".attn_q.") || shape.name().contains(".attn_k."));
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            int within = i % headSize;
            places[i] = turned ? i - within + within / 2 + within % 2 * (headSize / 2) : i;
        }
        return places;
    }
}
