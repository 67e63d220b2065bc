package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;

/** Times a step before a training is begun. */
final class StepTimer {
    private static final int STEPS = 3;

    private StepTimer() {}

    /** Seconds a step, from the fastest of three; the weights they change are thrown away. */
    static double seconds(TrainingConfig config, DataFeed data, Kernels kernels) {
        double best = Double.POSITIVE_INFINITY;
        try (TrainingState state = new TrainingState(config, data, kernels)) {
            for (int step = 0; step < STEPS; step++) {
                long start = System.nanoTime();
                state.step(step);
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return best;
    }
}
