package dev.glasshouse.network;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.PackedWeight;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Tensor;
import dev.glasshouse.weights.TensorInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds tensors by GGUF's names, whatever the file calls them, checks their shapes against the hyperparameters and
 * packs them. Remembers what was used, so that a tensor of a layer that nobody asked for can be reported.
 */
final class WeightReader {
    private static final Set<String> HARMLESS =
            Set.of("self_attn.rotary_emb.inv_freq", "attn.bias", "attn.masked_bias", "attn_rot_embd.weight");

    private final ModelSource source;
    private final TensorNames names;
    private final Kernels kernels;
    private final Arena arena;
    private final LoadListener listener;
    private final long total;
    private final Set<String> used = new TreeSet<>();
    private final Map<String, Linear> linears = new LinkedHashMap<>();
    private final String prefix;
    private long done;
    private long packedBytes;

    WeightReader(ModelSource source, TensorNames names, Kernels kernels, Arena arena, LoadListener listener) {
        this.source = source;
        this.names = names;
        this.kernels = kernels;
        this.arena = arena;
        this.listener = listener;
        this.total = source.file().tensors().stream()
                .mapToLong(tensor -> tensor.data().byteSize())
                .sum();
        this.prefix = prefix(source, names);
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
        return source.file().tensor(fileName(name)).isPresent();
    }

    /** All values of a small tensor. */
    float[] vector(String name, int size) {
        return Vectors.read(need(name), size);
    }

    Optional<float[]> optionalVector(String name, int size, boolean required) {
        return required || has(name) ? Optional.of(vector(name, size)) : Optional.empty();
    }

    /** The weight and, where it is there, the bias of a norm. */
    Norm norm(String name, int size, DecoderSpec spec) {
        float[] weight = vector(name + ".weight", size);
        if (isConfig()) {
            for (int i = 0; i < size; i++) {
                weight[i] += names.normOffset();
            }
        }
        boolean layerNorm = spec.norm() == DecoderSpec.NormKind.LAYER;
        float[] bias = optionalVector(name + ".bias", size, layerNorm).orElse(new float[size]);
        return new Norm(spec.norm(), weight, bias, spec.epsilon());
    }

    /** A table or a projection without bias. */
    PackedWeight weight(String name, int rows, int cols) {
        Tensor tensor = projection(name);
        check(tensor, rows, cols, "");
        return pack(tensor, 0, rows, cols);
    }

    /** A linear map by its name without ending. */
    Linear linear(String name, int outputs, int inputs, boolean biased) {
        Tensor tensor = projection(name + ".weight");
        check(tensor, outputs, inputs, "");
        return linear(
                name,
                tensor,
                optionalVector(name + ".bias", outputs, biased && !name.equals("output")),
                0,
                outputs,
                inputs);
    }

    /** A linear map with a weight that was read already. */
    Linear tied(String name, PackedWeight weight) {
        used.add(fileName(name + ".weight"));
        Linear linear = new Linear(name, weight, Optional.empty(), 0);
        linears.put(name, linear);
        return linear;
    }

    /** Linear maps that the file keeps in one tensor, their outputs one after another. */
    Linear[] fused(String name, List<String> parts, int[] outputs, int inputs, boolean biased) {
        Tensor tensor = projection(name + ".weight");
        int sum = 0;
        for (int part : outputs) {
            sum = Math.addExact(sum, part);
        }
        check(tensor, sum, inputs, "");
        Optional<float[]> bias = optionalVector(name + ".bias", sum, biased);
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
        if (!isConfig()) {
            return slices(need(joined), count, outputs, inputs, 0, outputs);
        }
        String stem = layerStem(layer) + names.of("experts") + ".";
        String ownName = names.of("expert_" + part);
        if (source.file().tensor(stem + "0." + ownName + ".weight").isPresent()) {
            List<PackedWeight> experts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Tensor tensor = needFile(stem + i + "." + ownName + ".weight");
                check(tensor, outputs, inputs, "");
                experts.add(pack(tensor, 0, outputs, inputs));
            }
            return experts;
        }
        return switch (part) {
            case "gate" -> slices(needFile(stem + "gate_up_proj"), count, outputs, inputs, 0, 2 * outputs);
            case "up" -> slices(needFile(stem + "gate_up_proj"), count, outputs, inputs, outputs, 2 * outputs);
            default -> slices(needFile(stem + "down_proj"), count, outputs, inputs, 0, outputs);
        };
    }

    private List<PackedWeight> slices(Tensor tensor, int count, int outputs, int inputs, int skip, int stride) {
        check(tensor, (long) count * stride, inputs, " for " + count + " experts");
        List<PackedWeight> experts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            experts.add(pack(tensor, (long) i * stride + skip, outputs, inputs));
        }
        return experts;
    }

    /** @throws GlassException if a layer has a tensor that was not asked for: answers would be wrong without it */
    void checkAllUsed(int depth) {
        for (Tensor tensor : source.file().tensors()) {
            for (int i = 0; i < depth && !used.contains(tensor.name()); i++) {
                String stem = isConfig() ? layerStem(i) : "blk." + i + ".";
                if (tensor.name().startsWith(stem)
                        && !HARMLESS.contains(tensor.name().substring(stem.length()))) {
                    throw new GlassException("The model has the tensor " + tensor.name() + ", which the architecture "
                            + source.architecture() + " does not know: its answers would be wrong without it.");
                }
            }
        }
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

    private static void check(Tensor tensor, long rows, long cols, String why) {
        if (tensor.columns() != cols || tensor.rows() != rows) {
            throw new GlassException(
                    "The tensor " + tensor.name() + " is " + tensor.info().shapeText()
                            + " where the hyperparameters ask for " + cols + " × " + rows + why + ".");
        }
    }

    /** A weight matrix with its outputs as rows; GPT-2's are turned into that form. */
    private Tensor projection(String name) {
        Tensor tensor = need(name);
        boolean turned = isConfig() && names.transposed() && name.startsWith("blk.");
        return turned ? transposed(tensor) : tensor;
    }

    private static Tensor transposed(Tensor tensor) {
        int size = tensor.type().blockBytes();
        if (tensor.type().blockSize() != 1 || tensor.shape().length != 2) {
            throw new GlassException("The tensor " + tensor.name() + " cannot be transposed.");
        }
        long outputs = tensor.columns();
        long inputs = tensor.rows();
        MemorySegment data = Arena.ofAuto().allocate(tensor.data().byteSize(), 64);
        for (long out = 0; out < outputs; out++) {
            for (long in = 0; in < inputs; in++) {
                MemorySegment.copy(tensor.data(), (in * outputs + out) * size, data, (out * inputs + in) * size, size);
            }
        }
        return new Tensor(new TensorInfo(tensor.name(), tensor.type(), new long[] {inputs, outputs}, 0, 0), data);
    }

    private Tensor need(String name) {
        return needFile(fileName(name));
    }

    private Tensor needFile(String name) {
        used.add(name);
        return source.file()
                .tensor(name)
                .orElseThrow(() -> new GlassException("The model lacks the tensor " + name + "."));
    }

    private boolean isConfig() {
        return source instanceof ModelSource.HuggingFace;
    }

    private String layerStem(int layer) {
        return prefix + names.layers() + layer + ".";
    }

    private String fileName(String name) {
        return nameOf(source, names, name);
    }

    /** {@code blk.3.attn_q.weight} as the file calls it. */
    static String nameOf(ModelSource source, TensorNames names, String name) {
        if (!(source instanceof ModelSource.HuggingFace)) {
            return name;
        }
        String ending = name.substring(name.lastIndexOf('.'));
        String stem = name.substring(0, name.length() - ending.length());
        if (stem.equals("output")) {
            return "lm_head" + ending;
        }
        String prefix = prefix(source, names);
        if (stem.startsWith("blk.")) {
            int dot = stem.indexOf('.', 4);
            return prefix + names.layers() + stem.substring(4, dot) + "." + names.of(stem.substring(dot + 1)) + ending;
        }
        return prefix + names.of(stem) + ending;
    }

    private static String prefix(ModelSource source, TensorNames names) {
        return TensorNames.PREFIXES.stream()
                .filter(start -> source.file()
                        .tensor(start + names.of("token_embd") + ".weight")
                        .isPresent())
                .findFirst()
                .orElse(TensorNames.PREFIXES.getFirst());
    }
}
