package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

/** Times steps before a training is begun. */
final class StepTimer {
    private static final int STEPS = 3;
    /** Small models go on: the first steps of a program are slow, since they are not compiled yet. */
    private static final double SETTLED = 2;

    private static final int MOST = 200;
    /** But no more than this share of the steps that the time is for. */
    private static final int SHARE = 10;

    private StepTimer() {}

    /** Seconds a step on tokens that mean nothing: a step takes as long with any. */
    static double seconds(TrainingConfig config, Kernels kernels) {
        SplittableRandom random = new SplittableRandom(config.seed());
        int tokens = Math.toIntExact(config.tokensPerStep());
        int vocabulary = config.model().vocabulary();
        TokenBatch batch = new TokenBatch(
                config.length(),
                random.ints(tokens, 0, vocabulary).toArray(),
                random.ints(tokens, 0, vocabulary).toArray(),
                new long[config.batch()]);
        return seconds(config, step -> batch, kernels);
    }

    /** Seconds a step, from the fastest of at least three; the weights they change are thrown away. */
    static double seconds(TrainingConfig config, LongFunction<TokenBatch> batches, Kernels kernels) {
        double best = Double.POSITIVE_INFINITY;
        long begin = System.nanoTime();
        long most = Math.clamp(config.steps() / SHARE, STEPS, MOST);
        try (TrainingState state = new TrainingState(config, kernels)) {
            for (int step = 0; step < STEPS || (step < most && System.nanoTime() - begin < SETTLED * 1e9); step++) {
                long start = System.nanoTime();
                state.step(step, batches.apply(step));
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return best;
    }
}
