package dev.glasshouse.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplatesTest {
    @Test
    void ofGgufMetadata() {
        ChatTemplates templates = ChatTemplates.fromGguf(Metadata.builder()
                .put("tokenizer.chat_template", "plain")
                .put("tokenizer.chat_template.tool_use", "tools")
                .put("tokenizer.ggml.model", "gpt2")
                .build());
        assertThat(templates.sources()).isEqualTo(Map.of("default", "plain", "tool_use", "tools"));
        assertThat(templates.choose(false).map(ChatTemplate::source)).contains("plain");
        assertThat(templates.choose(true).map(ChatTemplate::source)).contains("tools");
        assertThat(ChatTemplates.NONE.choose(false)).isEmpty();
    }

    @Test
    void ofFolder(@TempDir Path folder) throws IOException {
        assertThat(ChatTemplates.fromFolder(folder)).isEqualTo(ChatTemplates.NONE);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": \"a\"}");
        assertThat(ChatTemplates.fromFolder(folder).sources()).isEqualTo(Map.of("default", "a"));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"chat_template\": [{\"name\": \"default\", \"template\": \"b\"}, {\"name\": \"tool_use\", \"template\": \"t\"}]}");
        assertThat(ChatTemplates.fromFolder(folder).sources()).isEqualTo(Map.of("default", "b", "tool_use", "t"));
        Files.writeString(folder.resolve("chat_template.jinja"), "c");
        Files.createDirectories(folder.resolve("additional_chat_templates"));
        Files.writeString(folder.resolve("additional_chat_templates").resolve("rag.jinja"), "r");
        assertThat(ChatTemplates.fromFolder(folder).sources())
                .isEqualTo(Map.of("default", "c", "tool_use", "t", "rag", "r"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{");
        assertThatThrownBy(() -> ChatTemplates.fromFolder(folder))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("tokenizer_config.json");
    }
}
