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
        Consumer<DecoderDraft> describe) {}
