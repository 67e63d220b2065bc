package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.ModelPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Losses, gradients and weights after steps, bit for bit, for any micro-batch, rows of the loss, threads and kernels. */
class SameBitsTest {
    private static final int SAMPLES = 6;
    private static final int LENGTH = 70;

    private record Way(String kernels, int threads, int micro, int lossRows) {}

    @ParameterizedTest
    @CsvSource({
        "llama, true, true",
        "llama, false, false",
        "qwen2, true, true",
        "qwen3, false, true",
        "gpt2, true, true"
    })
    void everyWayGivesTheSame(String architecture, boolean tied, boolean muon) {
        ModelPlan plan = new ModelPlan(
                architecture, 50, 80, 24, 2, 4, architecture.equals("gpt2") ? 4 : 2, 6, 40, 1e-5, 10_000, tied, true);
        OptimizerConfig config = muon ? OptimizerConfig.muon(1e-3, 0.02) : OptimizerConfig.adamW(1e-3);
        List<String> first = results(plan, config, new Way("scalar", 1, SAMPLES, 1024));
        for (Way way : List.of(
                new Way("scalar", 2, 2, 64),
                new Way("vector", 1, SAMPLES, 33),
                new Way("vector", 2, 1, 1024),
                new Way("vector", 2, 4, 7))) {
            assertThat(results(plan, config, way)).as(way.toString()).isEqualTo(first);
        }
    }

    private static List<String> results(ModelPlan plan, OptimizerConfig config, Way way) {
        List<String> results = new ArrayList<>();
        try (Kernels kernels = Fixtures.kernels(way.kernels, way.threads);
                Parameters parameters = Parameters.initial(plan, 5);
                Gradients gradients = new Gradients(parameters);
                Optimizer optimizer = new Optimizer(parameters, config, kernels);
                TrainableDecoder decoder = new TrainableDecoder(
                        parameters, kernels, new TrainableDecoder.Options(0.1f, 9, way.lossRows))) {
            results.add(parameters.sha256());
            for (int step = 0; step < 3; step++) {
                TokenBatch batch = batch(step, plan.vocabulary());
                gradients.clear();
                double sum = 0;
                for (int from = 0; from < SAMPLES; from += way.micro) {
                    TokenBatch micro = batch.part(from, Math.min(SAMPLES, from + way.micro));
                    sum = decoder.forwardBackward(micro, batch.counted(), step, gradients, sum);
                }
                results.add(Double.toHexString(sum));
                results.add(Double.toHexString(optimizer.step(gradients, step, 0.5, 1)));
                for (int i = 0; i < gradients.shapes().size(); i++) {
                    results.add(gradients.shapes().get(i).name() + " "
                            + Arrays.hashCode(Fixtures.values(gradients.value(i))));
                }
                results.add(parameters.sha256());
                results.add(Double.toHexString(decoder.loss(batch)));
            }
        }
        return results;
    }

    private static TokenBatch batch(int step, int vocabulary) {
        int[] ids = new int[SAMPLES * LENGTH];
        int[] targets = new int[ids.length];
        long[] samples = new long[SAMPLES];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) Long.remainderUnsigned(Keys.of(step, i), vocabulary);
            targets[i] = i % 11 == 3 ? -1 : (int) Long.remainderUnsigned(Keys.of(100 + step, i), vocabulary);
            samples[i / LENGTH] = (long) step * SAMPLES + i / LENGTH;
        }
        return new TokenBatch(LENGTH, ids, targets, samples);
    }
}
