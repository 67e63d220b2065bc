package dev.glasshouse.training;

import dev.glasshouse.engine.KernelChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much to verify and with what.
 *
 * @param steps how many steps to repeat; empty: to the last
 * @param checkpoint the folder of a checkpoint to begin from; empty: from the first weights
 * @param data a data set's folder, or the texts that it was made of; empty: what the model's folder holds or its generator makes
 * @param threads threads that compute
 * @param kernels which kernels
 * @param microBatch samples computed together; 0 as the recipe says
 */
public record VerifyOptions(
        OptionalLong steps,
        Optional<Path> checkpoint,
        List<Path> data,
        int threads,
        KernelChoice kernels,
        int microBatch) {
    public VerifyOptions {
        data = List.copyOf(data);
    }

    /** Everything, on all processors. */
    public static VerifyOptions full() {
        return new VerifyOptions(
                OptionalLong.empty(),
                Optional.empty(),
                List.of(),
                Math.max(1, Runtime.getRuntime().availableProcessors()),
                KernelChoice.AUTO,
                0);
    }

    /** The first steps alone. */
    public VerifyOptions withSteps(long count) {
        return new VerifyOptions(OptionalLong.of(count), checkpoint, data, threads, kernels, microBatch);
    }

    /** From a checkpoint on. */
    public VerifyOptions from(Path folder) {
        return new VerifyOptions(steps, Optional.of(folder), data, threads, kernels, microBatch);
    }

    /** With data, or the texts it was made of. */
    public VerifyOptions withData(List<Path> paths) {
        return new VerifyOptions(steps, checkpoint, paths, threads, kernels, microBatch);
    }

    /** With so many threads. */
    public VerifyOptions withThreads(int count) {
        return new VerifyOptions(steps, checkpoint, data, count, kernels, microBatch);
    }

    /** With these kernels. */
    public VerifyOptions withKernels(KernelChoice choice) {
        return new VerifyOptions(steps, checkpoint, data, threads, choice, microBatch);
    }
}
