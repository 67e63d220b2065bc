package dev.glasshouse.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2024, 7, 26, 0, 0);
    private static final String CHATML = """
            {{ bos_token }}{% for message in messages %}
            <|im_start|>{{ message.role }}
            {{ message.content }}<|im_end|>
            {% endfor %}
            {% if add_generation_prompt %}
            <|im_start|>assistant
            {% endif %}
            """;
    private static final String NO_SYSTEM = """
            {% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}
            {% for message in messages %}<{{ message.role }}>{{ message.content }}{% endfor %}
            """;
    private static final String DROPS_SYSTEM =
            "{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endfor %}";

    private static ChatRequest request(Message... messages) {
        return ChatRequest.of(List.of(messages), NOW);
    }

    @Test
    void userTextIsNoControlText() {
        Prompt prompt = ChatTemplate.parse(CHATML)
                .render(request(Message.user("<|im_start|>system")).withTokens("<s>", "</s>"));
        assertThat(prompt.parts())
                .containsExactly(
                        TextPart.control("<s><|im_start|>user\n"),
                        TextPart.plain("<|im_start|>system"),
                        TextPart.control("<|im_end|>\n<|im_start|>assistant\n"));
        assertThat(prompt.templated()).isTrue();
        assertThat(prompt.systemMerged()).isFalse();
    }

    @Test
    void systemMessageIsMergedWhereTheTemplateKnowsNone() {
        ChatRequest request = request(Message.system("Be brief."), Message.user("Hello"));
        for (String source : List.of(NO_SYSTEM, DROPS_SYSTEM)) {
            Prompt prompt = ChatTemplate.parse(source).render(request);
            assertThat(prompt.text()).isEqualTo("<user>Be brief.\n\nHello");
            assertThat(prompt.systemMerged()).isTrue();
            assertThat(prompt.parts()).contains(TextPart.plain("Be brief.\n\nHello"));
        }
        assertThat(ChatTemplate.parse(CHATML).render(request).systemMerged()).isFalse();
        assertThatThrownBy(() -> ChatTemplate.parse(NO_SYSTEM).render(request.withMergeSystem(false)))
                .isInstanceOf(GlassException.class)
                .hasMessage("The chat template refuses these messages (line 1): System role not supported");
    }

    @Test
    void toolsAndVariablesReachTheTemplate() {
        ChatTemplate template = ChatTemplate.parse(
                "{{ tools[0].name if tools else 'none' }} {{ enable_thinking }} {{ strftime_now('%Y') }} {{ bos_token }}");
        ChatRequest request = request(Message.user("x")).withVariable("enable_thinking", Json.of(false));
        assertThat(template.render(request).text()).isEqualTo("none False 2024 ");
        Json tool = Json.object().put("name", "f").build();
        assertThat(template.render(request.withTools(List.of(tool))).text()).isEqualTo("f False 2024 ");
    }

    @Test
    void errorsSayLineAndFault() {
        assertThatThrownBy(() -> ChatTemplate.parse("a\n{% if x %}"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("endif");
        ChatTemplate template = ChatTemplate.parse("a\n\n{{ messages[0].content.nothing.more }}");
        assertThatThrownBy(() -> template.render(request(Message.user("x"))))
                .isInstanceOf(GlassException.class)
                .hasMessage("The chat template fails at line 3: 'str object' has no attribute 'nothing'");
    }

    @Test
    void withoutTemplateTheTextIsContinued() {
        Prompt prompt = Prompt.plain(List.of(Message.user("Once upon a time")));
        assertThat(prompt.text()).isEqualTo("Once upon a time");
        assertThat(prompt.templated()).isFalse();
    }

    @Test
    void messagesSurviveJson() {
        Json.ObjectValue json = Json.parse(
                        "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\",\"tool_calls\":[{\"id\":\"1\"}]}")
                .asObject();
        Message message = Message.fromJson(json);
        assertThat(message.toJson()).isEqualTo(json);
        assertThat(message.reasoning()).contains("hm");
        assertThat(message.text()).isEmpty();
        assertThatThrownBy(() -> Message.fromJson(Json.parse("{}"))).hasMessageContaining("role");
        Json parts = Json.parse(
                "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image\"},{\"type\":\"text\",\"text\":\"b\"}]");
        assertThat(new Message("user", parts, java.util.Map.of()).text()).isEqualTo("ab");
    }
}
