package dev.glasshouse.network;

import java.util.Arrays;

/**
 * How long the parts of one forward pass took, for all rows of the batch together, in nanoseconds by
 * {@link System#nanoTime}. Each part begins where the one before ended, so together they are the whole pass; only what was
 * asked for beside it (residuals, attention weights) counts nowhere.
 *
 * @param embeddingNanos room in the caches, the embedding, the angles of the positions
 * @param attentionNanos for each layer: norm, queries, keys, values, the cache, attention, its output
 * @param mlpNanos for each layer: norm and MLP or experts; 0 where no row of the last layer was wanted
 * @param headNanos the final norm and the head
 */
public record PassTimes(long embeddingNanos, long[] attentionNanos, long[] mlpNanos, long headNanos) {
    /** The sum of all parts. */
    public long totalNanos() {
        return embeddingNanos
                + Arrays.stream(attentionNanos).sum()
                + Arrays.stream(mlpNanos).sum()
                + headNanos;
    }
}
