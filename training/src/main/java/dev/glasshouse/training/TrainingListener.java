package dev.glasshouse.training;

import java.nio.file.Path;

/** Hears of a training, on the thread that runs it. What it does cannot change the weights. */
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * How fast it goes.
     *
     * @param tokensPerSecond of the last steps
     * @param secondsLeft until the last step, at that pace
     */
    record Pace(double tokensPerSecond, double secondsLeft) {}

    /**
     * A session begins.
     *
     * @param config what is trained
     * @param step updates done before, 0 for a new run
     * @param kernels what computes, for people
     * @param threads how many
     */
    default void started(TrainingConfig config, long step, String kernels, int threads) {}

    /** A step is done. */
    default void step(TrainingLog.Step step, Pace pace) {}

    /** The validation split was read. */
    default void validation(TrainingLog.Validation validation) {}

    /** The model wrote a text. */
    default void sample(TrainingLog.Sample sample) {}

    /** A picture of the film strip was taken. */
    default void picture(TrainingLog.Picture picture) {}

    /** A milestone was hashed. */
    default void milestone(Milestone milestone) {}

    /** A checkpoint is on the disk. */
    default void checkpoint(long step, Path folder) {}

    /** Something that a person should know, such as a checkpoint that cannot be read. */
    default void note(String text) {}
}
