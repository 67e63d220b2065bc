package dev.glasshouse.training;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.List;
import java.util.Locale;

/**
 * A whole training but its data. Model, {@code length} to {@code seed} decide the weights; the rest says how to work and
 * what to look at, and never changes a bit of them.
 *
 * @param model the model
 * @param length tokens of a sample
 * @param batch samples of a step
 * @param steps optimiser updates
 * @param order which samples a step has
 * @param optimizer how weights follow from gradients
 * @param schedule how the rate moves
 * @param clip the largest norm of all gradients together; 0 for no bound
 * @param dropout the share of values dropped, from 0 to less than 1
 * @param seed of the first weights, the order of the data and dropout
 * @param microBatch samples computed together: as much memory as it takes
 * @param milestones hashes of weights and state at even distances, besides those of the first steps
 * @param evaluation the loss on the validation split
 * @param samples texts that the model writes while it learns
 * @param checkpoints what resume needs
 * @param film one prompt at several moments
 * @param spike how far, in nats, a step's loss may lie above the mean of the last ones before the run is stopped; 0 for any
 */
public record TrainingConfig(
        ModelPlan model,
        int length,
        int batch,
        long steps,
        Order order,
        OptimizerConfig optimizer,
        Schedule schedule,
        double clip,
        double dropout,
        long seed,
        int microBatch,
        int milestones,
        Evaluation evaluation,
        Samples samples,
        Checkpoints checkpoints,
        Film film,
        double spike) {

    /** Samples of a step. */
    public static final int MOST_SAMPLES = 1 << 20;

    /** Steps of a training. */
    public static final long MOST_STEPS = 1L << 40;

    /** Where samples begin. */
    public enum Order {
        /** Anywhere in the text. */
        WINDOWS,
        /** At documents, in an order of their own in each epoch; what follows a document follows in the sample. */
        DOCUMENTS;

        /** The name in configurations. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Validation.
     *
     * @param every steps between two; 0 for none but at the end
     * @param tokens of the validation split that are used, from its beginning; 0 for all
     */
    public record Evaluation(long every, long tokens) {}

    /**
     * Texts written during the training.
     *
     * @param every steps between two rounds; 0 for none
     * @param prompts what they begin with
     * @param tokens most tokens of one
     * @param temperature of sampling
     * @param seed of sampling
     */
    public record Samples(long every, List<String> prompts, int tokens, double temperature, long seed) {
        /** No texts. */
        public static final Samples NONE = new Samples(0, List.of(), 128, 0.8, 1);

        public Samples {
            prompts = List.copyOf(prompts);
        }
    }

    /**
     * Checkpoints.
     *
     * @param every steps between two; 0 for none but at the end
     * @param keep how many of the last ones stay, beside the one with the best validation loss
     */
    public record Checkpoints(long every, int keep) {}

    /**
     * The film strip: what the model answers to one prompt, as traces.
     *
     * @param moments pictures from the first weights to the last; 0 for no film
     * @param prompt what it shows
     * @param tokens most tokens of a picture
     */
    public record Film(int moments, String prompt, int tokens) {
        /** No film. */
        public static final Film NONE = new Film(0, "", 96);
    }

    /** @throws GlassException that says which number is impossible */
    public TrainingConfig {
        range("length", length, 1, model.context());
        range("batch", batch, 1, MOST_SAMPLES);
        range("steps", steps, 1, MOST_STEPS);
        range("micro_batch", microBatch, 1, MOST_SAMPLES);
        range("milestones", milestones, RecipeLock.LEAST_MILESTONES, 10_000);
        range("evaluation.every", evaluation.every, 0, Long.MAX_VALUE);
        range("evaluation.tokens", evaluation.tokens, 0, Long.MAX_VALUE);
        range("samples.every", samples.every, 0, Long.MAX_VALUE);
        range("samples.tokens", samples.tokens, 1, 1 << 20);
        range("checkpoints.every", checkpoints.every, 0, Long.MAX_VALUE);
        range("checkpoints.keep", checkpoints.keep, 1, 10_000);
        range("film.moments", film.moments, 0, 1000);
        range("film.tokens", film.tokens, 1, 1 << 20);
        number("clip", clip, 1e9);
        number("spike", spike, 1e9);
        number("samples.temperature", samples.temperature, 100);
        if (!(dropout >= 0 && dropout < 1)) {
            throw new GlassException("The dropout is " + dropout + "; it must be from 0 to less than 1.");
        }
        if (schedule.warmup() > steps || schedule.warmup() + schedule.decay() > steps) {
            throw new GlassException("The schedule has " + (schedule.warmup() + schedule.decay())
                    + " steps of warm-up and decay, the training only " + steps + ".");
        }
    }

    private static void range(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new GlassException("The training's " + name + " is " + value + "; it must be "
                    + (most == Long.MAX_VALUE ? "at least " + least : "from " + least + " to " + most) + ".");
        }
    }

    private static void number(String name, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new GlassException(
                    "The training's " + name + " is " + value + "; it must be from 0 to " + most + ".");
        }
    }

    /** A builder with defaults for everything but the model. */
    public static TrainingConfigBuilder builder(ModelPlan model) {
        return new TrainingConfigBuilder(model);
    }

    /** A builder with these values. */
    public TrainingConfigBuilder toBuilder() {
        return new TrainingConfigBuilder(this);
    }

    /** Tokens that a step learns from. */
    public long tokensPerStep() {
        return (long) length * batch;
    }

    /** The whole configuration, defaults written out. */
    public Json.ObjectValue toJson() {
        return ConfigJson.write(this);
    }

    /**
     * Reads what {@link #toJson} writes; what is missing, but for the model, has its default.
     *
     * @throws GlassException that names the key that is unknown, of the wrong kind or impossible
     */
    public static TrainingConfig parse(Json json) {
        return ConfigJson.read(json);
    }
}
