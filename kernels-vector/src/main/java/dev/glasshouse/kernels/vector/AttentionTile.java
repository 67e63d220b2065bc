package dev.glasshouse.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.Attention;
import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.Lanes;
import dev.glasshouse.kernels.Shapes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a sequence and all query heads of one key head: they read the same keys and values, which are turned into
 * floats once for all. Query i is head i mod group of row i / group. One thread's, with its working memory, used again and
 * again.
 */
final class AttentionTile {
    private static final int BLOCK = KvLayout.BLOCK;
    private static final int STEP = AttentionKernels.STEP;

    private final float[] lanes = new float[Lanes.COUNT];
    private final float[] weights = new float[2 * BLOCK];
    private final float[] work = new float[BLOCK];
    private final AttentionParts parts = new AttentionParts();
    private final AttentionParts state = new AttentionParts();
    private float[] queries = new float[0];
    private float[] keys = new float[0];
    private float[] values = new float[0];
    private int stride;
    private int group;
    private int kvHead;
    private int firstRow;
    private int rows;
    private Attention.@Nullable Span span;

    /** Takes up rows first … first+count−1 of a span. */
    void open(Attention attention, Attention.Span span, int kvHead, int first, int count) {
        KvLayout layout = attention.layout();
        int size = layout.headSize();
        this.span = span;
        this.kvHead = kvHead;
        firstRow = first;
        rows = count;
        group = attention.heads() / layout.kvHeads();
        stride = VectorMaths.padded(size);
        if (queries.length < count * group * size) {
            queries = new float[count * group * size];
        }
        if (keys.length < size * BLOCK) {
            keys = new float[size * BLOCK];
        }
        if (values.length < stride * BLOCK) {
            values = new float[stride * BLOCK];
        }
        for (int row = 0; row < count; row++) {
            long at = 4L * (span.firstRow() + first + row) * attention.q().cols() + 4L * kvHead * group * size;
            MemorySegment.copy(attention.q().data(), JAVA_FLOAT, at, queries, row * group * size, group * size);
        }
    }

    /** Everything from the first block seen to the output. */
    void attend(Attention attention, int firstBlock, int endBlock) {
        int count = rows * group;
        state.clear(count, stride);
        for (int block = firstBlock; block < endBlock; block++) {
            parts.clear(count, stride);
            block(attention, block, parts, 0);
            for (int query = 0; query < count; query++) {
                state.merge(query, parts, query);
            }
        }
        write(attention);
    }

    /** Merges parts that were made before, block by block, each with the tile's queries in order, and writes. */
    void merge(Attention attention, AttentionParts made, int first, int blocks) {
        int count = rows * group;
        state.clear(count, stride);
        for (int block = 0; block < blocks; block++) {
            for (int query = 0; query < count; query++) {
                state.merge(query, made, first + block * count + query);
            }
        }
        write(attention);
    }

    private void write(Attention attention) {
        int size = attention.layout().headSize();
        Attention.Span rowsOf = opened();
        for (int query = 0; query < rows * group; query++) {
            state.finish(query);
            int row = rowsOf.firstRow() + firstRow + query / group;
            long at = (long) row * attention.out().cols() + ((long) kvHead * group + query % group) * size;
            MemorySegment.copy(state.values(), query * stride, attention.out().data(), JAVA_FLOAT, 4 * at, size);
        }
    }

    private Attention.Span opened() {
        if (span == null) {
            throw new IllegalStateException("no tile is open");
        }
        return span;
    }

    /** What a block gives: query i's part goes to {@code into} at {@code first + i}, if it sees any of the block. */
    void block(Attention attention, int block, AttentionParts into, int first) {
        Attention.Span seen = opened();
        int start = block * BLOCK;
        int seenFrom = BLOCK;
        int seenTo = 0;
        for (int row = firstRow; row < firstRow + rows; row++) {
            int from = Math.max(seen.from()[row] - start, 0);
            int to = Math.min(seen.to()[row] - start, BLOCK);
            if (from < to) {
                seenFrom = Math.min(seenFrom, from);
                seenTo = Math.max(seenTo, to);
            }
        }
        if (seenFrom >= seenTo) {
            return;
        }
        KvLayout layout = attention.layout();
        MemorySegment bytes = Shapes.block(layout, seen.blocks().get(block));
        KvReader.keys(layout, bytes, kvHead, keys, work);
        KvReader.values(layout, bytes, kvHead, seenFrom, seenTo, values, stride);
        int count = rows * group;
        int query = 0;
        while (query < count) {
            int row = firstRow + query / group;
            int from = Math.max(seen.from()[row] - start, 0);
            int to = Math.min(seen.to()[row] - start, BLOCK);
            int together = 1;
            if (query + 1 < count) {
                int next = firstRow + (query + 1) / group;
                boolean same = Math.max(seen.from()[next] - start, 0) == from
                        && Math.min(seen.to()[next] - start, BLOCK) == to;
                together = same ? 2 : 1;
            }
            if (from < to) {
                score(attention, query, together, from, to);
                for (int i = 0; i < together; i++) {
                    weigh(attention, i * BLOCK, from, to, into, first + query + i);
                }
                sum(together, from, to, into.values(), (first + query) * stride);
            }
            query += together;
        }
    }

    private void score(Attention attention, int query, int together, int from, int to) {
        int size = attention.layout().headSize();
        int at = query * size;
        for (int p = from / STEP * STEP; p < to; p += STEP) {
            if (together == 2) {
                AttentionKernels.scoresOfTwo(queries, at, at + size, size, keys, p, attention.scale(), weights);
            } else {
                AttentionKernels.scoresOfOne(queries, at, size, keys, p, attention.scale(), weights);
            }
        }
    }

    /** Scores become weights: exponentials of what they are below the largest, zero where nothing is seen. */
    private void weigh(Attention attention, int at, int from, int to, AttentionParts into, int query) {
        int start = from / Lanes.COUNT * Lanes.COUNT;
        int count = VectorMaths.padded(to) - start;
        if (attention.softcap() > 0) {
            VectorMaths.softcap(attention.softcap(), weights, at + start, count, work);
        }
        Arrays.fill(weights, at + start, at + from, Float.NEGATIVE_INFINITY);
        Arrays.fill(weights, at + to, at + start + count, Float.NEGATIVE_INFINITY);
        float max = VectorMaths.max(weights, at + start, count, lanes);
        VectorMaths.subtract(weights, at + start, count, max);
        VectorMaths.exp(weights, at + start, count);
        into.set(query, max, VectorMaths.sum(weights, at + start, count, lanes));
    }

    private void sum(int together, int from, int to, float[] into, int at) {
        int value = 0;
        for (; value <= stride - STEP; value += STEP) {
            if (together == 2) {
                AttentionKernels.sumsOfTwo(weights, from, to, values, value, stride, into, at);
            } else {
                AttentionKernels.sumsOfOne(weights, 0, from, to, values, value, stride, into, at);
            }
        }
        for (; value < stride; value += Width.LANES) {
            for (int i = 0; i < together; i++) {
                AttentionKernels.sumsOfRest(weights, i * BLOCK, from, to, values, value, stride, into, at + i * stride);
            }
        }
    }
}
