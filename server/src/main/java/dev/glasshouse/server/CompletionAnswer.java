package dev.glasshouse.server;

import dev.glasshouse.engine.Engine;
import dev.glasshouse.engine.Generation;
import dev.glasshouse.engine.Timings;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.Json;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The answer of a chat completion as JSON, whole or in chunks. */
final class CompletionAnswer {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String model;
    private final Tokenizer tokenizer;
    private final CompletionRequest asked;
    private final String id;
    private final long created = System.currentTimeMillis() / 1000;

    CompletionAnswer(String model, Tokenizer tokenizer, CompletionRequest asked) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.asked = asked;
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        id = "chatcmpl-" + HexFormat.of().formatHex(bytes);
    }

    /** What the same seed gives the same answer for. */
    static String fingerprint() {
        return "glasshouse-numerics-" + Engine.NUMERICS_VERSION;
    }

    private Json.ObjectBuilder head(String object) {
        return Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model)
                .put("system_fingerprint", fingerprint());
    }

    Json first() {
        return chunk(Json.object().put("role", "assistant").put("content", "").build(), List.of(), Json.ofNull());
    }

    Json chunk(Completion.Piece piece) {
        return chunk(
                Json.object()
                        .put(piece.reasoning() ? "reasoning_content" : "content", piece.text())
                        .build(),
                piece.logprobs(),
                Json.ofNull());
    }

    private Json chunk(Json delta, List<LogProbability> logprobs, Json finish) {
        Json choice = Json.object()
                .put("index", 0)
                .put("delta", delta)
                .put("logprobs", logprobs(logprobs))
                .put("finish_reason", finish)
                .build();
        Json.ObjectBuilder json = head("chat.completion.chunk").put("choices", List.of(choice));
        if (asked.usage()) {
            json.put("usage", Json.ofNull());
        }
        return json.build();
    }

    /** The end of a stream. */
    List<Json> last(Generation generation, boolean expired) {
        String finish = Completion.finish(generation.finish(), expired);
        List<Json> ends = new ArrayList<>();
        ends.add(chunk(Json.object().build(), List.of(), Json.of(finish)));
        if (asked.usage()) {
            ends.add(head("chat.completion.chunk")
                    .put("choices", List.of())
                    .put("usage", usage(generation.timings()))
                    .build());
        }
        return ends;
    }

    /** The whole answer. */
    Json whole(List<Completion.Piece> pieces, Generation generation, boolean expired) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<LogProbability> logprobs = new ArrayList<>();
        for (Completion.Piece piece : pieces) {
            (piece.reasoning() ? reasoning : text).append(piece.text());
            logprobs.addAll(piece.logprobs());
        }
        Json.ObjectBuilder message = Json.object()
                .put("role", "assistant")
                .put("content", text.toString())
                .put("refusal", Json.ofNull());
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        Json choice = Json.object()
                .put("index", 0)
                .put("message", message.build())
                .put("logprobs", logprobs(logprobs))
                .put("finish_reason", Completion.finish(generation.finish(), expired))
                .build();
        return head("chat.completion")
                .put("choices", List.of(choice))
                .put("usage", usage(generation.timings()))
                .build();
    }

    private Json logprobs(List<LogProbability> tokens) {
        if (asked.logprobs().isEmpty()) {
            return Json.ofNull();
        }
        List<Json> content = tokens.stream().map(each -> each.toJson(tokenizer)).toList();
        return Json.object()
                .put("content", content)
                .put("refusal", Json.ofNull())
                .build();
    }

    private static Json usage(Timings timings) {
        return Json.object()
                .put("prompt_tokens", timings.promptTokens())
                .put("completion_tokens", timings.generatedTokens())
                .put("total_tokens", timings.promptTokens() + timings.generatedTokens())
                .put(
                        "prompt_tokens_details",
                        Json.object()
                                .put("cached_tokens", timings.reusedTokens())
                                .build())
                .build();
    }
}
