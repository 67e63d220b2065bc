package dev.glasshouse.engine;

/**
 * How much one head looked at each position while it computed the last one.
 *
 * @param layer from 0
 * @param head from 0
 * @param kvHead the head of the cache that it shares with others
 * @param window positions that the layer sees, 0 for all
 * @param firstPosition the position that {@code weights[0]} belongs to
 * @param weights one a position, up to the last; their sum is 1
 */
public record AttentionRow(int layer, int head, int kvHead, int window, int firstPosition, float[] weights) {}
