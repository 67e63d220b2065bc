package dev.glasshouse.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where in the files the facts stand. */
final class FactReading {
    /** llama.cpp's llama_ftype; gaps are numbers that were withdrawn. */
    private static final List<String> FILE_TYPES = List.of(
            "F32", "F16", "Q4_0", "Q4_1", "", "", "", "Q8_0", "Q5_0", "Q5_1", "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L",
            "Q4_K_S", "Q4_K_M", "Q5_K_S", "Q5_K_M", "Q6_K", "IQ2_XXS", "IQ2_XS", "Q2_K_S", "IQ3_XS", "IQ3_XXS", "IQ1_S",
            "IQ4_NL", "IQ3_S", "IQ3_M", "IQ2_S", "IQ2_M", "IQ4_XS", "IQ1_M", "BF16", "", "", "", "TQ1_0", "TQ2_0",
            "MXFP4", "NVFP4", "Q1_0", "Q2_0");
    /** More ancestors than a model can sensibly have. */
    private static final long MAXIMUM_LIST = 64;

    private static final Pattern CARD_LINE = Pattern.compile("([a-z_]+):\\s*[\"']?([^\"'\\[\\]{}|>#]+?)[\"']?\\s*");

    /** The pattern tries every way to share out spaces, whose number grows with the cube of the length. */
    private static final int LONGEST_CARD_LINE = 400;

    private FactReading() {}

    static ModelFacts gguf(String format, Metadata metadata, List<TensorInfo> tensors, long fileBytes) {
        Optional<String> architecture = metadata.string("general.architecture");
        String prefix = architecture.orElse("") + ".";
        OptionalLong tokens = metadata.length("tokenizer.ggml.tokens");
        return new ModelFacts(
                format,
                architecture,
                metadata.string("general.name"),
                fileType(metadata),
                parameters(tensors),
                shares(tensors),
                metadata.integer(prefix + "block_count"),
                largest(metadata, prefix + "attention.head_count"),
                largest(metadata, prefix + "attention.head_count_kv"),
                metadata.integer(prefix + "embedding_length"),
                metadata.integer(prefix + "context_length"),
                tokens.isPresent() ? tokens : metadata.integer(prefix + "vocab_size"),
                metadata.integer(prefix + "expert_count"),
                new ModelFacts.Licence(
                        metadata.string("general.license"),
                        metadata.string("general.license.name"),
                        metadata.string("general.license.link")),
                lineage(metadata),
                names(metadata, "general.dataset"),
                metadata.string("tokenizer.ggml.model")
                        .map(kind -> kind
                                + metadata.string("tokenizer.ggml.pre")
                                        .map(pre -> "/" + pre)
                                        .orElse("")),
                metadata.has("tokenizer.chat_template"),
                fileBytes);
    }

    private static Optional<String> fileType(Metadata metadata) {
        long number = metadata.integer("general.file_type").orElse(-1);
        return number < 0 || number >= FILE_TYPES.size()
                ? Optional.empty()
                : Optional.of(FILE_TYPES.get((int) number)).filter(name -> !name.isEmpty());
    }

    private static OptionalLong largest(Metadata metadata, String key) {
        return metadata.length(key).isPresent()
                ? Arrays.stream(metadata.integers(key).orElse(new long[0])).max()
                : metadata.integer(key);
    }

    private static List<ModelFacts.Ancestor> lineage(Metadata metadata) {
        List<ModelFacts.Ancestor> out = new ArrayList<>();
        long count = metadata.integer("general.base_model.count").orElse(0);
        for (long i = 0; i < Math.min(count, MAXIMUM_LIST); i++) {
            String prefix = "general.base_model." + i + ".";
            Optional<String> link = metadata.string(prefix + "repo_url").or(() -> metadata.string(prefix + "url"));
            metadata.string(prefix + "name")
                    .or(() -> link)
                    .ifPresent(name ->
                            out.add(new ModelFacts.Ancestor(name, metadata.string(prefix + "organization"), link)));
        }
        return List.copyOf(out);
    }

    private static List<String> names(Metadata metadata, String key) {
        List<String> out = new ArrayList<>();
        for (long i = 0; i < Math.min(metadata.integer(key + ".count").orElse(0), MAXIMUM_LIST); i++) {
            metadata.string(key + "." + i + ".name").ifPresent(out::add);
        }
        return List.copyOf(out);
    }

    static ModelFacts safetensors(SafetensorsModel model) {
        Json.ObjectValue whole = model.config();
        Json.ObjectValue config = whole.object("text_config").orElse(whole);
        List<TensorInfo> tensors = model.tensors().stream().map(Tensor::info).toList();
        Map<String, String> card =
                model.file("README.md").map(FactReading::card).orElse(Map.of());
        List<ModelFacts.Ancestor> lineage = Optional.ofNullable(card.get("base_model")).stream()
                .map(name -> new ModelFacts.Ancestor(name, Optional.empty(), Optional.empty()))
                .toList();
        return new ModelFacts(
                "safetensors",
                whole.string("model_type"),
                whole.string("_name_or_path").filter(name -> !name.isEmpty()),
                Optional.empty(),
                parameters(tensors),
                shares(tensors),
                first(config, "num_hidden_layers", "n_layer"),
                first(config, "num_attention_heads", "n_head"),
                first(config, "num_key_value_heads", "num_attention_heads", "n_head"),
                first(config, "hidden_size", "n_embd"),
                first(config, "max_position_embeddings", "n_positions"),
                first(config, "vocab_size"),
                first(config, "num_local_experts", "num_experts"),
                new ModelFacts.Licence(
                        Optional.ofNullable(card.get("license")),
                        Optional.ofNullable(card.get("license_name")),
                        Optional.ofNullable(card.get("license_link"))),
                lineage,
                List.of(),
                model.file("tokenizer.json").map(file -> "tokenizer.json").or(() -> model.file("tokenizer.model")
                        .map(file -> "tokenizer.model")),
                model.file("chat_template.jinja").isPresent()
                        || model.json("tokenizer_config.json")
                                .flatMap(json -> json.find("chat_template"))
                                .isPresent(),
                model.bytes());
    }

    private static OptionalLong first(Json.ObjectValue config, String... keys) {
        for (String key : keys) {
            OptionalLong value = config.integer(key);
            if (value.isPresent()) {
                return value;
            }
        }
        return OptionalLong.empty();
    }

    /** The plain {@code key: value} lines at the head of a model card. */
    private static Map<String, String> card(Path file) {
        Map<String, String> out = new LinkedHashMap<>();
        try {
            byte[] start;
            try (var in = Files.newInputStream(file)) {
                start = in.readNBytes(1 << 16);
            }
            List<String> lines =
                    new String(start, StandardCharsets.UTF_8).lines().toList();
            for (int i = 1; i < lines.size() && lines.getFirst().equals("---"); i++) {
                if (lines.get(i).equals("---")) {
                    return out;
                }
                Matcher line = CARD_LINE.matcher(lines.get(i));
                if (lines.get(i).length() <= LONGEST_CARD_LINE && line.matches()) {
                    out.putIfAbsent(line.group(1), line.group(2));
                }
            }
            return Map.of();
        } catch (IOException e) {
            throw new GlassException("Cannot read " + file + ": " + e + ".", e);
        }
    }

    private static long parameters(List<TensorInfo> tensors) {
        return tensors.stream().mapToLong(TensorInfo::elements).reduce(0, Math::addExact);
    }

    private static List<ModelFacts.TypeShare> shares(List<TensorInfo> tensors) {
        Map<TensorType, ModelFacts.TypeShare> shares = new EnumMap<>(TensorType.class);
        for (TensorInfo tensor : tensors) {
            shares.merge(
                    tensor.type(),
                    new ModelFacts.TypeShare(tensor.type(), 1, tensor.elements(), tensor.bytes()),
                    (a, b) -> new ModelFacts.TypeShare(
                            a.type(),
                            a.tensors() + b.tensors(),
                            Math.addExact(a.parameters(), b.parameters()),
                            Math.addExact(a.bytes(), b.bytes())));
        }
        return shares.values().stream()
                .sorted(Comparator.comparingLong(ModelFacts.TypeShare::bytes).reversed())
                .toList();
    }
}
