package dev.glasshouse.kernels;

/**
 * Causal attention of samples of equal length that begin at position 0 and lie one after the other in the rows: row
 * {@code s·length + p} is position p of sample s and sees positions 0 … p of its sample. Query head h reads key head
 * {@code h / (heads / kvHeads)}.
 *
 * @param q n × heads·headSize, turned already where the model turns
 * @param k n × kvHeads·headSize
 * @param v n × kvHeads·headSize
 * @param out n × heads·headSize
 * @param statistics n × 2·heads: of each row and head the largest score and the sum of e^(score − largest), as blocks of
 *     64 keys merge into them
 * @param length rows of a sample
 * @param scale multiplies each score
 */
public record CausalAttention(
        Matrix q, Matrix k, Matrix v, Matrix out, Matrix statistics, int length, int heads, int kvHeads, float scale) {
    /** @throws IllegalArgumentException if a shape does not fit */
    public CausalAttention {
        int n = q.rows();
        if (length < 1
                || n % length != 0
                || k.rows() != n
                || v.rows() != n
                || out.rows() != n
                || statistics.rows() != n) {
            throw new IllegalArgumentException(n + " queries, " + k.rows() + " keys, " + v.rows() + " values, "
                    + out.rows() + " results and " + statistics.rows() + " statistics in samples of " + length);
        }
        if (kvHeads < 1 || heads % kvHeads != 0 || q.cols() % heads != 0) {
            throw new IllegalArgumentException(heads + " heads, " + kvHeads + " key-value heads, rows of " + q.cols());
        }
        int size = q.cols() / heads;
        if (k.cols() != kvHeads * size
                || v.cols() != kvHeads * size
                || out.cols() != q.cols()
                || statistics.cols() != 2 * heads) {
            throw new IllegalArgumentException("keys of " + k.cols() + ", values of " + v.cols() + ", results of "
                    + out.cols() + ", statistics of " + statistics.cols() + " for heads of " + size);
        }
    }

    /** Values in a head. */
    public int headSize() {
        return q.cols() / heads;
    }
}
