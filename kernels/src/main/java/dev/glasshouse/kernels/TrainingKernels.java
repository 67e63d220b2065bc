package dev.glasshouse.kernels;

/**
 * The maths of a training step beyond that of a forward pass. The same rules as for {@link Kernels}: {@code
 * ScalarTraining} defines every result to the bit, any other implementation gives the same bits for any vector width and
 * thread count; matrices must not overlap unless a method says so; one caller at a time, together with the {@link
 * Kernels} it came from.
 *
 * <p>Gradients of weights <em>continue</em>: each value of a weight's gradient is one chain of fused multiply-adds (or
 * additions) over the rows of the batch in ascending order that begins with the value that is there. So it does not
 * matter how the samples of a step are cut into micro-batches. Gradients of activations begin at +0, or go on from what is
 * there where {@code onto} is set.
 */
public interface TrainingKernels {
    /** {@code c = a·bᵀ}: a is n × k, b m × k, c n × m; each value one fma chain, k ascending, from +0 or from c. */
    void productNT(Matrix a, Matrix b, boolean onto, Matrix c);

    /** {@code c = a·b}: a is n × k, b k × m, c n × m; each value one fma chain, k ascending, from +0 or from c. */
    void productNN(Matrix a, Matrix b, boolean onto, Matrix c);

    /** {@code c = aᵀ·b}: a is k × n, b k × m, c n × m; each value one fma chain, k ascending, from +0 or from c. */
    void productTN(Matrix a, Matrix b, boolean onto, Matrix c);

    /** {@code sums = sums + Σ rows}, rows ascending, one addition each; sums is 1 × x.cols(). The gradient of a bias. */
    void addRows(Matrix x, Matrix sums);

    /** {@code out[i] = table[ids[i]]}. */
    void gather(Matrix table, int[] ids, Matrix out);

    /** {@code table[ids[i]] = table[ids[i]] + x[i]}, i ascending. The gradient of an embedding. */
    void scatter(Matrix x, int[] ids, Matrix table);

    /**
     * Gradients of {@link Kernels#rmsNorm}.
     *
     * @param x what was normalised, n × width
     * @param dy gradient of the result, n × width
     * @param onto whether dx goes on from what is there: then {@code dx = dx + value}
     * @param dx n × width; may be dy
     * @param dw 1 × width, continues
     */
    void rmsNormBackward(Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw);

    /** Gradients of {@link Kernels#layerNorm}; as {@link #rmsNormBackward}, with db 1 × width, which continues too. */
    void layerNormBackward(
            Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw, Matrix db);

    /** Gradients of {@code silu(gate) · up}; dGate may be gate, dUp may be up. */
    void swigluBackward(Matrix gate, Matrix up, Matrix dOut, Matrix dGate, Matrix dUp);

    /** Gradient of the tanh form of gelu at x; dx may be dy or x. */
    void geluBackward(Matrix x, Matrix dy, Matrix dx);

    /**
     * The loss −ln softmax(logits)[target] of each row, and in place of the logits its gradient times {@code scale}:
     * {@code (softmax − [target])·scale}. A row whose target is negative is masked: loss 0, gradients 0.
     *
     * @param losses at least a value a row, in nats
     */
    void crossEntropy(Matrix logits, int[] targets, float scale, double[] losses);

    /** The losses of {@link #crossEntropy}, to the bit; the logits stay. */
    void losses(Matrix logits, int[] targets, double[] losses);

    /** Causal attention: the bits of {@link Kernels#attend} with an F32 cache; also fills {@code statistics}. */
    void attend(CausalAttention attention);

    /**
     * Gradients of {@link #attend}, from what it left in out and statistics.
     *
     * @param dOut as out
     * @param dq as q, dk as k, dv as v; each is overwritten
     */
    void attendBackward(CausalAttention attention, Matrix dOut, Matrix dq, Matrix dk, Matrix dv);

    /**
     * Dropout (Srivastava et al. 2014) from a counter, not a stream: value c of row r is kept if a hash of
     * {@code rowKeys[r]} and c says so ({@link DropoutHash}), and then multiplied by 1/(1 − rate); else it is 0. The same keys on the gradient give the
     * backward pass.
     *
     * @param rate in [0, 1)
     */
    void dropout(Matrix x, float rate, long[] rowKeys);

    /** Σ x² in double: each row in the order of {@link Lanes}, then the rows' sums, ascending. */
    double sumOfSquares(Matrix x);

    /** One step of AdamW (Loshchilov and Hutter 2019) of a weight w with gradient g and moments m and v. */
    void adamW(Matrix w, Matrix g, Matrix m, Matrix v, AdamWStep step);

    /**
     * Nesterov's momentum as Muon has it: g' = clip·g, momentum = momentum + (1 − mu)·(g' − momentum), update = g' +
     * mu·(momentum − g').
     */
    void nesterov(Matrix g, float clip, float mu, Matrix momentum, Matrix update);

    /** {@code out = fma(a, x, b·y)}; out may be either. */
    void combine(float a, Matrix x, float b, Matrix y, Matrix out);
}
