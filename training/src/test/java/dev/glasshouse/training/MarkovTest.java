package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.weights.Json;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A source whose entropy is known: a small Llama comes as close to it as PyTorch's did with the same recipe, and never below. */
class MarkovTest {
    private static final int LENGTH = 64;
    private static final int BATCH = 64;
    private static final int STEPS = 600;
    private static final int HELD_OUT = 16;
    /** PyTorch was 1.6 % over the entropy rate; draws differ. */
    private static final double OVER = 0.025;

    @Test
    void aSmallLlamaLearnsTheSource() {
        Json.ObjectValue oracle = Json.read(Fixtures.path("markov.json")).asObject();
        Source source = new Source(oracle.get("P").asArray());
        ModelPlan plan =
                new ModelPlan("llama", source.symbols(), LENGTH, 64, 2, 4, 2, 16, 176, 1e-5, 10_000, true, true);
        OptimizerConfig how = OptimizerConfig.adamW(3e-3);
        Schedule schedule = Schedule.cosine(50);
        double loss;
        try (Kernels kernels = Kernels.best(2);
                Parameters parameters = Parameters.initial(plan, 1);
                Gradients gradients = new Gradients(parameters);
                Optimizer optimizer = new Optimizer(parameters, how, kernels);
                TrainableDecoder decoder =
                        new TrainableDecoder(parameters, kernels, TrainableDecoder.Options.plain())) {
            for (long step = 0; step < STEPS; step++) {
                TokenBatch batch = source.batch(BATCH, step);
                gradients.clear();
                decoder.forwardBackward(batch, batch.counted(), step, gradients);
                optimizer.step(gradients, step, schedule.factor(step, STEPS), 1);
            }
            double sum = 0;
            for (int i = 1; i <= HELD_OUT; i++) {
                sum = decoder.loss(known(source.batch(BATCH, -i)), sum);
            }
            loss = sum / (HELD_OUT * BATCH * (LENGTH - 1));
        }
        double entropy = oracle.get("entropy_rate_nats").asDouble();
        System.out.printf(
                "Markov source: loss %.4f, entropy rate %.4f, %.2f %% over%n",
                loss, entropy, 100 * (loss / entropy - 1));
        assertThat(loss).isBetween(entropy * 0.995, entropy * (1 + OVER));
    }

    /** Without the first target of each sample, which has one symbol before it: the rate is that of symbols with two. */
    private static TokenBatch known(TokenBatch batch) {
        int[] targets = batch.targets().clone();
        for (int i = 0; i < targets.length; i += LENGTH) {
            targets[i] = -1;
        }
        return new TokenBatch(LENGTH, batch.ids(), targets, batch.samples());
    }

    /** Symbols that depend on the two before. */
    private record Source(double[][][] odds) {
        Source(List<Json> table) {
            this(table.stream()
                    .map(row -> row.asArray().stream()
                            .map(cell -> cell.asArray().stream()
                                    .mapToDouble(Json::asDouble)
                                    .toArray())
                            .toArray(double[][]::new))
                    .toArray(double[][][]::new));
        }

        int symbols() {
            return odds.length;
        }

        /** Samples of their own for each seed; some symbols before the first are drawn and dropped. */
        TokenBatch batch(int samples, long seed) {
            int[] ids = new int[samples * LENGTH];
            int[] targets = new int[ids.length];
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < samples; i++) {
                int before = random.nextInt(odds.length);
                int last = random.nextInt(odds.length);
                for (int at = -20; at <= LENGTH; at++) {
                    int next = draw(odds[before][last], random.nextDouble());
                    if (at >= 0 && at < LENGTH) {
                        ids[i * LENGTH + at] = next;
                    }
                    if (at > 0) {
                        targets[i * LENGTH + at - 1] = next;
                    }
                    before = last;
                    last = next;
                }
            }
            return new TokenBatch(LENGTH, ids, targets, new long[samples]);
        }

        private static int draw(double[] odds, double at) {
            double left = at;
            for (int i = 0; i < odds.length - 1; i++) {
                left -= odds[i];
                if (left < 0) {
                    return i;
                }
            }
            return odds.length - 1;
        }
    }
}
