package dev.glasshouse.network;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.PackedWeight;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the shapes of a file's tensors against the hyperparameters and packs them. */
final class WeightReader {
    private final ModelSource source;
    private final TensorNames names;
    private final TensorReader tensors;
    private final Kernels kernels;
    private final Arena arena;
    private final LoadListener listener;
    private final long total;
    private final Map<String, Linear> linears = new LinkedHashMap<>();
    private long done;
    private long packedBytes;

    WeightReader(ModelSource source, TensorNames names, Kernels kernels, Arena arena, LoadListener listener) {
        this.source = source;
        this.names = names;
        this.kernels = kernels;
        this.arena = arena;
        this.listener = listener;
        this.total = source.tensors().stream()
                .mapToLong(tensor -> tensor.data().byteSize())
                .sum();
        this.tensors = new TensorReader(source, names);
    }

    /** Linear maps read so far, by name. */
    Map<String, Linear> linears() {
        return linears;
    }

    /** Bytes of all packed weights. */
    long packedBytes() {
        return packedBytes;
    }

    boolean has(String name) {
        return tensors.has(name);
    }

    /** The weight and, where it is there, the bias of a norm. */
    Norm norm(String name, int size, DecoderSpec spec) {
        float[] weight = tensors.normWeight(name + ".weight", size);
        boolean layerNorm = spec.norm() == DecoderSpec.NormKind.LAYER;
        float[] bias = tensors.optionalVector(name + ".bias", size, layerNorm).orElse(new float[size]);
        return new Norm(spec.norm(), weight, bias, spec.epsilon());
    }

    /** A table or a projection without bias. */
    PackedWeight weight(String name, int rows, int cols) {
        return pack(tensors.projection(name, rows, cols), 0, rows, cols);
    }

    /** A linear map by its name without ending. */
    Linear linear(String name, int outputs, int inputs, boolean biased) {
        Tensor tensor = tensors.projection(name + ".weight", outputs, inputs);
        return linear(
                name,
                tensor,
                tensors.optionalVector(name + ".bias", outputs, biased && !name.equals("output")),
                0,
                outputs,
                inputs);
    }

    /** A linear map with a weight that was read already. */
    Linear tied(String name, PackedWeight weight) {
        tensors.use(name + ".weight");
        Linear linear = new Linear(name, weight, Optional.empty(), 0);
        linears.put(name, linear);
        return linear;
    }

    /** Linear maps that the file keeps in one tensor, their outputs one after another. */
    Linear[] fused(String name, List<String> parts, int[] outputs, int inputs, boolean biased) {
        int sum = 0;
        for (int part : outputs) {
            sum = Math.addExact(sum, part);
        }
        Tensor tensor = tensors.projection(name + ".weight", sum, inputs);
        Optional<float[]> bias = tensors.optionalVector(name + ".bias", sum, biased);
        Linear[] linears = new Linear[outputs.length];
        int from = 0;
        for (int i = 0; i < outputs.length; i++) {
            int start = from;
            int end = from + outputs[i];
            Optional<float[]> own = bias.map(values -> java.util.Arrays.copyOfRange(values, start, end));
            linears[i] = linear(parts.get(i), tensor, own, start, outputs[i], inputs);
            from = end;
        }
        return linears;
    }

    private Linear linear(String name, Tensor tensor, Optional<float[]> bias, int firstRow, int outputs, int inputs) {
        Linear linear = new Linear(name, pack(tensor, firstRow, outputs, inputs), bias, 0);
        linears.put(name, linear);
        return linear;
    }

    /** One projection of all experts: in one tensor, a tensor an expert, or gate and up together in one. */
    List<PackedWeight> experts(int layer, String part, int count, int outputs, int inputs) {
        String joined = "blk." + layer + ".ffn_" + part + "_exps.weight";
        if (!tensors.isConfig()) {
            return slices(tensors.need(joined), count, outputs, inputs, 0, outputs);
        }
        String stem = tensors.layerStem(layer) + names.of("experts") + ".";
        String ownName = names.of("expert_" + part);
        if (source.tensor(stem + "0." + ownName + ".weight").isPresent()) {
            List<PackedWeight> experts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Tensor tensor = tensors.needFile(stem + i + "." + ownName + ".weight");
                TensorReader.check(tensor, outputs, inputs, "");
                experts.add(pack(tensor, 0, outputs, inputs));
            }
            return experts;
        }
        return switch (part) {
            case "gate" -> slices(tensors.needFile(stem + "gate_up_proj"), count, outputs, inputs, 0, 2 * outputs);
            case "up" -> slices(tensors.needFile(stem + "gate_up_proj"), count, outputs, inputs, outputs, 2 * outputs);
            default -> slices(tensors.needFile(stem + "down_proj"), count, outputs, inputs, 0, outputs);
        };
    }

    private List<PackedWeight> slices(Tensor tensor, int count, int outputs, int inputs, int skip, int stride) {
        TensorReader.check(tensor, (long) count * stride, inputs, " for " + count + " experts");
        List<PackedWeight> experts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            experts.add(pack(tensor, (long) i * stride + skip, outputs, inputs));
        }
        return experts;
    }

    /** @throws GlassException if a layer has a tensor that was not asked for: answers would be wrong without it */
    void checkAllUsed(int depth) {
        tensors.checkAllUsed(depth);
    }

    private PackedWeight pack(Tensor tensor, long firstRow, int rows, int cols) {
        Vectors.checkNumbers(tensor);
        long rowBytes = tensor.type().bytes(cols);
        MemorySegment bytes = tensor.data().asSlice(firstRow * rowBytes, rows * rowBytes);
        try {
            PackedWeight packed = kernels.pack(tensor.type(), rows, cols, bytes, arena);
            packedBytes += packed.bytes();
            done += bytes.byteSize();
            listener.loaded(Math.min(done, total), total);
            return packed;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw new GlassException(
                    "The tensor " + tensor.name() + " of type " + tensor.type() + " cannot be used: " + e.getMessage()
                            + ".",
                    e);
        } catch (OutOfMemoryError e) {
            throw new GlassException("There is not enough memory for the model's weights.", e);
        }
    }
}
