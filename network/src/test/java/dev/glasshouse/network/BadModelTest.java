package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.weights.GgufFile;
import dev.glasshouse.weights.GgufWriter;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Metadata;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.Tensor;
import dev.glasshouse.weights.TensorInfo;
import dev.glasshouse.weights.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that no network can be made of end in one message that says what is wrong. */
class BadModelTest {
    @TempDir
    private Path folder;

    @Test
    void anUnknownArchitectureIsNamedBesideTheKnownOnes() throws IOException {
        refused(changed(keys -> keys.put("general.architecture", "rwkv9"), info -> info), "\"rwkv9\"", "llama, ");
        refused(config("\"model_type\": \"llama\"", "\"model_type\": \"rwkv9\""), "\"rwkv9\"", "gpt2");
        refused(config("\"model_type\"", "\"type_of_model\""), "model_type");
    }

    @ParameterizedTest
    @CsvSource({
        "llama.block_count, 2000000000, 2000000000 layers",
        "llama.block_count, 3, blk.2.attn_q.weight",
        "llama.block_count, 0, llama.block_count",
        "llama.attention.head_count, 8, blk.0.attn_q.weight is 64 × 64",
        "llama.attention.head_count, 1000000000, more than any",
        "llama.attention.head_count_kv, 3, cannot share",
        "llama.attention.key_length, 17, 17",
        "llama.attention.key_length, 20000, more than any",
        "llama.feed_forward_length, 2000000000, more than any",
        "llama.embedding_length, 32, token_embd.weight",
        "llama.feed_forward_length, 161, blk.0.ffn_gate.weight",
        "llama.rope.dimension_count, 15, turns 15",
        "llama.rope.dimension_count, 18, turns 18",
        "llama.expert_count, 4, expert_used_count"
    })
    void numbersThatDoNotFitTheTensors(String key, long value, String message) {
        refused(changed(keys -> keys.putUint32(key, value), info -> info), message);
    }

    @ParameterizedTest
    @CsvSource({
        "llama.context_length",
        "llama.embedding_length",
        "llama.block_count",
        "llama.attention.head_count",
        "llama.attention.layer_norm_rms_epsilon"
    })
    void missingNumbersAreNamed(String key) {
        refused(changed(keys -> keys.remove(key), info -> info), key);
    }

    @Test
    void missingForeignAndUnusableTensorsAreNamed() {
        refused(changed(keys -> {}, renamed("blk.1.ffn_up.weight", "spare")), "lacks the tensor blk.1.ffn_up.weight");
        refused(changed(keys -> {}, renamed("token_embd.weight", "spare")), "lacks the tensor token_embd.weight");
        refused(changed(keys -> {}, renamed("output_norm.weight", "spare")), "lacks the tensor output_norm.weight");
        refused(changed(keys -> {}, renamed("output.weight", "blk.0.attn_sinks.weight")), "blk.0.attn_sinks.weight");
        refused(
                changed(
                        keys -> {},
                        info -> info.name().equals("blk.0.attn_k.weight")
                                ? GgufWriter.tensor(info.name(), TensorType.I32, info.shape())
                                : info),
                "blk.0.attn_k.weight",
                "I32");
        refused(
                changed(
                        keys -> {},
                        info -> info.name().equals("output_norm.weight")
                                ? GgufWriter.tensor(info.name(), TensorType.F32, 32, 2)
                                : info.name().equals("blk.0.attn_norm.weight")
                                        ? GgufWriter.tensor(info.name(), TensorType.F16, 128)
                                        : info),
                "blk.0.attn_norm.weight has 128 values");
    }

    @Test
    void scalingsThatAreNotSupportedAndConfigsThatLack() throws IOException {
        refused(config("\"rope_type\": \"default\"", "\"rope_type\": \"longrope\""), "\"longrope\"", "yarn");
        refused(config("\"rope_type\": \"default\"", "\"rope_type\": \"llama3\""), "factor");
        refused(config("\"rope_theta\": 10000.0", "\"rope_theta\": 0"), "finite");
        refused(config("\"hidden_size\": 64", "\"hidden_size\": 64.5"), "hidden_size");
        refused(config("\"num_attention_heads\"", "\"heads\""), "num_attention_heads");
        refused(config("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": 3"), "tie_word_embeddings");
    }

    @Test
    void aCacheTypeThatDoesNotFitTheHeads() {
        try (ScalarKernels kernels = new ScalarKernels(1);
                Network network = Models.load("architectures/llama", kernels)) {
            assertThatThrownBy(() -> network.newState(KvType.Q8_0, 10))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("f16");
            assertThat(network.kvBytes(65, KvType.F32)).isEqualTo(2L * 2 * 64 * 2 * 2 * 16 * 4);
            assertThat(network.weightBytes()).isEqualTo(matrices());
        }
    }

    @Test
    void typesWithoutKernelsCountAsWhatTheyBecome() {
        Path plain = Models.path("architectures/llama/model-f32.gguf");
        try (ModelFile file = ModelFile.open(plain)) {
            long bytes = file.tensors().stream()
                    .mapToLong(tensor -> tensor.data().byteSize())
                    .sum();
            assertThat(Network.packedBytes(file)).isEqualTo(bytes);
        }
        Path small = changed(
                keys -> {},
                info -> info.name().equals("blk.0.attn_k.weight")
                        ? GgufWriter.tensor(info.name(), TensorType.IQ4_NL, info.shape())
                        : info);
        try (ModelFile file = ModelFile.open(small);
                ModelFile whole = ModelFile.open(plain)) {
            assertThat(Network.packedBytes(file)).isEqualTo(Network.packedBytes(whole));
            assertThat(file.bytes()).isLessThan(whole.bytes());
        }
    }

    /** Bytes of the file's matrices, which are all that is packed. */
    private static long matrices() {
        try (ModelFile file = ModelFile.open(Models.path("architectures/llama/model-f32.gguf"))) {
            return file.tensors().stream()
                    .filter(tensor -> tensor.shape().length == 2)
                    .mapToLong(tensor -> tensor.data().byteSize())
                    .sum();
        }
    }

    private void refused(Path file, String... words) {
        try (ScalarKernels kernels = new ScalarKernels(1)) {
            assertThatThrownBy(() -> {
                        try (ModelFile model = ModelFile.open(file)) {
                            Network.load(model, kernels, LoadListener.SILENT).close();
                        }
                    })
                    .isInstanceOf(GlassException.class)
                    .hasMessageContainingAll(words);
        }
    }

    private static UnaryOperator<TensorInfo> renamed(String from, String to) {
        return info -> info.name().equals(from) ? GgufWriter.tensor(to, info.type(), info.shape()) : info;
    }

    /** The llama oracle with other keys and other tensors; data of another size is cut or filled with zeros. */
    private Path changed(Consumer<Metadata.Builder> keys, UnaryOperator<TensorInfo> tensors) {
        Path target = folder.resolve("changed.gguf");
        try (GgufFile source = GgufFile.open(Models.path("architectures/llama/model-f32.gguf"))) {
            Metadata.Builder builder = Metadata.builder().putAll(source.metadata());
            keys.accept(builder);
            List<TensorInfo> infos = new ArrayList<>();
            source.tensors().forEach(tensor -> infos.add(tensors.apply(tensor.info())));
            try (GgufWriter writer = GgufWriter.create(target, builder.build(), infos)) {
                for (int i = 0; i < infos.size(); i++) {
                    Tensor tensor = source.tensors().get(i);
                    byte[] bytes = new byte[(int) infos.get(i).bytes()];
                    long count = Math.min(bytes.length, tensor.data().byteSize());
                    MemorySegment.ofArray(bytes)
                            .asSlice(0, count)
                            .copyFrom(tensor.data().asSlice(0, count));
                    writer.write(MemorySegment.ofArray(bytes));
                }
                writer.finish();
            }
        }
        return target;
    }

    private Path config(String from, String to) throws IOException {
        Path source = Models.path("architectures/llama");
        String config = Files.readString(source.resolve("config.json"));
        assertThat(config).contains(from);
        Path target = Files.createTempDirectory(folder, "config");
        Files.writeString(target.resolve("config.json"), config.replace(from, to));
        Files.copy(source.resolve("model.safetensors"), target.resolve("model.safetensors"));
        return target;
    }
}
