package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.ModelPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Training steps on random tokens, for measuring: {@code TrainingBench SIZE THREADS}. Reads the number of steps to do from
 * each line of its input and answers with the seconds they took; ends with its input. {@code bench/pytorch} runs it beside
 * PyTorch.
 */
final class TrainingBench {
    /** What a size stands for: the model and the tokens of a step. */
    private record Work(ModelPlan plan, int length, int batch) {}

    private static final Map<String, Work> WORKS = new TreeMap<>(Map.of(
            "0.26M", new Work(llama(512, 512, 64, 5, 8, 4, 8, 192), 512, 8),
            "1M", new Work(llama(1024, 256, 128, 5, 8, 4, 16, 352), 256, 16),
            "3M", new Work(llama(2048, 256, 192, 6, 6, 6, 32, 512), 256, 16),
            "15M", new Work(llama(32000, 256, 288, 6, 6, 6, 48, 768), 256, 8),
            "124M",
                    new Work(
                            new ModelPlan("gpt2", 50304, 1024, 768, 12, 12, 12, 64, 3072, 1e-5, 10000, true, true),
                            64,
                            4)));

    private TrainingBench() {}

    private static ModelPlan llama(
            int vocabulary, int context, int width, int layers, int heads, int kvHeads, int headSize, int mlp) {
        return new ModelPlan(
                "llama", vocabulary, context, width, layers, heads, kvHeads, headSize, mlp, 1e-5, 10000, true, true);
    }

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Work work = args.length == 2 ? WORKS.get(args[0]) : null;
        if (work == null) {
            System.err.println("usage: TrainingBench SIZE THREADS; sizes: " + String.join(", ", WORKS.keySet()));
            System.exit(2);
            return;
        }
        TokenBatch batch = batch(work);
        try (Kernels kernels = Kernels.best(Integer.parseInt(args[1]));
                Parameters parameters = Parameters.initial(work.plan(), 1);
                Gradients gradients = new Gradients(parameters);
                Optimizer optimizer = new Optimizer(parameters, OptimizerConfig.adamW(1e-3), kernels);
                TrainableDecoder decoder = new TrainableDecoder(parameters, kernels, TrainableDecoder.Options.plain());
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            long step = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                long start = System.nanoTime();
                double loss = 0;
                for (int i = Integer.parseInt(line.strip()); i > 0; i--) {
                    gradients.clear();
                    loss = decoder.forwardBackward(batch, batch.counted(), step, gradients);
                    optimizer.step(gradients, step++, 1, 1);
                }
                out.println((System.nanoTime() - start) * 1e-9 + " " + loss / batch.counted());
            }
        }
    }

    private static TokenBatch batch(Work work) {
        SplittableRandom random = new SplittableRandom(1);
        int tokens = work.length() * work.batch();
        int[] ids = random.ints(tokens, 0, work.plan().vocabulary()).toArray();
        int[] targets = random.ints(tokens, 0, work.plan().vocabulary()).toArray();
        return new TokenBatch(work.length(), ids, targets, new long[work.batch()]);
    }
}
