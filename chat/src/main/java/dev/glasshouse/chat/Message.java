package dev.glasshouse.chat;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One message of a conversation, in the shape chat templates know from the OpenAI API.
 *
 * @param role {@code system}, {@code user}, {@code assistant}, {@code tool}, or another word the template knows
 * @param content a string; a list of content parts; or null
 * @param extra the other members as the template sees them: {@code reasoning_content}, {@code tool_calls},
 *     {@code tool_call_id}, {@code name}
 */
public record Message(String role, Json content, Map<String, Json> extra) {
    public Message {
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    public static Message of(String role, String content) {
        return new Message(role, Json.of(content), Map.of());
    }

    public static Message system(String content) {
        return of("system", content);
    }

    public static Message user(String content) {
        return of("user", content);
    }

    public static Message assistant(String content) {
        return of("assistant", content);
    }

    /** What a tool answered to the call of the given id. */
    public static Message toolResult(String callId, String content) {
        return of("tool", content).with("tool_call_id", Json.of(callId));
    }

    /** The same message with one member more. */
    public Message with(String key, Json value) {
        Map<String, Json> members = new LinkedHashMap<>(extra);
        members.put(key, value);
        return new Message(role, content, members);
    }

    /** What the model thought before it answered. */
    public Message withReasoning(String reasoning) {
        return with("reasoning_content", Json.of(reasoning));
    }

    public Message withToolCalls(List<? extends Json> calls) {
        return with("tool_calls", Json.of(calls));
    }

    public Optional<String> reasoning() {
        return Optional.ofNullable(extra.get("reasoning_content"))
                .filter(value -> value instanceof Json.StringValue)
                .map(Json::asString);
    }

    /** The content if it is a string; the text parts joined if it is a list of parts; else empty. */
    public String text() {
        return switch (content) {
            case Json.StringValue string -> string.text();
            case Json.ArrayValue parts -> {
                StringBuilder text = new StringBuilder();
                for (Json part : parts.elements()) {
                    if (part instanceof Json.ObjectValue object) {
                        text.append(object.string("text").orElse(""));
                    }
                }
                yield text.toString();
            }
            default -> "";
        };
    }

    /** @throws GlassException if the value is no object with a role */
    public static Message fromJson(Json json) {
        if (!(json instanceof Json.ObjectValue object)) {
            throw new GlassException("A message must be a JSON object, found " + json.kind() + ".");
        }
        String role = object.string("role")
                .orElseThrow(() -> new GlassException("A message has no \"role\"; give one such as \"user\"."));
        Map<String, Json> extra = new LinkedHashMap<>(object.members());
        extra.remove("role");
        extra.remove("content");
        return new Message(role, object.find("content").orElse(Json.ofNull()), extra);
    }

    public Json.ObjectValue toJson() {
        Json.ObjectBuilder object = Json.object().put("role", role).put("content", content);
        extra.forEach(object::put);
        return object.build();
    }
}
