package dev.glasshouse.chat;

import dev.glasshouse.weights.Json;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a chat template renders.
 *
 * @param tools descriptions of functions, {@code {"type": "function", "function": {…}}}; empty for none
 * @param addGenerationPrompt whether the prompt ends with the beginning of the assistant's turn
 * @param variables more variables of the template, such as {@code enable_thinking}; they win over the standard ones
 * @param bosToken the text of the begin-of-sequence token, or empty
 * @param eosToken the text of the end-of-sequence token, or empty
 * @param now the time {@code strftime_now} tells: some prompts hold the date
 * @param mergeSystem whether a system message may be put before the first user message where the template knows no system
 *     role; otherwise such a template's refusal is an error
 */
public record ChatRequest(
        List<Message> messages,
        List<Json> tools,
        boolean addGenerationPrompt,
        Map<String, Json> variables,
        String bosToken,
        String eosToken,
        LocalDateTime now,
        boolean mergeSystem) {
    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    /** Messages alone: no tools, with generation prompt, without BOS and EOS texts, the system message merged if need be. */
    public static ChatRequest of(List<Message> messages, LocalDateTime now) {
        return new ChatRequest(messages, List.of(), true, Map.of(), "", "", now, true);
    }

    public ChatRequest withMessages(List<Message> others) {
        return new ChatRequest(others, tools, addGenerationPrompt, variables, bosToken, eosToken, now, mergeSystem);
    }

    public ChatRequest withTools(List<Json> others) {
        return new ChatRequest(messages, others, addGenerationPrompt, variables, bosToken, eosToken, now, mergeSystem);
    }

    public ChatRequest withGenerationPrompt(boolean add) {
        return new ChatRequest(messages, tools, add, variables, bosToken, eosToken, now, mergeSystem);
    }

    public ChatRequest withVariable(String name, Json value) {
        Map<String, Json> more = new LinkedHashMap<>(variables);
        more.put(name, value);
        return new ChatRequest(messages, tools, addGenerationPrompt, more, bosToken, eosToken, now, mergeSystem);
    }

    public ChatRequest withTokens(String bos, String eos) {
        return new ChatRequest(messages, tools, addGenerationPrompt, variables, bos, eos, now, mergeSystem);
    }

    public ChatRequest withMergeSystem(boolean merge) {
        return new ChatRequest(messages, tools, addGenerationPrompt, variables, bosToken, eosToken, now, merge);
    }
}
