package dev.glasshouse.network;

import dev.glasshouse.kernels.Matrix;
import java.util.Map;

/**
 * What a batch asked for, each with a row for every row asked, in the order of the batch. The memory is the network's:
 * valid until its next forward pass.
 *
 * @param logits n × vocabulary
 * @param hidden n × width, after the final norm
 * @param residuals by depth, n × width each
 */
public record Output(Matrix logits, Matrix hidden, Map<Integer, Matrix> residuals) {
    /** The residual rows after the first {@code depth} layers. @throws IllegalArgumentException if not asked for */
    public Matrix residual(int depth) {
        Matrix rows = residuals.get(depth);
        if (rows == null) {
            throw new IllegalArgumentException("the residual at depth " + depth + " was not asked for");
        }
        return rows;
    }
}
