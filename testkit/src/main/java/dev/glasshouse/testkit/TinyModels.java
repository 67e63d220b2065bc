package dev.glasshouse.testkit;

import dev.glasshouse.weights.GgufWriter;
import dev.glasshouse.weights.Metadata;
import dev.glasshouse.weights.TensorCodec;
import dev.glasshouse.weights.TensorInfo;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Llamas with random weights, complete with a byte-level tokenizer and a ChatML template, written as GGUF in
 * milliseconds. What they say makes no sense, but it is always the same for the same seed.
 */
public final class TinyModels {
    private static final String TEMPLATE = "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
            + "{{ message['content'] }}<|im_end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    private static final List<String> MERGES = List.of("Ġ t", "h e", "Ġt he");
    private static final List<String> SPECIALS = List.of("<|bos|>", "<|im_start|>", "<|im_end|>");

    private TinyModels() {}

    /** The size of a model; widths of 32 or 256 times a whole number for the quantised types. */
    public record Shape(int width, int layers, int heads, int kvHeads, int mlpWidth, int context) {
        /** Two layers of width 64, a context of 256. */
        public static final Shape SMALL = new Shape(64, 2, 4, 2, 128, 256);
    }

    /** Tokens: 256 bytes, {@code " t"}, {@code "he"}, {@code " the"}, then BOS, im_start and im_end. */
    public static int vocabulary() {
        return tokens().size();
    }

    /** Writes a model of {@link Shape#SMALL} in F32 and returns its path. */
    public static Path llama(Path file) {
        return llama(file, 1, Shape.SMALL, TensorType.F32);
    }

    /**
     * Writes a model.
     *
     * @param type of the projections and the embedding
     * @return {@code file}
     * @throws IllegalArgumentException if the shape does not fit the type
     */
    public static Path llama(Path file, long seed, Shape shape, TensorType type) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TensorInfo> tensors = tensors(shape, type);
        try (GgufWriter writer = GgufWriter.create(file, metadata(shape), tensors)) {
            for (TensorInfo tensor : tensors) {
                writer.write(values(tensor, random));
            }
            writer.finish();
        }
        return file;
    }

    private static List<TensorInfo> tensors(Shape shape, TensorType type) {
        int width = shape.width();
        int keys = width / shape.heads() * shape.kvHeads();
        List<TensorInfo> tensors = new ArrayList<>();
        tensors.add(GgufWriter.tensor("token_embd.weight", type, width, vocabulary()));
        for (int i = 0; i < shape.layers(); i++) {
            String stem = "blk." + i + ".";
            tensors.add(GgufWriter.tensor(stem + "attn_norm.weight", TensorType.F32, width));
            tensors.add(GgufWriter.tensor(stem + "attn_q.weight", type, width, width));
            tensors.add(GgufWriter.tensor(stem + "attn_k.weight", type, width, keys));
            tensors.add(GgufWriter.tensor(stem + "attn_v.weight", type, width, keys));
            tensors.add(GgufWriter.tensor(stem + "attn_output.weight", type, width, width));
            tensors.add(GgufWriter.tensor(stem + "ffn_norm.weight", TensorType.F32, width));
            tensors.add(GgufWriter.tensor(stem + "ffn_gate.weight", type, width, shape.mlpWidth()));
            tensors.add(GgufWriter.tensor(stem + "ffn_up.weight", type, width, shape.mlpWidth()));
            tensors.add(GgufWriter.tensor(stem + "ffn_down.weight", type, shape.mlpWidth(), width));
        }
        tensors.add(GgufWriter.tensor("output_norm.weight", TensorType.F32, width));
        tensors.add(GgufWriter.tensor("output.weight", type, width, vocabulary()));
        return tensors;
    }

    /** Ones for norms; uniform with a standard deviation of 1/√columns otherwise, for lively logits. */
    private static MemorySegment values(TensorInfo tensor, SplittableRandom random) {
        int count = Math.toIntExact(tensor.elements());
        float[] values = new float[count];
        if (tensor.shape().length == 1) {
            Arrays.fill(values, 1);
        } else {
            double reach = Math.sqrt(3.0 / tensor.columns());
            for (int i = 0; i < count; i++) {
                values[i] = (float) random.nextDouble(-reach, reach);
            }
        }
        MemorySegment packed = MemorySegment.ofArray(new byte[Math.toIntExact(tensor.bytes())]);
        TensorCodec.pack(tensor.type(), values, 0, packed, 0, count);
        return packed;
    }

    private static Metadata metadata(Shape shape) {
        List<String> tokens = tokens();
        int[] types = new int[tokens.size()];
        Arrays.fill(types, 1);
        Arrays.fill(types, types.length - SPECIALS.size(), types.length, 3);
        int headSize = shape.width() / shape.heads();
        return Metadata.builder()
                .put("general.architecture", "llama")
                .put("general.name", "Tiny random model")
                .put("general.license", "apache-2.0")
                .putUint32("llama.block_count", shape.layers())
                .putUint32("llama.context_length", shape.context())
                .putUint32("llama.embedding_length", shape.width())
                .putUint32("llama.feed_forward_length", shape.mlpWidth())
                .putUint32("llama.attention.head_count", shape.heads())
                .putUint32("llama.attention.head_count_kv", shape.kvHeads())
                .putUint32("llama.rope.dimension_count", headSize)
                .putFloat32("llama.rope.freq_base", 10_000)
                .putFloat32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .putUint32("llama.vocab_size", tokens.size())
                .put("tokenizer.ggml.model", "gpt2")
                .put("tokenizer.ggml.pre", "gpt-2")
                .putStrings("tokenizer.ggml.tokens", tokens)
                .putInt32s("tokenizer.ggml.token_type", types)
                .putStrings("tokenizer.ggml.merges", MERGES)
                .putUint32("tokenizer.ggml.bos_token_id", tokens.indexOf("<|bos|>"))
                .putUint32("tokenizer.ggml.eos_token_id", tokens.indexOf("<|im_end|>"))
                .put("tokenizer.ggml.add_bos_token", true)
                .put("tokenizer.chat_template", TEMPLATE)
                .build();
    }

    /** GPT-2's alphabet: printable bytes as they are, the others as characters from 256 on. */
    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b > 32 && b < 127 || b > 160 && b != 173;
            tokens.add(Character.toString(printable ? b : next++));
        }
        MERGES.forEach(merge -> tokens.add(merge.replace(" ", "")));
        tokens.addAll(SPECIALS);
        return tokens;
    }
}
