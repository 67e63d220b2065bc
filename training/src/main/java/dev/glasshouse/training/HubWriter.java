package dev.glasshouse.training;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.network.ParameterShape;
import dev.glasshouse.weights.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights that trained, as {@code model.safetensors} in the layout of Hugging Face: a Llama's queries and keys with the rows
 * in its order, GPT-2's projections transposed and queries, keys and values in one.
 */
final class HubWriter {
    private HubWriter() {}

    static void safetensors(Path file, Parameters parameters) throws IOException {
        ModelPlan plan = parameters.plan();
        boolean gpt2 = plan.architecture().equals("gpt2");
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            for (int i = 0; i < parameters.shapes().size(); i++) {
                ParameterShape shape = parameters.shapes().get(i);
                if (gpt2 && (shape.name().contains("attn_k.") || shape.name().contains("attn_v."))) {
                    continue; // written with the queries
                }
                String name = plan.hubName(shape);
                Matrix value = ordered(arena, plan, shape, parameters.value(i));
                if (gpt2 && shape.name().contains("attn_q.")) {
                    name = name.replace("attn_q.", "attn.c_attn.");
                    value = joined(
                            arena,
                            shape.role() != ParameterShape.Role.MATRIX,
                            value,
                            parameters.value(shape.name().replace("attn_q.", "attn_k.")),
                            parameters.value(shape.name().replace("attn_q.", "attn_v.")));
                }
                if (gpt2 && shape.role() == ParameterShape.Role.MATRIX) {
                    value = transposed(arena, value);
                }
                boolean vector = value.rows() == 1 && shape.role() != ParameterShape.Role.MATRIX;
                entries.add(new SafetensorsWriter.Entry(
                        name,
                        vector ? List.of((long) value.cols()) : List.of((long) value.rows(), (long) value.cols()),
                        value.data()));
            }
            SafetensorsWriter.write(file, entries);
        }
    }

    /** Row i of ours is row {@code hubRows[i]} there; of a bias, the values. */
    private static Matrix ordered(Arena arena, ModelPlan plan, ParameterShape shape, Matrix value) {
        boolean bias = shape.role() == ParameterShape.Role.BIAS || shape.role() == ParameterShape.Role.ZERO;
        if (!shape.name().contains("attn_q.") && !shape.name().contains("attn_k.")) {
            return value;
        }
        int[] places = plan.hubRows(shape);
        Matrix from = bias ? value.reshape(value.cols(), 1) : value;
        Matrix to = Matrix.allocate(arena, from.rows(), from.cols());
        for (int i = 0; i < from.rows(); i++) {
            to.setRow(places[i], from, i);
        }
        return bias ? to.reshape(1, value.cols()) : to;
    }

    private static Matrix joined(Arena arena, boolean vector, Matrix q, Matrix k, Matrix v) {
        Matrix all = vector
                ? Matrix.allocate(arena, q.cols() + k.cols() + v.cols(), 1)
                : Matrix.allocate(arena, q.rows() + k.rows() + v.rows(), q.cols());
        int at = 0;
        for (Matrix part : List.of(q, k, v)) {
            Matrix rows = vector ? part.reshape(part.cols(), 1) : part;
            all.rows(at, rows.rows()).data().copyFrom(rows.data());
            at += rows.rows();
        }
        return vector ? all.reshape(1, all.rows()) : all;
    }

    private static Matrix transposed(Arena arena, Matrix value) {
        Matrix out = Matrix.allocate(arena, value.cols(), value.rows());
        for (int r = 0; r < value.rows(); r++) {
            for (int c = 0; c < value.cols(); c++) {
                out.set(c, r, value.get(r, c));
            }
        }
        return out;
    }
}
