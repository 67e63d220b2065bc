package dev.glasshouse.training;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.DecoderSpec;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.network.ParameterShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The twin of {@link TrainableDecoder} in double: the same formulas, written once more and as plainly as possible. */
final class DoubleDecoder {
    private final ModelPlan plan;
    private final DecoderSpec spec;
    private final List<double[]> values = new ArrayList<>();

    /** Copies the parameters. */
    DoubleDecoder(Parameters parameters) {
        plan = parameters.plan();
        spec = plan.spec();
        for (int i = 0; i < parameters.shapes().size(); i++) {
            values.add(doubles(parameters.value(i)));
        }
    }

    static double[] doubles(Matrix matrix) {
        double[] values = new double[matrix.rows() * matrix.cols()];
        for (int i = 0; i < values.length; i++) {
            values[i] = matrix.get(i / matrix.cols(), i % matrix.cols());
        }
        return values;
    }

    /** The values of tensor i, to read and to change. */
    double[] value(int i) {
        return values.get(i);
    }

    /** The mean loss of the targets that count. */
    double loss(TokenBatch batch) {
        return new Pass().loss(batch);
    }

    /** The gradients of {@link #loss} for each tensor. */
    List<double[]> gradients(TokenBatch batch) {
        Pass pass = new Pass();
        pass.loss(batch);
        pass.tape.backward();
        return plan.parameters().stream()
                .map(shape -> pass.node(shape.name()).gradient())
                .toList();
    }

    private final class Pass {
        private final DoubleTape tape = new DoubleTape();
        private final Map<String, DoubleTape.Node> nodes = new TreeMap<>();

        Pass() {
            List<ParameterShape> shapes = plan.parameters();
            for (int i = 0; i < shapes.size(); i++) {
                ParameterShape shape = shapes.get(i);
                nodes.put(shape.name(), DoubleTape.Node.of(shape.rows(), shape.cols(), values.get(i)));
            }
        }

        DoubleTape.Node node(String name) {
            DoubleTape.Node node = nodes.get(name);
            if (node == null) {
                throw new IllegalArgumentException("no tensor " + name);
            }
            return node;
        }

        double loss(TokenBatch batch) {
            DoubleTape.Node x = tape.gather(node("token_embd.weight"), batch.ids());
            if (spec.learnedPositions()) {
                int[] positions = new int[batch.ids().length];
                for (int i = 0; i < positions.length; i++) {
                    positions[i] = i % batch.length();
                }
                x = tape.add(x, tape.gather(node("position_embd.weight"), positions));
            }
            for (int i = 0; i < spec.depth(); i++) {
                x = layer(x, "blk." + i + ".", spec.layers().get(i), batch.length());
            }
            DoubleTape.Node head = node(plan.tied() ? "token_embd.weight" : "output.weight");
            return tape.loss(tape.linear(norm(x, "output_norm"), head), batch.targets(), batch.counted());
        }

        private DoubleTape.Node layer(DoubleTape.Node x, String stem, DecoderSpec.Layer layer, int length) {
            DecoderSpec.Heads heads = spec.attention();
            DoubleTape.Node normed = norm(x, stem + "attn_norm");
            DoubleTape.Node q = queriesOrKeys(linear(normed, stem + "attn_q"), stem + "attn_q_norm", layer, length);
            DoubleTape.Node k = queriesOrKeys(linear(normed, stem + "attn_k"), stem + "attn_k_norm", layer, length);
            DoubleTape.Node v = linear(normed, stem + "attn_v");
            DoubleTape.Node attended = tape.attention(q, k, v, heads.count(), heads.scale(), length);
            DoubleTape.Node middle = tape.add(x, linear(attended, stem + "attn_output"));
            DoubleTape.Node input = norm(middle, stem + "ffn_norm");
            DoubleTape.Node up = linear(input, stem + "ffn_up");
            DoubleTape.Node inner =
                    spec.mlp().activation().gated() ? tape.swiglu(linear(input, stem + "ffn_gate"), up) : tape.gelu(up);
            return tape.add(middle, linear(inner, stem + "ffn_down"));
        }

        private DoubleTape.Node queriesOrKeys(DoubleTape.Node x, String norm, DecoderSpec.Layer layer, int length) {
            int size = spec.attention().size();
            DoubleTape.Node normed = x;
            if (nodes.containsKey(norm + ".weight")) {
                int heads = x.rows() * x.cols() / size;
                normed = norm(x.reshape(heads, size), norm).reshape(x.rows(), x.cols());
            }
            return layer.rotary().isPresent()
                    ? tape.rotate(normed, size, layer.rotary().get(), length)
                    : normed;
        }

        private DoubleTape.Node linear(DoubleTape.Node x, String name) {
            DoubleTape.Node y = tape.linear(x, node(name + ".weight"));
            return nodes.containsKey(name + ".bias") ? tape.bias(y, node(name + ".bias")) : y;
        }

        private DoubleTape.Node norm(DoubleTape.Node x, String name) {
            boolean centred = spec.norm() == DecoderSpec.NormKind.LAYER;
            DoubleTape.Node y = tape.norm(x, node(name + ".weight"), spec.epsilon(), centred);
            return nodes.containsKey(name + ".bias") ? tape.bias(y, node(name + ".bias")) : y;
        }
    }
}
