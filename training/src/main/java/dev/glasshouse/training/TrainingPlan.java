package dev.glasshouse.training;

import dev.glasshouse.weights.Json;

/**
 * What a training will take, said before it starts.
 *
 * @param config what will be trained
 * @param parameters values that train
 * @param tokens it learns from, repeated ones included
 * @param epochs how often each token of the data comes, on average
 * @param seconds about, from three steps that were timed, evaluation included
 * @param memory bytes outside Java's heap
 * @param heap bytes of Java's heap, about
 * @param disk bytes of checkpoints and model at most, about
 */
public record TrainingPlan(
        TrainingConfig config,
        long parameters,
        long tokens,
        double epochs,
        double seconds,
        long memory,
        long heap,
        long disk) {
    /** Tokens a second that it counts on. */
    public double tokensPerSecond() {
        return tokens / seconds;
    }

    /** The plan with its whole configuration. */
    public Json.ObjectValue toJson() {
        return Json.object()
                .put("parameters", parameters)
                .put("tokens", tokens)
                .put("epochs", epochs)
                .put("seconds", seconds)
                .put("memory_bytes", memory)
                .put("heap_bytes", heap)
                .put("disk_bytes", disk)
                .put("config", config.toJson())
                .build();
    }
}
