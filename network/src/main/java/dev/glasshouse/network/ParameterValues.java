package dev.glasshouse.network;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.Tensor;
import dev.glasshouse.weights.TensorCodec;

/**
 * The tensors of a model file as a {@link ModelPlan} orders them: in F32, outputs as rows, queries, keys and values apart,
 * rows as GGUF has them.
 */
public final class ParameterValues {
    private final ModelPlan plan;
    private final TensorReader tensors;

    /** @throws GlassException if the file's model cannot train */
    public ParameterValues(ModelFile file) {
        ModelSource source = ModelSource.of(file);
        plan = ModelPlan.of(file);
        tensors = new TensorReader(source, Architectures.of(source).names());
    }

    /** What the file says of its model. */
    public ModelPlan plan() {
        return plan;
    }

    /**
     * Reads one tensor.
     *
     * @param out rows × cols of the shape
     * @throws GlassException if the tensor is missing, of another shape, or holds no numbers
     */
    public void read(ParameterShape shape, Matrix out) {
        int[] rows = tensors.isConfig() ? plan.hubRows(shape) : plain(shape.rows());
        if (shape.rows() == 1) {
            vector(shape, out);
            return;
        }
        String joined = joined(shape.name());
        boolean apart = joined.isEmpty() || tensors.has(shape.name()) || !tensors.has(joined);
        int queries = plan.heads() * plan.headSize();
        int keys = plan.kvHeads() * plan.headSize();
        Tensor tensor = apart
                ? tensors.projection(shape.name(), shape.rows(), shape.cols())
                : tensors.projection(joined, queries + 2L * keys, shape.cols());
        int first = apart ? 0 : offset(shape.name(), queries, keys);
        Vectors.checkNumbers(tensor);
        float[] row = new float[shape.cols()];
        long bytes = tensor.type().bytes(shape.cols());
        for (int i = 0; i < shape.rows(); i++) {
            unpack(tensor, (first + rows[i]) * bytes, row);
            out.setRow(i, row);
        }
    }

    private void vector(ParameterShape shape, Matrix out) {
        String joined = joined(shape.name());
        int queries = plan.heads() * plan.headSize();
        int keys = plan.kvHeads() * plan.headSize();
        float[] values;
        if (shape.role() == ParameterShape.Role.NORM) {
            values = tensors.normWeight(shape.name(), shape.cols());
        } else if (joined.isEmpty() || tensors.has(shape.name()) || !tensors.has(joined)) {
            float[] stored = tensors.vector(shape.name(), shape.cols());
            int[] places = tensors.isConfig() ? plan.hubRows(shape) : plain(shape.cols());
            values = new float[stored.length];
            for (int i = 0; i < stored.length; i++) {
                values[i] = stored[places[i]];
            }
        } else {
            int first = offset(shape.name(), queries, keys);
            values = java.util.Arrays.copyOfRange(
                    tensors.vector(joined, queries + 2 * keys), first, first + shape.cols());
        }
        out.setRow(0, values);
    }

    /** @throws GlassException if a layer has a tensor that was not read */
    public void checkAllUsed() {
        tensors.checkAllUsed(plan.layers());
    }

    private static void unpack(Tensor tensor, long at, float[] row) {
        try {
            TensorCodec.unpack(tensor.type(), tensor.data(), at, row, 0, row.length);
        } catch (IllegalArgumentException e) {
            throw new GlassException(
                    "The tensor " + tensor.name() + " of type " + tensor.type() + " cannot be used: " + e.getMessage()
                            + ".",
                    e);
        }
    }

    /** The name under which queries, keys and values are in one tensor; empty for every other. */
    private static String joined(String name) {
        int at = name.lastIndexOf("attn_q.");
        at = Math.max(at, Math.max(name.lastIndexOf("attn_k."), name.lastIndexOf("attn_v.")));
        return at < 0 ? "" : name.substring(0, at) + "attn_qkv" + name.substring(at + "attn_q".length());
    }

    private static int offset(String name, int queries, int keys) {
        return name.contains("attn_q.") ? 0 : name.contains("attn_k.") ? queries : queries + keys;
    }

    private static int[] plain(int count) {
        return java.util.stream.IntStream.range(0, count).toArray();
    }
}
