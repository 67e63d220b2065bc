package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Newer Hugging Face files keep all experts of a layer in two tensors; the answers are those of one tensor each. */
class FusedExpertsTest {
    private static final int[] IDS = {1, 178, 199, 28, 249};

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final List<String> header = new ArrayList<>();

    @Test
    void gateAndUpInOneTensor() throws IOException {
        Path source = Models.path("architectures/qwen3moe");
        Files.copy(source.resolve("config.json"), folder.resolve("config.json"));
        try (ModelFile file = ModelFile.open(source)) {
            for (Tensor tensor : file.tensors()) {
                if (!tensor.name().contains(".experts.")) {
                    put(tensor.name(), dimensions(tensor), List.of(tensor));
                }
            }
            for (int layer = 0; layer < 2; layer++) {
                String stem = "model.layers." + layer + ".mlp.experts.";
                List<Tensor> gateUp = new ArrayList<>();
                List<Tensor> down = new ArrayList<>();
                for (int expert = 0; expert < 4; expert++) {
                    gateUp.add(file.tensor(stem + expert + ".gate_proj.weight").orElseThrow());
                    gateUp.add(file.tensor(stem + expert + ".up_proj.weight").orElseThrow());
                    down.add(file.tensor(stem + expert + ".down_proj.weight").orElseThrow());
                }
                put(stem + "gate_up_proj", "4,96,64", gateUp);
                put(stem + "down_proj", "4,64,48", down);
            }
        }
        byte[] json = ("{" + String.join(",", header) + "}").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .array());
        out.writeBytes(json);
        out.writeBytes(data.toByteArray());
        Files.write(folder.resolve("model.safetensors"), out.toByteArray());
        try (Kernels kernels = new ScalarKernels(1);
                Network separate = Models.load("architectures/qwen3moe", kernels);
                ModelFile file = ModelFile.open(folder);
                Network fused = Network.load(file, kernels, LoadListener.SILENT)) {
            assertThat(Models.logits(fused, IDS, KvType.F32)).isDeepEqualTo(Models.logits(separate, IDS, KvType.F32));
        }
    }

    private static String dimensions(Tensor tensor) {
        return tensor.shape().length == 1 ? Long.toString(tensor.columns()) : tensor.rows() + "," + tensor.columns();
    }

    private void put(String name, String shape, List<Tensor> parts) {
        int from = data.size();
        parts.forEach(part -> data.writeBytes(part.data().toArray(ValueLayout.JAVA_BYTE)));
        header.add(Json.of(name).write() + ":{\"dtype\":\"F32\",\"shape\":[" + shape + "],\"data_offsets\":[" + from
                + "," + data.size() + "]}");
    }
}
