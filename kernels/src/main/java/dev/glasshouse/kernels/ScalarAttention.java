package dev.glasshouse.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The definition of attention. A query row and head sees positions from … to−1. Each block of 64 positions that it sees
 * at least one of, aligned to absolute position, gives three things, independently of every other block:
 *
 * <ul>
 *   <li>the scores of the positions seen: one fma chain over the head's values, ascending from +0, times {@code scale},
 *       then capped where a softcap is set; and their largest, m;
 *   <li>weights e^(score − m) and their sum s, in the order of {@link Lanes}, a position not seen adding nothing;
 *   <li>the weighted values a: for each value of the head one fma chain over the positions seen, ascending from +0.
 * </ul>
 *
 * <p>Blocks are merged in ascending order. The first one's (m, s, a) is the state (M, S, A); each further one makes, with
 * N = max(M, m), α = e^(M−N) and β = e^(m−N): S = fma(β, s, α·S), A = fma(β, a, α·A), M = N. The output is A / S.
 * Hence the result does not depend on which rows are computed together, where a prompt was cut, or which threads
 * computed which block. Keys and values are read as stored, those of the same call included. (This is the online softmax
 * of Milakov and Gimelshein, arXiv 1805.02867, in the blocked form of FlashAttention, arXiv 2205.14135.)
 */
final class ScalarAttention {
    private static final int BLOCK = KvLayout.BLOCK;

    private ScalarAttention() {}

    static void store(KvLayout layout, Matrix k, Matrix v, MemorySegment[] blocks, int[] slots) {
        Shapes.store(layout, k, v, blocks, slots);
        for (int row = 0; row < slots.length; row++) {
            KvBlock.store(layout, k, v, row, blocks[row], slots[row]);
        }
    }

    static void attend(Attention attention) {
        Shapes.attention(attention);
        for (Attention.Span span : attention.spans()) {
            for (int kvHead = 0; kvHead < attention.layout().kvHeads(); kvHead++) {
                attend(attention, span, kvHead);
            }
        }
    }

    /** All rows of a span and all query heads of one key head; a block is read once. */
    private static void attend(Attention attention, Attention.Span span, int kvHead) {
        KvLayout layout = attention.layout();
        int group = attention.heads() / layout.kvHeads();
        int size = layout.headSize();
        float[] keys = new float[size * BLOCK];
        float[] values = new float[size * BLOCK];
        State[] states = new State[span.from().length * group];
        Arrays.setAll(states, i -> new State(size));
        for (int block = 0; block < span.blocks().size(); block++) {
            int first = block * BLOCK;
            int seenFrom = BLOCK;
            int seenTo = 0;
            for (int row = 0; row < span.from().length; row++) {
                int from = Math.max(span.from()[row] - first, 0);
                int to = Math.min(span.to()[row] - first, BLOCK);
                if (from < to) {
                    seenFrom = Math.min(seenFrom, from);
                    seenTo = Math.max(seenTo, to);
                }
            }
            if (seenFrom >= seenTo) {
                continue;
            }
            MemorySegment bytes = Shapes.block(layout, span.blocks().get(block));
            KvBlock.readKeys(layout, bytes, kvHead, keys);
            KvBlock.readValues(layout, bytes, kvHead, seenFrom, seenTo, values);
            for (int row = 0; row < span.from().length; row++) {
                int from = Math.max(span.from()[row] - first, 0);
                int to = Math.min(span.to()[row] - first, BLOCK);
                for (int i = 0; i < group && from < to; i++) {
                    int col = (kvHead * group + i) * size;
                    State part = new State(size);
                    part.block(attention, span.firstRow() + row, col, keys, values, from, to);
                    states[row * group + i].merge(part);
                }
            }
        }
        for (int row = 0; row < span.from().length; row++) {
            for (int i = 0; i < group; i++) {
                int col = (kvHead * group + i) * size;
                states[row * group + i].write(attention.out(), span.firstRow() + row, col);
            }
        }
    }

    /**
     * The weights of one head of one row: e^(score − m) · e^(m − M) / S for each position seen, m the largest score of its
     * block, M and S what all blocks merge into.
     */
    static float[] weights(Attention attention, Attention.Span span, int row, int head) {
        Shapes.attention(attention);
        KvLayout layout = attention.layout();
        int size = layout.headSize();
        int group = attention.heads() / layout.kvHeads();
        int from = span.from()[row - span.firstRow()];
        int to = span.to()[row - span.firstRow()];
        float[] weights = new float[Math.max(0, to - from)];
        float[] largest = new float[span.blocks().size()];
        float[] keys = new float[size * BLOCK];
        State all = new State(0);
        for (int block = from / BLOCK; block * BLOCK < to && from < to; block++) {
            int first = block * BLOCK;
            int seenFrom = Math.max(from - first, 0);
            int seenTo = Math.min(to - first, BLOCK);
            KvBlock.readKeys(layout, Shapes.block(layout, span.blocks().get(block)), head / group, keys);
            State part = new State(0);
            float[] seen = part.weights(attention, row, head * size, keys, seenFrom, seenTo);
            System.arraycopy(seen, seenFrom, weights, first + seenFrom - from, seenTo - seenFrom);
            largest[block] = part.max;
            all.merge(part);
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] = weights[i] * Maths.exp(largest[(from + i) / BLOCK] - all.max) / all.sum;
        }
        return weights;
    }

    /** What a block gives, and what blocks merge into. */
    private static final class State {
        private boolean empty = true;
        private float max;
        private float sum;
        private final float[] values;

        State(int size) {
            values = new float[size];
        }

        void block(Attention attention, int row, int col, float[] keys, float[] v, int from, int to) {
            float[] weights = weights(attention, row, col, keys, from, to);
            for (int p = from; p < to; p++) {
                for (int d = 0; d < values.length; d++) {
                    values[d] = Math.fma(weights[p], v[p * values.length + d], values[d]);
                }
            }
        }

        /** A block's weights, 0 where not seen; sets max and sum. */
        float[] weights(Attention attention, int row, int col, float[] keys, int from, int to) {
            float[] weights = new float[BLOCK];
            empty = false;
            max = Float.NEGATIVE_INFINITY;
            for (int p = from; p < to; p++) {
                float score = 0;
                for (int d = 0; d < attention.layout().headSize(); d++) {
                    score = Math.fma(attention.q().get(row, col + d), keys[d * BLOCK + p], score);
                }
                score *= attention.scale();
                weights[p] = attention.softcap() > 0 ? Maths.softcap(attention.softcap(), score) : score;
                max = Math.max(max, weights[p]);
            }
            for (int p = from; p < to; p++) {
                weights[p] = Maths.exp(weights[p] - max);
            }
            sum = Lanes.sum(weights, BLOCK, new float[Lanes.COUNT]);
            return weights;
        }

        void merge(State part) {
            if (empty) {
                empty = false;
                max = part.max;
                sum = part.sum;
                System.arraycopy(part.values, 0, values, 0, values.length);
                return;
            }
            float both = Math.max(max, part.max);
            float old = Maths.exp(max - both);
            float fresh = Maths.exp(part.max - both);
            max = both;
            sum = Math.fma(fresh, part.sum, old * sum);
            for (int d = 0; d < values.length; d++) {
                values[d] = Math.fma(fresh, part.values[d], old * values[d]);
            }
        }

        void write(Matrix out, int row, int col) {
            for (int d = 0; d < values.length; d++) {
                out.set(row, col + d, empty ? 0 : values[d] / sum);
            }
        }
    }
}
