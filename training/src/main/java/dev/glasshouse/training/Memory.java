package dev.glasshouse.training;

import dev.glasshouse.engine.FreeMemory;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.weights.GlassException;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a training takes.
 *
 * @param parameters values that train
 * @param state bytes outside the heap for weights, gradients, and what the optimiser remembers and computes in
 * @param activations bytes outside the heap for a micro-batch
 * @param speaking bytes outside the heap for the engine that writes samples and the film
 * @param heap bytes of Java's heap, about
 */
record Memory(long parameters, long state, long activations, long speaking, long heap) {
    /** Left to everything else. */
    private static final long RESERVE = 128L << 20;

    static Memory of(TrainingConfig config) {
        long parameters = config.model().parameters().stream()
                .mapToLong(shape -> shape.count())
                .sum();
        int tokens = Math.toIntExact(config.tokensPerStep());
        int rows = Math.multiplyExact(config.length(), Math.min(config.microBatch(), config.batch()));
        long activations = TrainableDecoder.activationBytes(config.model(), rows, TrainingState.lossRows(config));
        long all = TrainingState.bytes(config);
        long heap = (32L << 20) + 24L * tokens;
        return new Memory(parameters, all - activations, activations, speaking(config, parameters), heap);
    }

    /** The weights once more, and a cache of all positions. */
    private static long speaking(TrainingConfig config, long parameters) {
        if (config.samples().every() == 0 && config.film().moments() == 0) {
            return 0;
        }
        ModelPlan model = config.model();
        return 4 * parameters + 8L * model.context() * model.layers() * model.kvHeads() * model.headSize();
    }

    long outside() {
        return state + activations + speaking;
    }

    /** @throws GlassException with all numbers if a training cannot fit */
    static Memory check(TrainingConfig config, OptionalLong limit) {
        Memory memory;
        try {
            memory = of(config);
        } catch (ArithmeticException e) {
            throw new GlassException(
                    config.batch() + " samples of " + config.length() + " tokens, " + config.microBatch()
                            + " at a time, are more than can be computed: choose a smaller batch or micro_batch.",
                    e);
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (memory.heap > heap) {
            throw new GlassException("The training needs about " + size(memory.heap) + " of Java's heap for batches of "
                    + config.tokensPerStep() + " tokens, and " + size(heap)
                    + " are allowed. Start with a larger -Xmx, or choose a smaller batch.");
        }
        OptionalLong free = limit.isPresent() ? limit : FreeMemory.bytes();
        long reserve = limit.isPresent() ? 0 : RESERVE;
        if (free.isPresent() && memory.outside() + reserve > free.getAsLong()) {
            throw new GlassException("The training does not fit into the memory: it needs " + size(memory.outside())
                    + " outside Java's heap (weights, gradients and optimiser " + size(memory.state)
                    + ", activations of "
                    + Math.min(config.microBatch(), config.batch()) + " samples " + size(memory.activations)
                    + (memory.speaking == 0 ? "" : ", samples and film " + size(memory.speaking))
                    + ") and about "
                    + size(memory.heap) + " of heap, and " + size(free.getAsLong())
                    + " are free. Choose a smaller micro_batch (it changes no weight), a shorter length or a smaller"
                    + " model.");
        }
        return memory;
    }

    static String size(long bytes) {
        return bytes >= 10L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30)
                : String.format(Locale.ROOT, "%,d MiB", (bytes + (1 << 20) - 1) >> 20);
    }
}
