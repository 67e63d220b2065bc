package dev.glasshouse.training;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a session of training ended with.
 *
 * @param finished whether all steps are done; otherwise it was stopped, and can be resumed
 * @param step updates done
 * @param validation the last validation loss in nats a token
 * @param seconds of work, all sessions together
 * @param weights SHA-256 of the weights: names, shapes and values
 * @param folder of the run
 * @param model the folder of the exported model, once finished
 */
public record TrainingResult(
        boolean finished,
        long step,
        OptionalDouble validation,
        double seconds,
        String weights,
        Path folder,
        Optional<Path> model) {}
