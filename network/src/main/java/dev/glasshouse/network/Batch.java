package dev.glasshouse.network;

import dev.glasshouse.kernels.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows from any number of sequences that go through the network together. Each {@link Span} continues its sequence; two
 * spans of the same sequence follow each other in the order they were added. Results are the same, bit for bit,
 * whatever else is in the batch and however a sequence is cut into batches.
 *
 * <p>Only the rows asked for come back, in the order of the batch. A batch can be cleared and filled again.
 */
public final class Batch {
    private final List<Span> spans = new ArrayList<>();
    private int rows;
    private boolean timed;

    /** Adds token ids that continue {@code state}. */
    public Span add(SequenceState state, int... tokens) {
        return add(new Span(state, rows, tokens.length, tokens.clone(), List.of()));
    }

    /** Adds ready embeddings, n × width, that continue {@code state}; read when the batch goes through the network. */
    public Span add(SequenceState state, Matrix vectors) {
        return add(new Span(state, rows, vectors.rows(), new int[0], List.of(vectors)));
    }

    private Span add(Span span) {
        if (span.count == 0) {
            throw new IllegalArgumentException("a span without rows");
        }
        rows = Math.addExact(rows, span.count);
        spans.add(span);
        return span;
    }

    /** Asks for the times of the pass, until the batch is cleared. */
    public Batch timed() {
        timed = true;
        return this;
    }

    boolean isTimed() {
        return timed;
    }

    /** Rows of all spans. */
    public int rows() {
        return rows;
    }

    /** The spans in order. */
    public List<Span> spans() {
        return List.copyOf(spans);
    }

    List<Span> spanList() {
        return spans;
    }

    /** Empties the batch for use again. */
    public void clear() {
        spans.clear();
        rows = 0;
        timed = false;
    }

    /** Consecutive positions of one sequence. */
    public static final class Span {
        final SequenceState state;
        final int first;
        final int count;
        final int[] tokens;
        final List<Matrix> vectors;
        final BitSet logits = new BitSet();
        final BitSet hidden = new BitSet();
        final Map<Integer, BitSet> residuals = new TreeMap<>();
        /** By layer and row, the heads whose attention weights are wanted. */
        final Map<Integer, Map<Integer, BitSet>> attention = new TreeMap<>();

        Sight sight = Sight.CAUSAL;
        int[][] positions = {};

        private Span(SequenceState state, int first, int count, int[] tokens, List<Matrix> vectors) {
            this.state = state;
            this.first = first;
            this.count = count;
            this.tokens = tokens;
            this.vectors = vectors;
        }

        /** Rows in this span. */
        public int rows() {
            return count;
        }

        /** What the rows see; causal unless told. */
        public Span sight(Sight newSight) {
            sight = newSight;
            return this;
        }

        /**
         * Positions for the position embedding, where they differ from the place in the sequence.
         *
         * @param axes one array an axis, each with a number a row; networks with one axis use the first
         */
        public Span positions(int[]... axes) {
            for (int[] axis : axes) {
                if (axis.length != count || Arrays.stream(axis).anyMatch(position -> position < 0)) {
                    throw new IllegalArgumentException("each axis needs " + count + " positions, none negative");
                }
            }
            positions = Arrays.stream(axes).map(int[]::clone).toArray(int[][]::new);
            return this;
        }

        /** Asks for the logits of rows {@code from} … {@code to − 1} of this span. */
        public Span logits(int from, int to) {
            range(logits, from, to);
            return this;
        }

        /** Asks for the logits of the last row. */
        public Span lastLogits() {
            return logits(count - 1, count);
        }

        /** Asks for the logits of every row. */
        public Span allLogits() {
            return logits(0, count);
        }

        /** Asks for the hidden rows, which are what the head reads: after the final norm. */
        public Span hidden(int from, int to) {
            range(hidden, from, to);
            return this;
        }

        /** Asks for the residual after the first {@code depth} layers: 0 is the embedding. */
        public Span residual(int depth, int from, int to) {
            range(residuals.computeIfAbsent(depth, key -> new BitSet()), from, to);
            return this;
        }

        /**
         * Asks for the attention weights of one query head of one row of this span.
         *
         * @param layer 0 for the first
         */
        public Span attention(int layer, int row, int head) {
            if (layer < 0 || row < 0 || row >= count || head < 0) {
                throw new IllegalArgumentException(
                        "layer " + layer + ", row " + row + " of " + count + ", head " + head);
            }
            attention
                    .computeIfAbsent(layer, key -> new TreeMap<>())
                    .computeIfAbsent(row, key -> new BitSet())
                    .set(head);
            return this;
        }

        private void range(BitSet rows, int from, int to) {
            if (from < 0 || to > count || from > to) {
                throw new IllegalArgumentException("rows " + from + " to " + to + " of " + count);
            }
            rows.set(from, to);
        }
    }
}
