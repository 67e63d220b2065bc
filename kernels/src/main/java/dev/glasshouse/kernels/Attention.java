package dev.glasshouse.kernels;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One layer's attention for a batch: {@code q} and {@code out} have a row a token and {@code heads·headSize} columns;
 * query head h reads key head {@code h / (heads / kvHeads)}.
 *
 * @param scale multiplies each score
 * @param softcap where positive, each scaled score s becomes softcap·tanh(s / softcap)
 * @param spans which rows belong to which sequence, in the order of the rows; together they cover every row of q once
 */
public record Attention(
        Matrix q, Matrix out, KvLayout layout, int heads, float scale, float softcap, List<Span> spans) {

    /**
     * Consecutive rows of one sequence.
     *
     * @param firstRow the first of them in q
     * @param blocks the sequence's cache: entry i holds positions 64i … 64i+63; entries that no row sees may be
     *     {@link MemorySegment#NULL}
     * @param from for each row, the first position it sees
     * @param to for each row, one past the last position it sees; a row that sees nothing yields zeros
     */
    public record Span(int firstRow, List<MemorySegment> blocks, int[] from, int[] to) {}

    /** The first position that a row of q sees. */
    public int from(int row) {
        Span span = spanOf(row);
        return span.from()[row - span.firstRow()];
    }

    /**
     * The softmax weights of one query head of one row, one for each position it sees, from {@link #from} on: what the
     * head's output is the weighted sum of the values with, but for rounding. Empty for a row that sees nothing.
     * For looking at, not on the way to an answer: one thread, no vectors.
     *
     * @throws IllegalArgumentException for a row or head that there is not
     */
    public float[] weights(int row, int head) {
        if (head < 0 || head >= heads) {
            throw new IllegalArgumentException("head " + head + " of " + heads);
        }
        return ScalarAttention.weights(this, spanOf(row), row, head);
    }

    private Span spanOf(int row) {
        for (Span span : spans) {
            if (row >= span.firstRow() && row - span.firstRow() < span.from().length) {
                return span;
            }
        }
        throw new IllegalArgumentException("row " + row + " of " + q.rows());
    }
}
