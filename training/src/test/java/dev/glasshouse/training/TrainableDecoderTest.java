package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TrainableDecoderTest {
    private static final ModelPlan PLAN = new ModelPlan("llama", 20, 16, 16, 2, 2, 1, 8, 24, 1e-5, 10_000, true, true);

    private static TokenBatch batch(int samples) {
        int[] ids = new int[samples * 8];
        int[] targets = new int[samples * 8];
        long[] numbers = new long[samples];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i * 7 % 20;
            targets[i] = (i * 7 + 3) % 20;
            numbers[i / 8] = i / 8;
        }
        return new TokenBatch(8, ids, targets, numbers);
    }

    @Test
    void learnsOneBatchByHeart() {
        try (Kernels kernels = Kernels.best(1);
                Parameters parameters = Parameters.initial(PLAN, 1);
                Gradients gradients = new Gradients(parameters);
                Optimizer optimizer = new Optimizer(parameters, OptimizerConfig.adamW(1e-2), kernels);
                TrainableDecoder decoder =
                        new TrainableDecoder(parameters, kernels, TrainableDecoder.Options.plain())) {
            for (int step = 0; step < 150; step++) {
                gradients.clear();
                decoder.forwardBackward(batch(4), 32, step, gradients);
                optimizer.step(gradients, step, 1, 1);
            }
            assertThat(decoder.loss(batch(4)) / 32).isLessThan(0.01);
        }
    }

    /** Sizes of passes come and go; what is computed does not depend on those before. */
    @Test
    void memoryIsCutAnew() {
        try (Kernels kernels = Kernels.best(1);
                Parameters parameters = Parameters.initial(PLAN, 1);
                TrainableDecoder decoder =
                        new TrainableDecoder(parameters, kernels, new TrainableDecoder.Options(0, 0, 5))) {
            double small = decoder.loss(batch(1));
            double large = decoder.loss(batch(6));
            assertThat(decoder.loss(batch(1))).isEqualTo(small);
            assertThat(decoder.loss(batch(6))).isEqualTo(large);
            assertThat(decoder.logits(new int[16]).rows()).isEqualTo(16);
        }
    }

    @Test
    void dropoutDependsOnSeedStepAndSampleAndNotOnEvaluation() {
        try (Kernels kernels = Kernels.best(1);
                Parameters parameters = Parameters.initial(PLAN, 1);
                Gradients gradients = new Gradients(parameters);
                TrainableDecoder plain = new TrainableDecoder(parameters, kernels, TrainableDecoder.Options.plain());
                TrainableDecoder one =
                        new TrainableDecoder(parameters, kernels, new TrainableDecoder.Options(0.2f, 1, 100));
                TrainableDecoder two =
                        new TrainableDecoder(parameters, kernels, new TrainableDecoder.Options(0.2f, 2, 100))) {
            TokenBatch batch = batch(2);
            TokenBatch later = new TokenBatch(8, batch.ids(), batch.targets(), new long[] {2, 3});
            double[] losses = {
                one.forwardBackward(batch, 16, 0, gradients),
                one.forwardBackward(batch, 16, 1, gradients),
                one.forwardBackward(later, 16, 0, gradients),
                two.forwardBackward(batch, 16, 0, gradients),
                plain.forwardBackward(batch, 16, 0, gradients)
            };
            assertThat(Arrays.stream(losses).distinct().count()).isEqualTo(5);
            assertThat(one.forwardBackward(batch, 16, 0, gradients)).isEqualTo(losses[0]);
            assertThat(one.loss(batch)).isEqualTo(losses[4]);
        }
    }

    @Test
    void badInputIsNamed() {
        try (Kernels kernels = Kernels.best(1);
                Parameters parameters = Parameters.initial(PLAN, 1);
                TrainableDecoder decoder =
                        new TrainableDecoder(parameters, kernels, TrainableDecoder.Options.plain())) {
            TokenBatch outside = new TokenBatch(2, new int[] {1, 20}, new int[] {1, 2}, new long[1]);
            assertThatThrownBy(() -> decoder.loss(outside))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("token 20")
                    .hasMessageContaining("vocabulary of 20");
            assertThatThrownBy(() -> decoder.logits(new int[17]))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("context of 16");
            assertThatThrownBy(() -> new TrainableDecoder.Options(1, 0, 1)).isInstanceOf(GlassException.class);
        }
    }
}
