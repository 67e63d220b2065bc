package dev.glasshouse.network;

/**
 * One tensor of a model that trains.
 *
 * @param name as GGUF has it, such as {@code blk.0.attn_q.weight}
 * @param rows outputs of a projection, entries of a table, 1 for a vector
 * @param cols inputs of a projection, values of an entry, the length of a vector
 */
public record ParameterShape(String name, int rows, int cols, Role role) {
    /** What a tensor is in the model; the optimisers treat them differently. */
    public enum Role {
        /** The table of tokens. */
        EMBEDDING,
        /** The table of positions (GPT-2). */
        POSITIONS,
        /** The projection to the vocabulary, where it is not the table of tokens. */
        HEAD,
        /** A projection within a layer. */
        MATRIX,
        /** A bias of a projection or a norm. */
        BIAS,
        /** The weight of a norm. */
        NORM,
        /** A bias that the file format asks for and that stays 0 ({@link ModelPlan#biases}). */
        ZERO
    }

    /** Number of values. */
    public long count() {
        return (long) rows * cols;
    }

    /** Whether training changes it. */
    public boolean trained() {
        return role != Role.ZERO;
    }
}
