package dev.glasshouse.network;

import dev.glasshouse.weights.GgufFile;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Metadata;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.SafetensorsModel;
import dev.glasshouse.weights.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A model file's hyperparameters by one set of names, whichever format it has. */
sealed interface ModelSource {

    /** The file, or a {@link GlassException} where it does not say which architecture it is. */
    static ModelSource of(ModelFile file) {
        return switch (file) {
            case GgufFile gguf ->
                new Gguf(
                        Optional.of(gguf),
                        gguf.metadata(),
                        gguf.metadata()
                                .string("general.architecture")
                                .orElseThrow(() -> new GlassException(
                                        "The model does not say its architecture: general.architecture is missing.")));
            case SafetensorsModel folder ->
                new HuggingFace(folder, folder.config().object("text_config").orElse(folder.config()));
        };
    }

    /** A source without a file: what a GGUF file with these pairs and no tensors would say. */
    static ModelSource of(Metadata metadata, String architecture) {
        return new Gguf(Optional.empty(), metadata, architecture);
    }

    /** All tensors; none where there is no file. */
    List<Tensor> tensors();

    /** A tensor by the name that the file has for it. */
    Optional<Tensor> tensor(String name);

    /** The architecture in the format's own words. */
    String architecture();

    OptionalDouble number(Hyperparameter key);

    /** The key's name in this format, for messages. */
    String name(Hyperparameter key);

    /** Whether the head is the embedding table. */
    default boolean tied(TensorNames names) {
        boolean own = tensor(TensorReader.nameOf(this, names, "output.weight")).isPresent();
        return switch (this) {
            case Gguf gguf -> !own;
            case HuggingFace folder ->
                folder.config().bool("tie_word_embeddings").orElse(!own);
        };
    }

    default int positive(Hyperparameter key) {
        return positive(key, OptionalLong.empty());
    }

    default int positive(Hyperparameter key, long fallback) {
        return positive(key, OptionalLong.of(fallback));
    }

    private int positive(Hyperparameter key, OptionalLong fallback) {
        OptionalDouble number = number(key);
        if (number.isEmpty() && fallback.isEmpty()) {
            throw new GlassException("The model does not say " + name(key) + ".");
        }
        double value = number.isPresent() ? number.getAsDouble() : fallback.orElseThrow();
        if (value < 1 || value > Integer.MAX_VALUE || value != Math.rint(value)) {
            throw new GlassException("The model's " + name(key) + " is " + value + ", which no model can have.");
        }
        return (int) value;
    }

    /** A GGUF file, or the pairs of one; keys follow the architecture's name. */
    record Gguf(Optional<GgufFile> file, Metadata metadata, String architecture) implements ModelSource {
        @Override
        public List<Tensor> tensors() {
            return file.map(GgufFile::tensors).orElse(List.of());
        }

        @Override
        public Optional<Tensor> tensor(String name) {
            return file.flatMap(gguf -> gguf.tensor(name));
        }

        @Override
        public OptionalDouble number(Hyperparameter key) {
            return metadata().number(name(key));
        }

        @Override
        public String name(Hyperparameter key) {
            return architecture + "." + key.gguf();
        }
    }

    /** A folder in the layout of Hugging Face; of a model with images, its text part. */
    record HuggingFace(SafetensorsModel file, Json.ObjectValue config) implements ModelSource {
        @Override
        public List<Tensor> tensors() {
            return file.tensors();
        }

        @Override
        public Optional<Tensor> tensor(String name) {
            return file.tensor(name);
        }

        @Override
        public String architecture() {
            return config.string("model_type")
                    .orElseThrow(() -> new GlassException(
                            "The model does not say its architecture: config.json has no model_type."));
        }

        @Override
        public OptionalDouble number(Hyperparameter key) {
            for (String name : key.config()) {
                OptionalDouble number = config.number(name);
                if (number.isPresent()) {
                    if (!Double.isFinite(number.getAsDouble())) {
                        throw new GlassException("The config.json key " + name + " is not a finite number.");
                    }
                    return number;
                }
            }
            return OptionalDouble.empty();
        }

        @Override
        public String name(Hyperparameter key) {
            return Optional.of(key.config())
                    .filter(names -> !names.isEmpty())
                    .map(names -> names.getFirst() + " (config.json)")
                    .orElse(key.gguf());
        }
    }
}
