package dev.glasshouse.cli;

import dev.glasshouse.AskOptions;
import dev.glasshouse.Model;
import dev.glasshouse.engine.Generation;
import dev.glasshouse.engine.Request;
import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code glass bench}: how fast a model reads and writes here, in the terms of llama-bench. */
@Command(
        name = "bench",
        description = {
            "Measure how fast a model reads a prompt (pp) and writes (tg), in tokens a second.",
            "",
            "As llama-bench does it: random tokens, an empty context, a warm-up before each test, the median of some runs."
                    + " The pick of the likeliest token is counted here, there it is not."
        })
final class BenchCommand implements Runnable {
    private static final int MOST_TOKENS = 1 << 20;

    private final Console console;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Mixin
    private final EngineOption engine = new EngineOption();

    @Option(names = "-p", paramLabel = "N", defaultValue = "512", description = "Tokens of the prompt test (512).")
    private int prompt;

    @Option(names = "-g", paramLabel = "N", defaultValue = "128", description = "Tokens of the writing test (128).")
    private int written;

    @Option(names = "-r", paramLabel = "N", defaultValue = "5", description = "Runs of each (5).")
    private int runs;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "6",
            description = "Warm up for so long before each test, until the JIT compilers are done (6).")
    private int warmUp;

    /** Differs from run to run, so that nothing can be reused from the cache. */
    private int seed;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        for (int count : new int[] {prompt, written, runs}) {
            if (count < 1 || count > MOST_TOKENS) {
                throw new GlassException("-p, -g and -r must be from 1 to " + MOST_TOKENS + ", not " + count + ".");
            }
        }
        try (Model open = engine.open(console, model.installed(console), true)) {
            print("pp" + prompt, prompt, measure(() -> {
                Generation generation = open.engine().generate(request(open, prompt, 1));
                return generation.timings().promptNanos();
            }));
            print("tg" + written, written, measure(() -> {
                Generation generation = open.engine().generate(request(open, 1, written));
                return generation.timings().generationNanos();
            }));
        }
    }

    private interface Run {
        long nanos();
    }

    private double[] measure(Run run) {
        long until = System.nanoTime() + warmUp * 1_000_000_000L;
        do {
            run.nanos();
        } while (System.nanoTime() < until);
        double[] seconds = new double[runs];
        for (int i = 0; i < runs; i++) {
            seconds[i] = run.nanos() / 1e9;
        }
        Arrays.sort(seconds);
        return seconds;
    }

    private Request request(Model open, int length, int most) {
        int vocabulary = open.tokenizer().size();
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = Math.floorMod(++seed * 0x9E3779B1, vocabulary);
        }
        return Request.of(ids)
                .withSettings(open.settings(AskOptions.DEFAULT.with("temperature", 0)))
                .withMaxTokens(most)
                .ignoringEnd();
    }

    private void print(String test, int tokens, double[] seconds) {
        console.out()
                .println(String.format(
                        Locale.ROOT,
                        "%-8s %10.2f tokens/s  (%.2f to %.2f, %d runs)",
                        test,
                        tokens / seconds[seconds.length / 2],
                        tokens / seconds[seconds.length - 1],
                        tokens / seconds[0],
                        runs));
    }
}
