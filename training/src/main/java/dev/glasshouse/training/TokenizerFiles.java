package dev.glasshouse.training;

import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Metadata;
import java.util.Optional;

/**
 * A tokenizer in the forms that model files need.
 *
 * @param gguf the pairs {@code tokenizer.*} of a GGUF file
 * @param json tokenizer.json as Hugging Face has it
 * @param config tokenizer_config.json
 */
record TokenizerFiles(Metadata gguf, Json json, Json config) {
    /** @param chatTemplate Jinja source of the chat's format */
    static TokenizerFiles of(TrainedTokenizer tokenizer, Optional<String> chatTemplate) {
        return new TokenizerFiles(
                tokenizer.metadata(chatTemplate), tokenizer.tokenizerJson(), tokenizer.configJson(chatTemplate));
    }
}
