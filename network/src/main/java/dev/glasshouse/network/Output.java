package dev.glasshouse.network;

import dev.glasshouse.kernels.Matrix;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a batch asked for, each with a row for every row asked, in the order of the batch. The memory of the matrices is
 * the network's: valid until its next forward pass.
 *
 * @param logits n × vocabulary
 * @param hidden n × width, after the final norm
 * @param residuals by depth, n × width each
 * @param attention by layer, then row, then head
 * @param times empty unless the batch was {@link Batch#timed}
 */
public record Output(
        Matrix logits,
        Matrix hidden,
        Map<Integer, Matrix> residuals,
        List<AttentionWeights> attention,
        Optional<PassTimes> times) {
    /** The residual rows after the first {@code depth} layers. @throws IllegalArgumentException if not asked for */
    public Matrix residual(int depth) {
        Matrix rows = residuals.get(depth);
        if (rows == null) {
            throw new IllegalArgumentException("the residual at depth " + depth + " was not asked for");
        }
        return rows;
    }
}
