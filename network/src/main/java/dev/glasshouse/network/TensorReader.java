package dev.glasshouse.network;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Tensor;
import dev.glasshouse.weights.TensorInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds tensors by GGUF's names, whatever the file calls them. Remembers what was used, so that a tensor of a layer that
 * nobody asked for can be reported.
 */
final class TensorReader {
    private static final Set<String> HARMLESS =
            Set.of("self_attn.rotary_emb.inv_freq", "attn.bias", "attn.masked_bias", "attn_rot_embd.weight");

    private final ModelSource source;
    private final TensorNames names;
    private final Set<String> used = new TreeSet<>();
    private final String prefix;

    TensorReader(ModelSource source, TensorNames names) {
        this.source = source;
        this.names = names;
        this.prefix = prefix(source, names);
    }

    boolean has(String name) {
        return source.tensor(fileName(name)).isPresent();
    }

    Tensor need(String name) {
        return needFile(fileName(name));
    }

    /** A tensor by the file's own name. */
    Tensor needFile(String name) {
        used.add(name);
        return source.tensor(name).orElseThrow(() -> new GlassException("The model lacks the tensor " + name + "."));
    }

    /** Marks a tensor, which may not be there, as known. */
    void use(String name) {
        used.add(fileName(name));
    }

    /** All values of a small tensor. */
    float[] vector(String name, int size) {
        return Vectors.read(need(name), size);
    }

    Optional<float[]> optionalVector(String name, int size, boolean required) {
        return required || has(name) ? Optional.of(vector(name, size)) : Optional.empty();
    }

    /** The weight of a norm. */
    float[] normWeight(String name, int size) {
        float[] weight = vector(name, size);
        if (isConfig()) {
            for (int i = 0; i < size; i++) {
                weight[i] += names.normOffset();
            }
        }
        return weight;
    }

    /** A weight matrix with its outputs as rows; GPT-2's are turned into that form. */
    Tensor projection(String name, long rows, long cols) {
        Tensor tensor = need(name);
        boolean turned = isConfig() && names.transposed() && name.startsWith("blk.");
        Tensor projection = turned ? transposed(tensor) : tensor;
        check(projection, rows, cols, "");
        return projection;
    }

    static void check(Tensor tensor, long rows, long cols, String why) {
        if (tensor.columns() != cols || tensor.rows() != rows) {
            throw new GlassException(
                    "The tensor " + tensor.name() + " is " + tensor.info().shapeText()
                            + " where the hyperparameters ask for " + cols + " × " + rows + why + ".");
        }
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

    /** @throws GlassException if a layer has a tensor that was not asked for: answers would be wrong without it */
    void checkAllUsed(int depth) {
        for (Tensor tensor : source.tensors()) {
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

    boolean isConfig() {
        return source instanceof ModelSource.HuggingFace;
    }

    String layerStem(int layer) {
        return prefix + names.layers() + layer + ".";
    }

    private String fileName(String name) {
        return nameOf(source, names, name);
    }

    /** {@code blk.3.attn_q.weight} as the file calls it. */
    static String nameOf(ModelSource source, TensorNames names, String name) {
        return source instanceof ModelSource.HuggingFace ? names.file(prefix(source, names), name) : name;
    }

    private static String prefix(ModelSource source, TensorNames names) {
        return TensorNames.PREFIXES.stream()
                .filter(start -> source.tensor(start + names.of("token_embd") + ".weight")
                        .isPresent())
                .findFirst()
                .orElse(TensorNames.PREFIXES.getFirst());
    }
}
