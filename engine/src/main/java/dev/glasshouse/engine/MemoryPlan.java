package dev.glasshouse.engine;

import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.network.DecoderSpec;
import dev.glasshouse.network.Network;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFile;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What running a model takes, estimated before it is allocated.
 *
 * @param weights bytes of the weights
 * @param cache bytes of the caches of all sequences when they are full
 * @param scratch bytes for the rows that are computed at once
 * @param available bytes that may be used; empty where unknown
 * @param context positions a sequence can hold
 * @param trainedContext positions the model was trained for
 * @param cutToMemory whether the memory allowed less than the model
 */
public record MemoryPlan(
        long weights,
        long cache,
        long scratch,
        OptionalLong available,
        int context,
        int trainedContext,
        boolean cutToMemory) {
    /** Left to everything else: the heap, the system. */
    private static final long RESERVE = 256L << 20;

    /** More than any machine has, and few enough that sums do not overflow. */
    private static final long MOST = Long.MAX_VALUE / 8;

    /** A default context is at least this, or the model's own if that is less. */
    private static final int LEAST_CONTEXT = 512;

    /** Weights, caches and scratch together. */
    public long total() {
        return weights + cache + scratch;
    }

    /**
     * What running the model of an open file would take; its weights are not read.
     *
     * @throws GlassException with all numbers if it cannot fit
     */
    public static MemoryPlan of(ModelFile file, EngineOptions options) {
        return of(Network.describe(file), Network.packedBytes(file), options);
    }

    /**
     * Plans.
     *
     * @throws GlassException with all numbers if it cannot fit
     */
    static MemoryPlan of(DecoderSpec spec, long weights, EngineOptions options) {
        OptionalLong available = options.memory().isPresent() ? options.memory() : FreeMemory.bytes();
        long reserve = options.memory().isPresent() ? 0 : RESERVE;
        int trained = spec.context();
        long scratch = scratchBytes(spec, options.chunk());
        boolean fixed = options.context().isPresent();
        int context = options.context().orElse(trained);
        if (spec.learnedPositions() && context > trained) {
            throw new GlassException("This model has positions for " + trained + " tokens and cannot have a context of "
                    + context + ".");
        }
        MemoryPlan plan = plan(spec, weights, scratch, available, context, options, false);
        if (plan.total() + reserve <= available.orElse(Long.MAX_VALUE)) {
            return plan;
        }
        if (!fixed) {
            int most = largest(spec, available.orElseThrow() - reserve - weights - scratch, options);
            if (most >= Math.min(LEAST_CONTEXT, trained)) {
                return plan(spec, weights, scratch, available, most, options, true);
            }
            plan = plan(spec, weights, scratch, available, Math.min(LEAST_CONTEXT, trained), options, true);
        }
        throw new GlassException("The model does not fit into the memory: it needs " + mib(plan.total()) + " (weights "
                + mib(weights) + ", cache of " + plan.context() + " tokens "
                + mib(plan.cache()) + ", work space " + mib(scratch) + "), and " + mib(available.orElse(0))
                + " are free. Choose a smaller context, a smaller cache type, or a smaller model.");
    }

    private static MemoryPlan plan(
            DecoderSpec spec,
            long weights,
            long scratch,
            OptionalLong available,
            int context,
            EngineOptions options,
            boolean cut) {
        long cache = cacheBytes(spec, context, options);
        return new MemoryPlan(weights, cache, scratch, available, context, spec.context(), cut);
    }

    private static long cacheBytes(DecoderSpec spec, int context, EngineOptions options) {
        long one = Network.kvBytes(spec, context, options.kv());
        return one > MOST / options.sequences() ? MOST : one * options.sequences();
    }

    /** The longest context, in whole blocks, whose caches take at most so many bytes. */
    private static int largest(DecoderSpec spec, long bytes, EngineOptions options) {
        int low = 0;
        int high = spec.context() / KvLayout.BLOCK;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (cacheBytes(spec, middle * KvLayout.BLOCK, options) <= bytes) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low * KvLayout.BLOCK;
    }

    /** Rows of the residual and of all projections, in F32 and once more as prepared inputs. */
    private static long scratchBytes(DecoderSpec spec, int chunk) {
        DecoderSpec.Heads heads = spec.attention();
        long used = spec.mlp().experts().map(DecoderSpec.Experts::used).orElse(1);
        long row = 4L * spec.width()
                + 2L * heads.size() * (heads.count() + heads.kvCount())
                + 3L * spec.mlp().width() * used;
        return 8L * row * chunk + 4L * spec.vocabulary() * Scorer.rows(spec.vocabulary(), chunk);
    }

    private static String mib(long bytes) {
        return bytes >= 10L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30)
                : String.format(Locale.ROOT, "%,d MiB", (bytes + (1 << 20) - 1) >> 20);
    }
}
