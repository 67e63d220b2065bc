package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.Tensor;
import dev.glasshouse.weights.TensorCodec;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The oracles of PyTorch in the test resources. */
final class Fixtures {
    static final int LENGTH = 64;
    static final int BATCH = 8;
    static final int TRAINING_STEPS = 200;

    private Fixtures() {}

    static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(Fixtures.class.getResource("fixtures/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The plan of llama, llama-tied, gpt2, qwen2-tied or qwen3. */
    static ModelPlan plan(String kind) {
        String architecture = kind.replace("-tied", "");
        boolean gpt2 = kind.equals("gpt2");
        return new ModelPlan(
                architecture,
                65,
                128,
                64,
                2,
                4,
                gpt2 ? 4 : 2,
                kind.equals("qwen3") ? 32 : 16,
                gpt2 ? 256 : 176,
                1e-5,
                10_000,
                gpt2 || kind.endsWith("-tied"),
                true);
    }

    /** Tensors of a fixture such as {@code init} or {@code grads_step0}, by our names and in our layout. */
    static Parameters load(String kind, String name, Path scratch) throws IOException {
        String file = (kind.equals("llama") ? "" : kind + "/") + name + ".safetensors";
        try (ModelFile model = folder(file, plan(kind).config(), scratch)) {
            return Parameters.load(model);
        }
    }

    static float[] logits(String kind, Path scratch) throws IOException {
        String file = (kind.equals("llama") ? "" : kind + "/") + "logits_step0_row0.safetensors";
        try (ModelFile model = folder(file, Json.object().build(), scratch)) {
            Tensor tensor = model.tensor("logits_b0").orElseThrow();
            float[] values = new float[(int) tensor.elements()];
            TensorCodec.unpack(tensor.type(), tensor.data(), 0, values, 0, values.length);
            return values;
        }
    }

    @SuppressWarnings("MustBeClosedChecker")
    private static ModelFile folder(String file, Json.ObjectValue config, Path scratch) throws IOException {
        Path folder = Files.createTempDirectory(scratch, "model");
        Files.writeString(folder.resolve("config.json"), config.write());
        Files.copy(path(file), folder.resolve("model.safetensors"));
        return ModelFile.open(folder);
    }

    static Json.ObjectValue expected(String kind) throws IOException {
        return Json.parse(Files.readString(path("expected.json")))
                .asObject()
                .object(kind)
                .orElseThrow();
    }

    static double[] numbers(Json.ObjectValue from, String key) {
        List<Json> values = from.array(key).orElseThrow();
        return values.stream().mapToDouble(Json::asDouble).toArray();
    }

    /** Batch {@code index} of training, or of validation from {@link #TRAINING_STEPS} on. */
    static TokenBatch batch(int index) throws IOException {
        byte[] windows = Files.readAllBytes(path("windows.bin"));
        int[] ids = new int[BATCH * LENGTH];
        int[] targets = new int[BATCH * LENGTH];
        long[] samples = new long[BATCH];
        for (int s = 0; s < BATCH; s++) {
            int at = (index * BATCH + s) * (LENGTH + 1);
            samples[s] = (long) index * BATCH + s;
            for (int i = 0; i < LENGTH; i++) {
                ids[s * LENGTH + i] = windows[at + i];
                targets[s * LENGTH + i] = windows[at + i + 1];
            }
        }
        return new TokenBatch(LENGTH, ids, targets, samples);
    }

    /** The schedule of all fixtures, as a factor: ten steps of warm-up, then a cosine to a tenth at step 200. */
    static double rate(int step) {
        return step < 10 ? (step + 1) / 10.0 : 0.1 + 0.45 * (1 + StrictMath.cos(Math.PI * (step - 10) / 190));
    }

    static Kernels kernels(String name, int threads) {
        return name.equals("scalar") ? new ScalarKernels(threads) : Kernels.best(threads);
    }

    static float[] values(Matrix matrix) {
        float[] all = new float[matrix.rows() * matrix.cols()];
        for (int i = 0; i < matrix.rows(); i++) {
            System.arraycopy(matrix.row(i), 0, all, i * matrix.cols(), matrix.cols());
        }
        return all;
    }
}
