package dev.glasshouse.server;

import dev.glasshouse.chat.Message;
import dev.glasshouse.weights.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request for a chat completion, as OpenAI's API has it, with all sampler settings of this house at the top level.
 * Members that are not known are passed over, as clients send many; known ones that cannot be honoured are refused.
 *
 * @param logprobs how many alternatives each token comes with; empty: no probabilities
 * @param variables variables for the chat template
 */
record CompletionRequest(
        Optional<String> model,
        List<Message> messages,
        Map<String, Object> settings,
        OptionalInt maxTokens,
        List<String> stops,
        boolean stream,
        boolean usage,
        OptionalInt logprobs,
        Map<String, Json> variables,
        boolean thinking) {
    private static final int MAX_STOPS = 64;

    static CompletionRequest of(Fields fields) {
        refuse(fields);
        List<Message> messages = Prompts.messages(fields, "messages").orElseThrow(() -> fields.missing("messages"));
        boolean logprobs = fields.bool("logprobs", false);
        OptionalInt top = fields.integer("top_logprobs", 0, 20);
        if (top.isPresent() && !logprobs) {
            throw ApiException.field("top_logprobs", "\"top_logprobs\" needs \"logprobs\": true.");
        }
        OptionalInt most = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalInt old = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        Map<String, Json> variables = new LinkedHashMap<>();
        fields.object("chat_template_kwargs")
                .ifPresent(kwargs -> variables.putAll(kwargs.json().members()));
        Optional<String> effort = fields.string("reasoning_effort");
        effort.ifPresent(word -> variables.putIfAbsent("reasoning_effort", Json.of(word)));
        return new CompletionRequest(
                fields.string("model"),
                messages,
                Settings.among(fields),
                most.isPresent() ? most : old,
                fields.strings("stop", MAX_STOPS),
                fields.bool("stream", false),
                fields.object("stream_options")
                        .map(options -> options.bool("include_usage", false))
                        .orElse(false),
                logprobs ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty(),
                variables,
                !effort.equals(Optional.of("none")));
    }

    /** What this server cannot do is refused, never left out in silence. */
    private static void refuse(Fields fields) {
        fields.integer("n", 1, Integer.MAX_VALUE).ifPresent(count -> {
            if (count != 1) {
                throw ApiException.field("n", "\"n\" must be 1: one answer a request.");
            }
        });
        for (String name : List.of("tools", "functions")) {
            if (fields.array(name).filter(list -> !list.isEmpty()).isPresent()) {
                throw ApiException.field(name, "\"" + name + "\" must be empty: this server calls no tools.");
            }
        }
        fields.value("tool_choice")
                .filter(choice -> !isText(choice, "none") && !isText(choice, "auto"))
                .ifPresent(choice -> {
                    throw ApiException.field(
                            "tool_choice", "\"tool_choice\" must be \"none\": this server calls no tools.");
                });
        fields.object("response_format").ifPresent(format -> {
            if (!format.string("type").equals(Optional.of("text"))) {
                throw ApiException.field(
                        "response_format",
                        "\"response_format\" must be {\"type\": \"text\"}: answers are not constrained.");
            }
        });
        fields.array("modalities").ifPresent(list -> {
            if (!list.stream().allMatch(each -> isText(each, "text"))) {
                throw ApiException.field("modalities", "\"modalities\" must be [\"text\"]: nothing else is written.");
            }
        });
        for (String name : List.of("audio", "web_search_options")) {
            if (fields.has(name)) {
                throw ApiException.field(name, "\"" + name + "\" must be left out: this server cannot do it.");
            }
        }
    }

    private static boolean isText(Json json, String text) {
        return json instanceof Json.StringValue string && string.text().equals(text);
    }
}
