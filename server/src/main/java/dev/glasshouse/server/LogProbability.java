package dev.glasshouse.server;

import dev.glasshouse.engine.TokenEvent;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * How likely a token was before any sampler stage, and what else was.
 *
 * @param id the token
 * @param value natural logarithm of its probability
 * @param top the likeliest candidates
 */
record LogProbability(int id, double value, List<Candidate> top) {
    /** The least logarithm that is told, as OpenAI does: JSON has no −∞. */
    private static final double LEAST = -9999.0;

    static LogProbability of(TokenEvent event, int top) {
        return new LogProbability(event.id(), event.logProbability(), top == 0 ? List.of() : event.candidates(top));
    }

    /** As OpenAI has it, with the id beside. */
    Json toJson(Tokenizer tokenizer) {
        List<Json> others = new ArrayList<>();
        for (Candidate candidate : top) {
            double log = candidate.probability() > 0 ? StrictMath.log(candidate.probability()) : LEAST;
            others.add(token(tokenizer, candidate.id(), log).build());
        }
        return token(tokenizer, id, value).put("top_logprobs", others).build();
    }

    private static Json.ObjectBuilder token(Tokenizer tokenizer, int id, double value) {
        boolean known = id < tokenizer.size();
        byte[] bytes = known ? tokenizer.bytes(id) : new byte[0];
        List<Json> numbers = new ArrayList<>();
        for (byte each : bytes) {
            numbers.add(Json.of(each & 0xff));
        }
        return Json.object()
                .put("token", new String(bytes, StandardCharsets.UTF_8))
                .put("logprob", Double.isFinite(value) ? Math.max(LEAST, value) : LEAST)
                .put("bytes", numbers)
                .put("id", id);
    }
}
