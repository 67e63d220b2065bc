package dev.glasshouse.network;

import java.util.List;
import java.util.Optional;

/**
 * A decoder as data. All that {@link Network} knows of an architecture stands here; {@link Architectures} fills it in.
 *
 * <p>One layer, x the residual, r {@link #residualScale}:
 * <pre>
 * x = x + r · postNorm(attention(preNorm(x)))
 * x = x + r · postNorm(mlp(preNorm(x)))
 * </pre>
 * and in the end {@code logits = softcap(logitScale · head(norm(x)))}.
 *
 * @param architecture its name, as GGUF writes it
 * @param vocabulary token ids are 0 … vocabulary − 1
 * @param context positions it was trained for
 * @param width values in a row of the residual (embedding size)
 * @param norm which normalisation
 * @param epsilon added under the root of each norm
 * @param preNorms whether the input of attention and MLP is normalised
 * @param postNorms whether their output is
 * @param attention heads
 * @param mlp the feed-forward part
 * @param layers what differs from layer to layer, in order
 * @param learnedPositions whether a table of positions is added to the embedding (GPT-2)
 * @param biases which projections must have a bias; others have one where the file has one
 * @param embeddingScale multiplies the rows of the embedding table
 * @param residualScale multiplies what a block adds
 * @param logitScale multiplies the logits
 * @param logitSoftcap where positive, logits z become cap·tanh(z/cap)
 */
public record DecoderSpec(
        String architecture,
        int vocabulary,
        int context,
        int width,
        NormKind norm,
        float epsilon,
        boolean preNorms,
        boolean postNorms,
        Heads attention,
        Mlp mlp,
        List<Layer> layers,
        boolean learnedPositions,
        Biases biases,
        float embeddingScale,
        float residualScale,
        float logitScale,
        float logitSoftcap) {

    /** The two normalisations of a row. */
    public enum NormKind {
        /** x / √(mean(x²) + ε) · w */
        RMS,
        /** (x − mean) / √(variance + ε) · w + b */
        LAYER
    }

    /** What a norm of queries and keys runs over. */
    public enum HeadNorm {
        NONE,
        /** Each head by itself (Qwen 3, Gemma 3). */
        HEAD,
        /** All heads of a row together (OLMo 2). */
        ROW
    }

    /** Which projections must have a bias. */
    public enum Biases {
        NONE,
        /** Queries, keys and values (Qwen 2). */
        QKV,
        /** Every projection but the head (GPT-2). */
        ALL
    }

    /** What stands between the two projections of an MLP. */
    public enum Activation {
        /** silu(gate) · up */
        SWIGLU(true),
        /** gelu(gate) · up, gelu in its tanh form */
        GEGLU(true),
        /** gelu(up), in its tanh form; no gate */
        GELU(false);

        private final boolean gated;

        Activation(boolean gated) {
            this.gated = gated;
        }

        /** Whether there is a gate projection beside the up projection. */
        public boolean gated() {
            return gated;
        }
    }

    /**
     * The attention heads.
     *
     * @param count query heads
     * @param kvCount key–value heads; a divisor of count
     * @param size values in a head
     * @param norm norm of queries and keys before they are turned
     * @param scale multiplies the scores
     * @param softcap where positive, scores s become cap·tanh(s/cap)
     */
    public record Heads(int count, int kvCount, int size, HeadNorm norm, float scale, float softcap) {}

    /**
     * The feed-forward part.
     *
     * @param width values between the projections, of one expert where there are experts
     * @param experts empty for a dense MLP
     */
    public record Mlp(Activation activation, int width, Optional<Experts> experts) {}

    /**
     * A mixture of experts: softmax over all, the {@code used} best by probability (the lower index wins a tie), their
     * outputs added in that order. Mixtral's softmax over the best alone is the same as {@code normalise}.
     *
     * @param normalise whether the weights of the used ones are divided by their sum
     */
    public record Experts(int count, int used, boolean normalise) {}

    /**
     * One layer.
     *
     * @param window positions that a row sees, its own included; 0 for all
     * @param rotary how queries and keys are turned; empty where they are not
     */
    public record Layer(int window, Optional<Rotary> rotary) {}

    /** The number of layers. */
    public int depth() {
        return layers.size();
    }

    DecoderSpec withLayers(List<Layer> others) {
        return new DecoderSpec(
                architecture,
                vocabulary,
                context,
                width,
                norm,
                epsilon,
                preNorms,
                postNorms,
                attention,
                mlp,
                others,
                learnedPositions,
                biases,
                embeddingScale,
                residualScale,
                logitScale,
                logitSoftcap);
    }
}
