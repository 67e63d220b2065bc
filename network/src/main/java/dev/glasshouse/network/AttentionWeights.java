package dev.glasshouse.network;

/**
 * How much each position counted for one query head of one row: {@code softmax(capped(scale · q·k))} over the positions
 * that it saw in this layer, keys read as the cache stores them. The weights add up to 1 but for rounding; with the values
 * of the same positions they give the head's output.
 *
 * @param layer 0 for the first
 * @param row row of the batch, counted through its spans in order
 * @param head query head
 * @param from position in the sequence of the first weight
 * @param weights one for each position from … from + weights.length − 1; none above the row's own position unless the
 *     span sees both directions
 */
public record AttentionWeights(int layer, int row, int head, int from, float[] weights) {}
