package dev.glasshouse.cli;

import dev.glasshouse.AskOptions;
import dev.glasshouse.Model;
import dev.glasshouse.engine.Generation;
import dev.glasshouse.engine.Request;
import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
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

    @Option(
            names = "--trace",
            paramLabel = "K",
            description = "Measure writing also while every step is recorded with K candidates, run by run in turns.")
    private Optional<Integer> trace = Optional.empty();

    @Option(
            names = "--sampled",
            description = "Write with the model's own sampler settings, not the likeliest token always.")
    private boolean sampled;

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
            print(
                    "pp" + prompt,
                    prompt,
                    measure(() -> {
                                Generation generation = open.engine().generate(request(open, prompt, 1));
                                return generation.timings().promptNanos();
                            })
                            .getFirst());
            Run writing = () -> write(open, request(open, 1, written));
            if (trace.isEmpty()) {
                print("tg" + written, written, measure(writing).getFirst());
                return;
            }
            List<double[]> both =
                    measure(writing, () -> write(open, request(open, 1, written).withTrace(trace.get())));
            print("tg" + written, written, both.getFirst());
            print("tg" + written + " trace " + trace.get(), written, both.getLast());
        }
    }

    private static long write(Model open, Request request) {
        return open.engine().generate(request).timings().generationNanos();
    }

    private interface Run {
        long nanos();
    }

    /** Seconds of each, ascending; they take turns, so that a change of the machine's pace meets all. */
    private List<double[]> measure(Run... tests) {
        long until = System.nanoTime() + tests.length * warmUp * 1_000_000_000L;
        do {
            for (Run test : tests) {
                test.nanos();
            }
        } while (System.nanoTime() < until);
        List<double[]> seconds = Stream.of(tests).map(test -> new double[runs]).toList();
        for (int i = 0; i < runs; i++) {
            for (int k = 0; k < tests.length; k++) {
                seconds.get(k)[i] = tests[k].nanos() / 1e9;
            }
        }
        seconds.forEach(Arrays::sort);
        return seconds;
    }

    private Request request(Model open, int length, int most) {
        int vocabulary = open.tokenizer().size();
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = Math.floorMod(++seed * 0x9E3779B1, vocabulary);
        }
        return Request.of(ids)
                .withSettings(open.settings(sampled ? AskOptions.DEFAULT : AskOptions.DEFAULT.with("temperature", 0)))
                .withMaxTokens(most)
                .ignoringEnd();
    }

    private void print(String test, int tokens, double[] seconds) {
        console.out()
                .println(String.format(
                        Locale.ROOT,
                        "%-16s %10.2f tokens/s  (%.2f to %.2f, %d runs)",
                        test,
                        tokens / seconds[seconds.length / 2],
                        tokens / seconds[seconds.length - 1],
                        tokens / seconds[0],
                        runs));
    }
}
