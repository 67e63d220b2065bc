package dev.glasshouse.chat;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Metadata;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The chat templates a model brings: usually one, sometimes a second for tool use.
 *
 * @param sources template texts by name; {@code default} is the usual one. Empty for a base model.
 */
public record ChatTemplates(Map<String, String> sources) {
    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";
    private static final String GGUF_KEY = "tokenizer.chat_template";
    private static final long LARGEST = 16 << 20;

    public ChatTemplates {
        sources = Collections.unmodifiableMap(new TreeMap<>(sources));
    }

    /** No template at all: the model only continues text ({@link Prompt#plain}). */
    public static final ChatTemplates NONE = new ChatTemplates(Map.of());

    /**
     * From a GGUF file's metadata: {@code tokenizer.chat_template} and, for named ones,
     * {@code tokenizer.chat_template.NAME}.
     */
    public static ChatTemplates fromGguf(Metadata metadata) {
        Map<String, String> sources = new TreeMap<>();
        for (String key : metadata.keys()) {
            if (key.equals(GGUF_KEY)) {
                metadata.string(key).ifPresent(text -> sources.put(DEFAULT, text));
            } else if (key.startsWith(GGUF_KEY + ".")) {
                String name = key.substring(GGUF_KEY.length() + 1);
                metadata.string(key).ifPresent(text -> sources.put(name, text));
            }
        }
        return new ChatTemplates(sources);
    }

    /**
     * From a Hugging Face folder: {@code chat_template} in {@code tokenizer_config.json} (a text, or a list of named
     * ones), {@code chat_template.json}, {@code chat_template.jinja} and {@code additional_chat_templates/NAME.jinja};
     * later ones win.
     *
     * @throws GlassException where a file is there but cannot be read
     */
    public static ChatTemplates fromFolder(Path folder) {
        Map<String, String> sources = new TreeMap<>();
        for (String file : List.of("tokenizer_config.json", "chat_template.json")) {
            Path config = folder.resolve(file);
            if (Files.exists(config) && Json.read(config) instanceof Json.ObjectValue object) {
                object.find("chat_template").ifPresent(template -> addJson(sources, template));
            }
        }
        try {
            Path single = folder.resolve("chat_template.jinja");
            if (Files.exists(single)) {
                sources.put(DEFAULT, read(single));
            }
            Path more = folder.resolve("additional_chat_templates");
            if (Files.isDirectory(more)) {
                List<Path> files = new ArrayList<>();
                try (DirectoryStream<Path> found = Files.newDirectoryStream(more, "*.jinja")) {
                    found.forEach(files::add);
                }
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    sources.put(name.substring(0, name.length() - ".jinja".length()), read(file));
                }
            }
        } catch (IOException e) {
            throw new GlassException("Cannot read the chat template in " + folder + ": " + e + ".", e);
        }
        return new ChatTemplates(sources);
    }

    private static void addJson(Map<String, String> sources, Json template) {
        if (template instanceof Json.StringValue string) {
            sources.put(DEFAULT, string.text());
        } else if (template instanceof Json.ArrayValue named) {
            for (Json one : named.elements()) {
                Json.ObjectValue object = one.asObject();
                sources.put(
                        object.get("name").asString(), object.get("template").asString());
            }
        }
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file.getFileName() + " is larger than " + LARGEST + " bytes");
        }
        return Files.readString(file);
    }

    /**
     * The template to use, or empty where the model has none; then {@link Prompt#plain} is what is left to do.
     *
     * @param tools whether the conversation has tools: then {@code tool_use} is taken if there is one
     * @throws GlassException where the source is no template
     */
    public Optional<ChatTemplate> choose(boolean tools) {
        Optional<String> source = Optional.ofNullable(sources.get(DEFAULT));
        if (tools && sources.containsKey(TOOL_USE) || source.isEmpty()) {
            source = Optional.ofNullable(sources.get(TOOL_USE))
                    .or(() -> sources.values().stream().findFirst());
        }
        return source.map(ChatTemplate::parse);
    }
}
