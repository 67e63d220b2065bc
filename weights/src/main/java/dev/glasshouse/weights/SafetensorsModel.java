package dev.glasshouse.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model in the layout of Hugging Face: a folder with {@code config.json} and either {@code model.safetensors} or
 * {@code model.safetensors.index.json} and its shards. Shapes are given fastest first, as in GGUF.
 */
public final class SafetensorsModel implements ModelFile {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Arena arena;
    private final Path folder;
    private final Json.ObjectValue config;
    private final List<Path> files;
    private final Map<String, Tensor> tensors;

    private SafetensorsModel(
            Arena arena, Path folder, Json.ObjectValue config, List<Path> files, Map<String, Tensor> tensors) {
        this.arena = arena;
        this.folder = folder;
        this.config = config;
        this.files = files;
        this.tensors = tensors;
    }

    /** Opens a folder. @throws GlassException as {@link ModelFile#open} */
    public static SafetensorsModel open(Path folder) {
        Path configuration = folder.resolve("config.json");
        if (!Files.isRegularFile(configuration)) {
            throw new GlassException("The folder " + folder
                    + " holds no model: config.json is missing. Give the path of a .gguf file, or of a folder with"
                    + " config.json and safetensors.");
        }
        Json.ObjectValue config = Json.read(configuration).asObject();
        Arena arena = MappedFile.arena();
        try {
            List<Path> files = new ArrayList<>();
            Map<String, Tensor> tensors = Files.isRegularFile(folder.resolve(INDEX))
                    ? sharded(folder, arena, files)
                    : single(folder, arena, files);
            return new SafetensorsModel(
                    arena, folder, config, List.copyOf(files), Collections.unmodifiableMap(tensors));
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static Map<String, Tensor> single(Path folder, Arena arena, List<Path> files) {
        Path file = folder.resolve(SINGLE);
        if (!Files.isRegularFile(file)) {
            throw new GlassException("The folder " + folder + " holds neither " + SINGLE + " nor " + INDEX
                    + ": fetch the weights first.");
        }
        files.add(file);
        return SafetensorsFile.open(file, 0, arena);
    }

    private static Map<String, Tensor> sharded(Path folder, Arena arena, List<Path> files) {
        Path index = folder.resolve(INDEX);
        Map<String, List<String>> namesByShard = new LinkedHashMap<>();
        Json.ObjectValue map = Json.read(index)
                .asObject()
                .object("weight_map")
                .orElseThrow(() -> new GlassException(index + " has no weight_map."));
        map.members().forEach((name, shard) -> namesByShard
                .computeIfAbsent(shard.asString(), key -> new ArrayList<>())
                .add(name));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> shard : namesByShard.entrySet()) {
            String name = shard.getKey();
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
                throw new GlassException(index + " names the shard "
                        + Json.of(name).write() + ", which is not the plain name of a safetensors file.");
            }
            Path file = folder.resolve(name);
            Map<String, Tensor> found = SafetensorsFile.open(file, files.size(), arena);
            for (String tensor : shard.getValue()) {
                if (!found.containsKey(tensor)) {
                    throw new GlassException(file + " lacks the tensor " + tensor + " that " + INDEX + " puts there.");
                }
            }
            found.keySet().retainAll(shard.getValue());
            tensors.putAll(found);
            files.add(file);
        }
        return tensors;
    }

    public Path folder() {
        return folder;
    }

    /** {@code config.json}. */
    public Json.ObjectValue config() {
        return config;
    }

    /** {@code generation_config.json}. @throws GlassException if it is there and broken */
    public Optional<Json.ObjectValue> generationConfig() {
        return json("generation_config.json");
    }

    /** A JSON file of the folder, such as {@code tokenizer_config.json}. @throws GlassException if it is broken */
    public Optional<Json.ObjectValue> json(String name) {
        return file(name).map(path -> Json.read(path).asObject());
    }

    /** A file of the folder, such as {@code tokenizer.json} or {@code chat_template.jinja}, where it is there. */
    public Optional<Path> file(String name) {
        return Optional.of(folder.resolve(name)).filter(Files::isRegularFile);
    }

    @Override
    public List<Path> files() {
        return files;
    }

    @Override
    public List<Tensor> tensors() {
        return List.copyOf(tensors.values());
    }

    @Override
    public Optional<Tensor> tensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public long bytes() {
        try {
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException e) {
            throw new GlassException("Cannot read " + folder + ": " + e + ".", e);
        }
    }

    /** Unmaps the files; closing twice does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
