package dev.glasshouse.weights;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a model says of itself, computed from its files and nothing else: what is not in them is empty, never guessed.
 *
 * @param format for example {@code GGUF v3} or {@code safetensors}
 * @param architecture for example {@code llama}
 * @param name the model's own name
 * @param fileType the general.file_type by llama.cpp's name, for example {@code Q4_K_M}
 * @param parameters Σ over all tensors of the product of the shape
 * @param types what each tensor type takes, the largest first
 * @param layers number of blocks
 * @param heads query heads; the largest number where layers differ
 * @param keyValueHeads key and value heads; the largest number where layers differ
 * @param embedding width of the residual stream
 * @param context tokens the model was made for
 * @param vocabulary number of tokens
 * @param experts experts of a layer, of a mixture
 * @param licence what the file says of its licence
 * @param lineage the models it was made from
 * @param datasets names of the data sets it was made from
 * @param tokenizer the kind of tokeniser, with its pre-tokeniser, for example {@code gpt2/llama-bpe}
 * @param chatTemplate whether it brings a template for chats
 * @param fileBytes bytes of all its files
 */
public record ModelFacts(
        String format,
        Optional<String> architecture,
        Optional<String> name,
        Optional<String> fileType,
        long parameters,
        List<TypeShare> types,
        OptionalLong layers,
        OptionalLong heads,
        OptionalLong keyValueHeads,
        OptionalLong embedding,
        OptionalLong context,
        OptionalLong vocabulary,
        OptionalLong experts,
        Licence licence,
        List<Ancestor> lineage,
        List<String> datasets,
        Optional<String> tokenizer,
        boolean chatTemplate,
        long fileBytes) {

    /** What the tensors of one type take. */
    public record TypeShare(TensorType type, int tensors, long parameters, long bytes) {}

    /**
     * What the file says of its licence.
     *
     * @param id an SPDX identifier or {@code other}, as the file has it
     * @param name a name, for licences without identifier
     * @param link where its text is
     */
    public record Licence(Optional<String> id, Optional<String> name, Optional<String> link) {
        /** The name, else the identifier, else {@code unknown}. */
        public String text() {
            return name.or(() -> id).orElse("unknown");
        }

        public boolean isKnown() {
            return id.isPresent() || name.isPresent();
        }
    }

    /** A model this one was made from. */
    public record Ancestor(String name, Optional<String> organization, Optional<String> link) {}

    /** The facts of an open model. @throws GlassException if a key that is there holds something else than it should */
    public static ModelFacts of(ModelFile model) {
        return switch (model) {
            case GgufFile gguf ->
                FactReading.gguf(
                        "GGUF v" + gguf.headers().getFirst().version(),
                        gguf.metadata(),
                        gguf.tensors().stream().map(Tensor::info).toList(),
                        gguf.bytes());
            case SafetensorsModel safetensors -> FactReading.safetensors(safetensors);
        };
    }

    /**
     * The facts of a file of which only the header is known, before its download. Of a split set this is the first file,
     * whose tensors alone are counted.
     *
     * @param fileBytes the size of the file
     * @throws GlassException as {@link #of(ModelFile)}
     */
    public static ModelFacts of(GgufHeader header, long fileBytes) {
        return FactReading.gguf("GGUF v" + header.version(), header.metadata(), header.tensors(), fileBytes);
    }
}
