package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.Batch;
import dev.glasshouse.network.LoadListener;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.network.Network;
import dev.glasshouse.network.ParameterShape;
import dev.glasshouse.network.SequenceState;
import dev.glasshouse.weights.GgufWriter;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.TensorInfo;
import dev.glasshouse.weights.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forward pass of training has the bits of inference on the exported F32 file. No tolerance. */
class SameAsNetworkTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({
        "llama, vector",
        "llama-tied, vector",
        "gpt2, vector",
        "qwen2-tied, vector",
        "qwen3, vector",
        "llama, scalar",
        "gpt2, scalar"
    })
    void logitsAreTheNetworks(String kind, String name) throws IOException {
        try (Kernels kernels = Fixtures.kernels(name, 2);
                Parameters parameters = Fixtures.load(kind, "init", scratch);
                TrainableDecoder decoder =
                        new TrainableDecoder(parameters, kernels, TrainableDecoder.Options.plain())) {
            int[] ids = new int[100];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = Fixtures.batch(0).ids()[i];
            }
            float[] ours = Fixtures.values(decoder.logits(ids));
            Path file = scratch.resolve("model.gguf");
            write(parameters, file);
            try (ModelFile model = ModelFile.open(file);
                    Parameters again = Parameters.load(model);
                    Network network = Network.load(model, kernels, LoadListener.SILENT);
                    SequenceState state = network.newState(KvType.F32, ids.length)) {
                assertThat(again.plan()).isEqualTo(parameters.plan());
                assertThat(again.sha256()).isEqualTo(parameters.sha256());
                Batch batch = new Batch();
                batch.add(state, ids).allLogits();
                assertThat(Fixtures.values(network.forward(batch).logits())).isEqualTo(ours);
            }
        }
    }

    private static void write(Parameters parameters, Path file) {
        ModelPlan plan = parameters.plan();
        List<TensorInfo> infos =
                parameters.shapes().stream().map(SameAsNetworkTest::info).toList();
        try (GgufWriter writer = GgufWriter.create(file, plan.metadata(), infos)) {
            for (int i = 0; i < infos.size(); i++) {
                Matrix value = parameters.value(i);
                writer.write(value.data());
            }
            writer.finish();
        }
    }

    private static TensorInfo info(ParameterShape shape) {
        return shape.rows() == 1
                ? GgufWriter.tensor(shape.name(), TensorType.F32, shape.cols())
                : GgufWriter.tensor(shape.name(), TensorType.F32, shape.cols(), shape.rows());
    }
}
