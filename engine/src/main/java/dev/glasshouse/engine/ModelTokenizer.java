package dev.glasshouse.engine;

import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GgufFile;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.SafetensorsModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The tokenizer that a model's files hold, with every id that ends a generation. */
final class ModelTokenizer {
    private ModelTokenizer() {}

    static Tokenizer of(ModelFile file) {
        return switch (file) {
            case GgufFile gguf -> Tokenizer.of(gguf.metadata());
            case SafetensorsModel folder -> ofFolder(folder);
        };
    }

    private static Tokenizer ofFolder(SafetensorsModel folder) {
        Tokenizer tokenizer = vocabulary(folder);
        int[] ends = folder.generationConfig()
                .flatMap(config -> config.find("eos_token_id"))
                .or(() -> folder.config().find("eos_token_id"))
                .filter(value -> !value.isNull())
                .map(ModelTokenizer::ids)
                .orElse(new int[0]);
        return tokenizer.withEndOfGeneration(ends);
    }

    private static int[] ids(Json value) {
        List<Json> all = value instanceof Json.ArrayValue array ? array.elements() : List.of(value);
        return all.stream().mapToInt(Json::asInt).toArray();
    }

    private static Tokenizer vocabulary(SafetensorsModel folder) {
        Optional<Json.ObjectValue> json = folder.json("tokenizer.json");
        if (json.isPresent()) {
            Optional<Json.ObjectValue> config = folder.json("tokenizer_config.json");
            return config.isPresent()
                    ? Tokenizer.ofTokenizerJson(json.get(), config.get())
                    : Tokenizer.ofTokenizerJson(json.get());
        }
        Path model = folder.file("tokenizer.model")
                .orElseThrow(() -> new GlassException("The folder " + folder.folder()
                        + " has no tokenizer: neither tokenizer.json nor tokenizer.model is there."));
        try {
            return Tokenizer.ofSentencePieceModel(Files.readAllBytes(model));
        } catch (IOException e) {
            throw new GlassException("The tokenizer " + model + " cannot be read: " + e.getMessage(), e);
        }
    }
}
