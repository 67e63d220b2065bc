package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.CausalAttention;
import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.Lanes;
import java.util.Arrays;

/**
 * Causal attention of one key head of a sample, its query heads one after the other, in tiles of queries: lanes are
 * queries, so that largest scores, sums and merges need nothing across lanes. One thread's, with its working memory.
 */
final class CausalForward {
    private static final int BLOCK = KvLayout.BLOCK;
    private static final int TILE = CausalKernels.TILE;

    private final float[] s = new float[BLOCK * TILE];
    private final float[] work = new float[Lanes.COUNT * TILE];
    private final float[] max = new float[TILE];
    private final float[] sum = new float[TILE];
    private final float[] partMax = new float[TILE];
    private final float[] partSum = new float[TILE];
    private final float[] old = new float[TILE];
    private final float[] fresh = new float[TILE];
    private float[] k = new float[0];
    private float[] v = new float[0];
    private float[] rows = new float[0];
    private float[] q = new float[0];
    private float[] state = new float[0];
    private float[] part = new float[0];

    /** Tiles {@code from … to−1} of the queries. */
    void attend(CausalAttention a, int sample, int kvHead, int from, int to) {
        int size = a.headSize();
        int keys = Math.min(a.length(), to * TILE);
        k = CausalRows.room(k, keys * size);
        v = CausalRows.room(v, keys * size);
        rows = CausalRows.room(rows, TILE * size);
        q = CausalRows.room(q, TILE * size);
        state = CausalRows.room(state, TILE * size);
        part = CausalRows.room(part, TILE * size);
        int first = sample * a.length();
        CausalRows.load(a.k(), first, keys, kvHead * size, size, k, size);
        CausalRows.load(a.v(), first, keys, kvHead * size, size, v, size);
        int group = a.heads() / a.kvHeads();
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
            for (int tile = from; tile < to; tile++) {
                int start = tile * TILE;
                int count = Math.min(TILE, a.length() - start);
                CausalRows.load(a.q(), first + start, count, head * size, size, rows, size);
                CausalRows.transpose(rows, 0, size, count, size, q, 0);
                for (int block = 0; block < start + count; block += BLOCK) {
                    block(block, start, Math.min(BLOCK, start + count - block), size, a.scale());
                }
                CausalMaths.divide(state, sum, size);
                CausalRows.transposeBack(state, 0, count, size, rows, 0, size);
                CausalRows.store(rows, 0, size, 1, a.out(), first + start, count, head * size, size);
                for (int i = 0; i < count; i++) {
                    a.statistics().set(first + start + i, 2 * head, max[i]);
                    a.statistics().set(first + start + i, 2 * head + 1, sum[i]);
                }
            }
        }
    }

    /** Keys block … block+keys−1 for the queries from start on. */
    private void block(int block, int start, int keys, int size, float scale) {
        int seen = Math.min(keys, start + 1 - block);
        CausalKernels.scores(q, 0, k, block * size, size, keys, s);
        float[] maxima = block == 0 ? max : partMax;
        float[] sums = block == 0 ? sum : partSum;
        float[] values = block == 0 ? state : part;
        CausalMaths.largest(s, seen, keys, scale, maxima);
        for (int lane = 0; lane < TILE; lane += Width.LANES) {
            CausalMaths.weights(s, lane, keys, scale, maxima);
            CausalMaths.hide(s, lane, seen, keys);
        }
        Arrays.fill(s, keys * TILE, BLOCK * TILE, 0);
        for (int lane = 0; lane < TILE; lane += Width.LANES) {
            CausalMaths.sums(s, lane, work, sums);
        }
        Arrays.fill(values, 0, size * TILE, 0);
        CausalKernels.addToColumns(values, 0, v, block * size, size, s, 0, seen);
        if (seen < keys) {
            CausalKernels.addToSomeColumns(values, v, (block + seen) * size, size, s, seen * TILE, keys - seen + 1);
        }
        if (block > 0) {
            CausalMaths.factors(max, sum, partMax, partSum, old, fresh);
            CausalMaths.merge(old, fresh, state, part, size);
        }
    }
}
