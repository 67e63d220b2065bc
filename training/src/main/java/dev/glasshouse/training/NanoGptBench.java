package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * The preset {@code nanogpt} on the characters of a text, for comparing: {@code NanoGptBench TEXT THREADS SEED}. Windows are
 * drawn as nanoGPT draws them; the last line of its output is JSON with the loss of the whole validation split (the last
 * tenth, in windows, each from nothing) and the seconds of training. {@code bench/pytorch} runs it beside PyTorch.
 */
final class NanoGptBench {
    /** Windows of the validation split that are computed together. */
    private static final int TOGETHER = 256;

    private NanoGptBench() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println("usage: NanoGptBench TEXT THREADS SEED");
            System.exit(2);
            return;
        }
        String text = Files.readString(Path.of(args[0]));
        int[] characters = text.chars().sorted().distinct().toArray();
        int[] tokens = text.chars()
                .map(c -> java.util.Arrays.binarySearch(characters, c))
                .toArray();
        long seed = Long.parseLong(args[2]);
        TrainingConfig config = Presets.nanoGpt(characters.length);
        try (Kernels kernels = Kernels.best(Integer.parseInt(args[1]));
                Parameters parameters = Parameters.initial(config.model(), seed);
                Gradients gradients = new Gradients(parameters);
                Optimizer optimizer = new Optimizer(parameters, config.optimizer(), kernels);
                TrainableDecoder decoder =
                        new TrainableDecoder(parameters, kernels, TrainableDecoder.Options.plain())) {
            int cut = (int) (tokens.length * 0.9);
            SplittableRandom random = new SplittableRandom(seed);
            long start = System.nanoTime();
            for (long step = 0; step < config.steps(); step++) {
                int[] at = random.ints(config.batch(), 0, cut - config.length()).toArray();
                TokenBatch batch = batch(tokens, at, config.length());
                gradients.clear();
                decoder.forwardBackward(batch, batch.counted(), step, gradients);
                optimizer.step(gradients, step, config.schedule().factor(step, config.steps()), config.clip());
            }
            double seconds = (System.nanoTime() - start) * 1e-9;
            double loss = validation(decoder, tokens, cut, config.length());
            new PrintStream(System.out, true, StandardCharsets.UTF_8)
                    .println("{\"loss\": " + loss + ", \"seconds\": " + seconds + "}");
        }
    }

    private static double validation(TrainableDecoder decoder, int[] tokens, int cut, int length) {
        int count = (tokens.length - cut - 1) / length;
        double sum = 0;
        for (int from = 0; from < count; from += TOGETHER) {
            int[] at = new int[Math.min(TOGETHER, count - from)];
            for (int i = 0; i < at.length; i++) {
                at[i] = cut + (from + i) * length;
            }
            sum = decoder.loss(batch(tokens, at, length), sum);
        }
        return sum / ((double) count * length);
    }

    /** Windows that begin at the given places. */
    private static TokenBatch batch(int[] tokens, int[] at, int length) {
        int[] ids = new int[at.length * length];
        int[] targets = new int[ids.length];
        for (int i = 0; i < at.length; i++) {
            System.arraycopy(tokens, at[i], ids, i * length, length);
            System.arraycopy(tokens, at[i] + 1, targets, i * length, length);
        }
        return new TokenBatch(length, ids, targets, new long[at.length]);
    }
}
