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
import java.util.concurrent.locks.ReentrantLock;

/** Messages and texts of requests, and what the model is to read for them. */
final class Prompts {
    /** Roles that the world sends and templates know; "developer" is OpenAI's new word for "system". */
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");

    private static final int MAX_MESSAGES = 10_000;

    /**
     * Characters of a text, or of all messages: at most as many as a long context holds, and so that the heap has room to cut
     * them into tokens.
     */
    static final int MAX_TEXT = (int) Math.min(1 << 20, Runtime.getRuntime().maxMemory() / 4096);

    /** From here on texts are cut into tokens one at a time: that takes some hundred bytes of the heap for each character. */
    private static final int LONG_TEXT = 1 << 15;

    private static final ReentrantLock LONG = new ReentrantLock();

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
            long length = 0;
            for (Json each : list) {
                Message message = message(Fields.of(each, name + "[" + messages.size() + "]"));
                length += message.content().asString().length();
                messages.add(message);
            }
            checkLength(length);
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

    private static void checkLength(long length) {
        if (length > MAX_TEXT) {
            throw new ApiException(
                    ErrorCode.TOO_LARGE,
                    "The text has " + length + " characters, and at most " + MAX_TEXT + " are taken. Shorten it.");
        }
    }

    /** The ids of a text in parts. @throws ApiException if it is too long to be cut into tokens */
    static int[] encode(Model model, List<TextPart> parts, boolean ends) {
        long length = parts.stream().mapToLong(part -> part.text().length()).sum();
        checkLength(length);
        if (length <= LONG_TEXT) {
            return model.tokenizer().encode(parts, ends);
        }
        LONG.lock();
        try {
            return model.tokenizer().encode(parts, ends);
        } finally {
            LONG.unlock();
        }
    }

    /** The ids of a plain text. */
    static int[] ids(Model model, String text) {
        return encode(model, List.of(TextPart.plain(text)), true);
    }

    /** The ids of a text that goes on from another: without what a vocabulary puts before the beginning of a text. */
    static int[] continuation(Model model, String text) {
        Tokenizer tokenizer = model.tokenizer();
        int[] ids = encode(model, List.of(TextPart.plain(text)), false);
        if (tokenizer.bytes(tokenizer.encode("a", false)[0])[0] != ' ') {
            return ids;
        }
        // Such a vocabulary puts its space before the line end, which is a token of its own.
        int[] behind = encode(model, List.of(TextPart.plain("\n" + text)), false);
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
