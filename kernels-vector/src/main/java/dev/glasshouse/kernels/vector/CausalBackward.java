package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.CausalAttention;
import dev.glasshouse.kernels.Lanes;
import dev.glasshouse.kernels.Matrix;
import java.util.Arrays;

/**
 * Gradients of causal attention of one key head of a sample: tiles of keys × chunks of queries, so that lanes are keys
 * in all products but that for dq. One thread's, with its working memory.
 */
final class CausalBackward {
    private static final int TILE = CausalKernels.TILE;
    /** Queries at a time: the weights of a chunk and their gradients are 16 KiB at the most. */
    private static final int CHUNK = 64;
    /** Side of the definition's squares. */
    private static final int SQUARE = 32;

    private final float[] s = new float[CHUNK * TILE];
    private final float[] ds = new float[CHUNK * TILE];
    private final float[] lanes = new float[Lanes.COUNT];
    private float[] rows = new float[0];
    private float[] k = new float[0];
    private float[] kTiles = new float[0];
    private float[] vTiles = new float[0];
    private float[] dkTiles = new float[0];
    private float[] dvTiles = new float[0];
    private float[] q = new float[0];
    private float[] dOut = new float[0];
    private float[] dq = new float[0];
    private float[] facts = new float[0];

    /** What the gradients go to. */
    record Gradients(Matrix dOut, Matrix dq, Matrix dk, Matrix dv) {}

    /** All three gradients. */
    void all(CausalAttention a, Gradients g, int sample, int kvHead) {
        run(a, g, sample, kvHead, 0, a.length(), 0, a.length(), true, true);
    }

    /** dk and dv of keys from … to−1, from a multiple of {@link #SQUARE}. */
    void keys(CausalAttention a, Gradients g, int sample, int kvHead, int from, int to) {
        run(a, g, sample, kvHead, from, to, 0, a.length(), true, false);
    }

    /** dq of rows from … to−1, from a multiple of {@link #SQUARE}. */
    void queries(CausalAttention a, Gradients g, int sample, int kvHead, int from, int to) {
        int keys = Math.min(a.length(), (to + SQUARE - 1) / SQUARE * SQUARE);
        run(a, g, sample, kvHead, 0, keys, from, to, false, true);
    }

    private void run(
            CausalAttention a,
            Gradients g,
            int sample,
            int kvHead,
            int keysFrom,
            int keysTo,
            int rowsFrom,
            int rowsTo,
            boolean forKeys,
            boolean forQueries) {
        int size = a.headSize();
        int first = sample * a.length();
        int group = a.heads() / a.kvHeads();
        openKeys(a, first, kvHead * size, keysTo);
        int start = Math.max(rowsFrom, keysFrom / SQUARE * SQUARE);
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
            openQueries(a, g, first, head, start, rowsTo);
            for (int key = keysFrom; key < keysTo; key += TILE) {
                int keys = Math.min(TILE, keysTo - key);
                for (int row = Math.max(start, key / SQUARE * SQUARE); row < rowsTo; row += CHUNK) {
                    chunk(size, key, keys, row, Math.min(CHUNK, rowsTo - row), a.scale(), forKeys, forQueries);
                }
            }
            if (forQueries) {
                int stride = CausalRowKernels.stride(size);
                CausalRows.store(
                        dq, start * stride, stride, a.scale(), g.dq, first + start, rowsTo - start, head * size, size);
            }
        }
        if (forKeys) {
            close(dkTiles, a.scale(), g.dk, first, kvHead * size, size, keysFrom, keysTo);
            close(dvTiles, 1, g.dv, first, kvHead * size, size, keysFrom, keysTo);
        }
    }

    private void openKeys(CausalAttention a, int first, int col, int keys) {
        int size = a.headSize();
        int stride = CausalRowKernels.stride(size);
        int padded = (keys + TILE - 1) / TILE * TILE;
        k = CausalRows.room(k, padded * stride);
        rows = CausalRows.room(rows, padded * size);
        kTiles = CausalRows.room(kTiles, padded * size);
        vTiles = CausalRows.room(vTiles, padded * size);
        dkTiles = CausalRows.room(dkTiles, padded * size);
        dvTiles = CausalRows.room(dvTiles, padded * size);
        Arrays.fill(dkTiles, 0, padded * size, 0);
        Arrays.fill(dvTiles, 0, padded * size, 0);
        CausalRows.load(a.k(), first, keys, col, size, k, stride);
        CausalRows.load(a.v(), first, keys, col, size, rows, size);
        for (int key = 0; key < keys; key += TILE) {
            int count = Math.min(TILE, keys - key);
            CausalRows.transpose(k, key * stride, stride, count, size, kTiles, key * size);
            CausalRows.transpose(rows, key * size, size, count, size, vTiles, key * size);
        }
    }

    /** Rows from … to−1 of a head go to the places of their number. */
    private void openQueries(CausalAttention a, Gradients g, int first, int head, int from, int to) {
        int size = a.headSize();
        int stride = CausalRowKernels.stride(size);
        q = CausalRows.room(q, to * size);
        dOut = CausalRows.room(dOut, to * size);
        dq = CausalRows.room(dq, (to + CausalRowKernels.ROWS) * stride);
        rows = CausalRows.room(rows, to * size);
        facts = CausalRows.room(facts, 3 * to);
        CausalRows.load(a.q(), first, to, head * size, size, q, size);
        CausalRows.load(g.dOut, first, to, head * size, size, dOut, size);
        Arrays.fill(dq, from * stride, to * stride, 0);
        facts(a, first, head, from, to);
    }

    private void facts(CausalAttention a, int first, int head, int from, int to) {
        int size = a.headSize();
        CausalRows.load(a.out(), first + from, to - from, head * size, size, rows, size);
        for (int i = from; i < to; i++) {
            facts[3 * i] = a.statistics().get(first + i, 2 * head);
            facts[3 * i + 1] = 1 / a.statistics().get(first + i, 2 * head + 1);
            facts[3 * i + 2] = CausalMaths.dot(dOut, i * size, rows, (i - from) * size, size, lanes);
        }
    }

    private void chunk(
            int size, int key, int keys, int row, int count, float scale, boolean forKeys, boolean forQueries) {
        CausalKernels.scores(kTiles, key * size, q, row * size, size, count, s);
        CausalKernels.scores(vTiles, key * size, dOut, row * size, size, count, ds);
        for (int lane = 0; lane < TILE; lane += Width.LANES) {
            CausalMaths.gradients(s, ds, lane, count, scale, facts, row);
            int hidden = Math.min(count, key + TILE - 1 - row);
            if (hidden > 0) {
                CausalMaths.hideLanes(s, lane, hidden, row - key);
                CausalMaths.hideLanes(ds, lane, hidden, row - key);
            }
        }
        if (forKeys) {
            CausalKernels.addToColumns(dvTiles, key * size, dOut, row * size, size, s, 0, count);
            CausalKernels.addToColumns(dkTiles, key * size, q, row * size, size, ds, 0, count);
        }
        if (forQueries) {
            int stride = CausalRowKernels.stride(size);
            int together = CausalRowKernels.ROWS;
            int rounded = (count + together - 1) / together * together;
            CausalRowKernels.addToRows(dq, row * stride, stride, ds, k, key * stride, keys, rounded);
        }
    }

    private void close(float[] tiles, float scale, Matrix x, int first, int col, int size, int from, int to) {
        for (int key = from; key < to; key += TILE) {
            int count = Math.min(TILE, to - key);
            CausalRows.transposeBack(tiles, key * size, count, size, rows, 0, size);
            CausalRows.store(rows, 0, size, scale, x, first + key, count, col, size);
        }
    }
}
