package dev.glasshouse.engine;

import dev.glasshouse.weights.Json;

/**
 * Where the time went.
 *
 * @param promptTokens tokens of the prompt
 * @param reusedTokens of those, found in the cache
 * @param promptNanos time for reading the rest
 * @param generatedTokens tokens generated
 * @param generationNanos time for all of them
 * @param waitNanos time before, while other requests had their turn
 */
public record Timings(
        int promptTokens,
        int reusedTokens,
        long promptNanos,
        int generatedTokens,
        long generationNanos,
        long waitNanos) {
    /** As traces hold it. */
    public Json toJson() {
        return Json.object()
                .put("prompt_tokens", promptTokens)
                .put("reused_tokens", reusedTokens)
                .put("prompt_ns", promptNanos)
                .put("generated_tokens", generatedTokens)
                .put("generation_ns", generationNanos)
                .put("wait_ns", waitNanos)
                .build();
    }

    /** Prompt tokens computed in a second; 0 if none were. */
    public double promptRate() {
        return rate(promptTokens - reusedTokens, promptNanos);
    }

    /** Tokens generated in a second; 0 if none were. */
    public double generationRate() {
        return rate(generatedTokens, generationNanos);
    }

    private static double rate(int tokens, long nanos) {
        return nanos <= 0 ? 0 : tokens * 1e9 / nanos;
    }
}
