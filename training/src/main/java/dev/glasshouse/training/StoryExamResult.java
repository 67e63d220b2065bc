package dev.glasshouse.training;

import dev.glasshouse.training.StoryExam.Share;
import dev.glasshouse.weights.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of an exam.
 *
 * @param documents held-out conversations that were read
 * @param bitsPerByte what the model needs for their text
 * @param entropy what the text holds, in the same unit; a model below it is a bug
 * @param questions answers that are right word by word, by kind of question
 * @param consistent stories of the model's own that the world could have told
 * @param fresh of these stories, those that are not in the training data
 * @param names names from outside that went through a story unharmed
 * @param failures some inconsistent stories, each with the place and what was expected there
 */
public record StoryExamResult(
        int documents,
        double bitsPerByte,
        double entropy,
        Map<String, Share> questions,
        Share consistent,
        Share fresh,
        Share names,
        List<String> failures) {
    private static final double MOST_OVER = 0.15;
    private static final double LEAST_RIGHT = 0.9;
    private static final double LEAST_CONSISTENT = 0.8;
    private static final double LEAST_FRESH = 0.99;
    private static final double LEAST_NAMES = 0.9;

    /** How far the loss is above the entropy, as a share of it. */
    public double over() {
        return bitsPerByte / entropy - 1;
    }

    /** Whether every goal of the built-in model is reached. */
    public boolean passed() {
        return over() >= 0
                && over() <= MOST_OVER
                && questions.values().stream().allMatch(share -> share.share() >= LEAST_RIGHT)
                && consistent.share() >= LEAST_CONSISTENT
                && fresh.share() >= LEAST_FRESH
                && names.share() >= LEAST_NAMES;
    }

    /** The result as JSON. */
    public Json.ObjectValue json() {
        Json.ObjectBuilder kinds = Json.object();
        questions.forEach((kind, share) -> kinds.put(kind, share(share)));
        return Json.object()
                .put("documents", documents)
                .put("bits_per_byte", bitsPerByte)
                .put("entropy_bits_per_byte", entropy)
                .put("over_entropy", over())
                .put("questions", kinds.build())
                .put("consistent", share(consistent))
                .put("new", share(fresh))
                .put("names", share(names))
                .put("passed", passed())
                .build();
    }

    private static Json share(Share share) {
        return Json.object()
                .put("right", share.right())
                .put("asked", share.asked())
                .build();
    }

    /** The result as lines of text, with the goals. */
    public List<String> lines() {
        List<String> lines = new java.util.ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "loss          %.4f bits per byte on %d held-out conversations; entropy %.4f; %.1f %% over (goal: at most 15)",
                bitsPerByte,
                documents,
                entropy,
                100 * over()));
        questions.forEach((kind, share) -> lines.add(line("question " + kind, share, LEAST_RIGHT)));
        lines.add(line("consistent", consistent, LEAST_CONSISTENT));
        lines.add(line("new", fresh, LEAST_FRESH));
        lines.add(line("names", names, LEAST_NAMES));
        lines.add(passed() ? "passed" : "not passed");
        return lines;
    }

    private static String line(String what, Share share, double goal) {
        return String.format(
                Locale.ROOT,
                "%-16s%d of %d, %.1f %% (goal: at least %.0f)",
                what,
                share.right(),
                share.asked(),
                100 * share.share(),
                100 * goal);
    }
}
