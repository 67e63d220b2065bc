package dev.glasshouse.training;

import dev.glasshouse.weights.Json;
import java.util.Locale;
import java.util.Optional;

/**
 * Notices when a training goes wrong. It knows the running mean and spread of the loss (factor 0.95 a step); a loss is a
 * spike if it lies above the mean by more than {@code limit} nats and by more than eight times the spread, so that neither a
 * noisy small batch nor a slow drift counts.
 *
 * @param limit in nats; 0 for none
 * @param steps seen
 * @param mean of the loss
 * @param square mean of the squared distance from the mean
 */
record SpikeGuard(double limit, long steps, double mean, double square) {
    private static final double KEEP = 0.95;
    /** Steps until mean and spread mean something. */
    private static final int SETTLED = 20;

    static SpikeGuard start(double limit) {
        return new SpikeGuard(limit, 0, 0, 0);
    }

    /** What is wrong with the next loss; empty if nothing is. */
    Optional<String> judge(double loss) {
        if (!Double.isFinite(loss)) {
            return Optional.of("the loss is " + loss);
        }
        double above = loss - mean;
        if (limit > 0 && steps >= SETTLED && above > limit && above > 8 * StrictMath.sqrt(square)) {
            return Optional.of("the loss jumped from about " + short4(mean) + " to " + short4(loss));
        }
        return Optional.empty();
    }

    private static String short4(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    SpikeGuard after(double loss) {
        if (steps == 0) {
            return new SpikeGuard(limit, 1, loss, 0);
        }
        double away = loss - mean;
        return new SpikeGuard(limit, steps + 1, mean + (1 - KEEP) * away, KEEP * (square + (1 - KEEP) * away * away));
    }

    Json.ObjectValue toJson() {
        return Json.object()
                .put("steps", steps)
                .put("mean", mean)
                .put("square", square)
                .build();
    }

    static SpikeGuard parse(Json.ObjectValue json, double limit) {
        return new SpikeGuard(
                limit,
                json.get("steps").asLong(),
                json.get("mean").asDouble(),
                json.get("square").asDouble());
    }
}
