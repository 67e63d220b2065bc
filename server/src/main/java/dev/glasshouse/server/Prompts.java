package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.chat.ChatRequest;
import dev.glasshouse.chat.Message;
import dev.glasshouse.chat.Prompt;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.Json;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Messages and texts of requests, and what the model is to read for them. */
final class Prompts {
    /** Roles that the world sends and templates know; "developer" is OpenAI's new word for "system". */
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");

    private static final int MAX_MESSAGES = 10_000;

    private Prompts() {}

    /** The messages of a member. */
    static Optional<List<Message>> messages(Fields fields, String name) {
        return fields.array(name).map(list -> {
            if (list.isEmpty() || list.size() > MAX_MESSAGES) {
                throw ApiException.field(
                        name,
                        "\"" + name + "\" must have from 1 to " + MAX_MESSAGES + " messages, not " + list.size() + ".");
            }
            List<Message> messages = new ArrayList<>();
            for (Json each : list) {
                messages.add(message(Fields.of(each, name + "[" + messages.size() + "]")));
            }
            return messages;
        });
    }

    private static Message message(Fields fields) {
        String role = fields.needString("role");
        if (!ROLES.contains(role)) {
            throw fields.wrong("role", "system, developer, user or assistant", Json.of(role));
        }
        for (String refused : List.of("tool_calls", "function_call", "audio")) {
            if (fields.has(refused)) {
                throw fields.wrong(
                        refused,
                        "left out: this server calls no tools and hears no sound",
                        fields.value(refused).orElseThrow());
            }
        }
        Message message = Message.of(role.equals("developer") ? "system" : role, content(fields));
        Optional<String> reasoning = fields.string("reasoning_content");
        return reasoning.isPresent() ? message.withReasoning(reasoning.get()) : message;
    }

    private static String content(Fields fields) {
        Optional<Json> content = fields.value("content");
        if (content.isEmpty()) {
            throw fields.missing("content");
        }
        return switch (content.get()) {
            case Json.StringValue text -> text.text();
            case Json.ArrayValue parts -> {
                StringBuilder text = new StringBuilder();
                for (Json each : parts.elements()) {
                    if (!(each instanceof Json.ObjectValue part)
                            || !part.find("type")
                                    .filter(Json.of("text")::equals)
                                    .isPresent()
                            || !(part.find("text").orElse(Json.ofNull()) instanceof Json.StringValue string)) {
                        throw fields.wrong(
                                "content",
                                "a string or an array of {\"type\": \"text\", \"text\"}; nothing else is read",
                                each);
                    }
                    text.append(string.text());
                }
                yield text.toString();
            }
            default -> throw fields.wrong("content", "a string or an array of parts", content.get());
        };
    }

    /** What the model reads. */
    static Prompt render(Model model, List<Message> messages, Map<String, Json> variables, boolean thinking) {
        if (model.template().isEmpty()) {
            return Prompt.plain(messages);
        }
        ChatRequest request = Model.withTokens(
                ChatRequest.of(messages, LocalDateTime.now(ZoneId.systemDefault())), model.tokenizer());
        Map<String, Json> all = new LinkedHashMap<>(variables);
        all.putIfAbsent("enable_thinking", Json.of(thinking));
        for (Map.Entry<String, Json> variable : all.entrySet()) {
            request = request.withVariable(variable.getKey(), variable.getValue());
        }
        return model.template().get().render(request);
    }

    /** The ids of a plain text. */
    static int[] ids(Model model, String text) {
        return model.tokenizer().encode(List.of(TextPart.plain(text)), true);
    }

    /** The ids of a text that goes on from another: without what a vocabulary puts before the beginning of a text. */
    static int[] continuation(Model model, String text) {
        Tokenizer tokenizer = model.tokenizer();
        int[] ids = tokenizer.encode(text, false);
        if (tokenizer.bytes(tokenizer.encode("a", false)[0])[0] != ' ') {
            return ids;
        }
        // Such a vocabulary puts its space before the line end, which is a token of its own.
        int[] behind = tokenizer.encode("\n" + text, false);
        int start = 0;
        while (start < behind.length && !isLineEnd(tokenizer, behind[start])) {
            start++;
        }
        return start < behind.length ? Arrays.copyOfRange(behind, start + 1, behind.length) : ids;
    }

    private static boolean isLineEnd(Tokenizer tokenizer, int id) {
        byte[] bytes = tokenizer.bytes(id);
        return bytes.length == 1 && bytes[0] == '\n';
    }
}
