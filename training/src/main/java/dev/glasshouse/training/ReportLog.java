package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The log of a training, sorted for drawing.
 *
 * @param steps one an update
 * @param validations losses on text that the weights never saw
 * @param samples texts that the model wrote on the way
 */
record ReportLog(List<Step> steps, List<Validation> validations, List<Sample> samples) {
    /** Steps whose median is the pace at one: evaluations and other work of the machine fall out. */
    private static final int PACE_STEPS = 9;

    /** One update: see the trainer's log. */
    record Step(long step, double loss, double norm, double rate, double tokens, double seconds) {}

    /** One evaluation: nats a token, and the same in bits a byte, which is free of the vocabulary. */
    record Validation(long step, double loss, OptionalDouble bitsPerByte) {}

    /** What the model wrote. */
    record Sample(long step, String prompt, String text) {}

    /**
     * Reads lines of JSON. A last line that was cut short is left out: a process may have ended while it wrote. Lines of other
     * kinds, and numbers that are none, are passed over.
     *
     * @throws GlassException for another line that is not a JSON object with a step
     */
    static ReportLog of(List<String> lines) {
        ReportLog log = new ReportLog(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < lines.size(); i++) {
            try {
                if (!lines.get(i).isBlank()) {
                    log.add(Json.parse(lines.get(i)).asObject());
                }
            } catch (GlassException e) {
                if (i == lines.size() - 1) {
                    break;
                }
                throw new GlassException("Line " + (i + 1) + " of the log: " + e.getMessage(), e);
            }
        }
        return log;
    }

    private void add(Json.ObjectValue line) {
        long step = line.get("step").asLong();
        OptionalDouble loss = line.number("loss");
        OptionalDouble validation = line.number("validation");
        if (loss.isPresent()) {
            steps.add(new Step(
                    step,
                    loss.getAsDouble(),
                    line.number("norm").orElse(0),
                    line.number("rate").orElse(0),
                    line.number("tokens").orElse(0),
                    line.number("seconds").orElse(0)));
        } else if (validation.isPresent()) {
            validations.add(new Validation(step, validation.getAsDouble(), line.number("bits_per_byte")));
        } else if (line.string("text").isPresent()) {
            samples.add(new Sample(
                    step, line.string("prompt").orElse(""), line.string("text").orElse("")));
        }
    }

    /** Tokens a second at each step. */
    double[] pace() {
        double[] each = new double[steps.size()];
        for (int i = 1; i < each.length; i++) {
            double seconds = steps.get(i).seconds() - steps.get(i - 1).seconds();
            each[i] = seconds > 0 ? (steps.get(i).tokens() - steps.get(i - 1).tokens()) / seconds : 0;
        }
        if (each.length > 1) {
            each[0] = each[1];
        }
        double[] pace = new double[each.length];
        for (int i = 0; i < pace.length; i++) {
            double[] near = Arrays.copyOfRange(
                    each, Math.max(0, i - PACE_STEPS / 2), Math.min(each.length, i + PACE_STEPS / 2 + 1));
            Arrays.sort(near);
            pace[i] = near[near.length / 2];
        }
        return pace;
    }
}
