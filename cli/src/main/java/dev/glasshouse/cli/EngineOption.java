package dev.glasshouse.cli;

import dev.glasshouse.Model;
import dev.glasshouse.ModelOptions;
import dev.glasshouse.engine.EngineFacts;
import dev.glasshouse.hub.InstalledModel;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How a model is opened: context, cache, threads. */
final class EngineOption {
    @Option(
            names = {"-c", "--context"},
            paramLabel = "N",
            description = "Tokens the model can look back; without it, what the model and the memory allow.")
    private Optional<Integer> context = Optional.empty();

    @Option(
            names = "--kv",
            paramLabel = "TYPE",
            defaultValue = "f16",
            description = "How keys and values are cached: f32, f16 or q8_0 (f16).")
    private String cache = "f16";

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads that compute; without it, one a processor. The answer does not depend on it.")
    private Optional<Integer> threads = Optional.empty();

    @Option(names = "--scalar", description = "Compute without the Vector API: the same bits, slowly.")
    private boolean scalar;

    EngineOption() {}

    EngineOption(String cache, int context, Optional<Integer> threads, boolean scalar) {
        this.cache = cache;
        this.context = Optional.of(context);
        this.threads = threads;
        this.scalar = scalar;
    }

    ModelOptions options() {
        ModelOptions options = ModelOptions.DEFAULT.withCache(cache);
        if (context.isPresent()) {
            options = options.withContext(context.get());
        }
        if (threads.isPresent()) {
            options = options.withThreads(threads.get());
        }
        return scalar ? options.withScalarKernels() : options;
    }

    /** Opens the model and says on stderr what a person needs to know. */
    Model open(Console console, InstalledModel installed, boolean verbose) {
        if (!scalar) {
            VectorModule.load();
        }
        Model model;
        try (ProgressBar bar = ProgressBar.late(console, "loading " + installed.name())) {
            model = Model.open(
                    installed,
                    options()
                            .withLoading((done, total) -> bar.update(done, total, 0, OptionalLong.empty()))
                            .withWarnings(warning -> console.note(console.paint("33", "slow: ") + warning)));
        }
        EngineFacts facts = model.engineFacts();
        facts.model().context().ifPresent(trained -> {
            if (facts.context() > trained) {
                console.note("The model was made for a context of " + Numbers.whole(trained)
                        + "; beyond that its answers get worse.");
            }
        });
        if (verbose) {
            console.note(console.faint(String.format(
                    Locale.ROOT,
                    "%s, %d threads, context %,d, cache %s, memory about %s, loaded in %.2f s",
                    facts.kernels(),
                    facts.threads(),
                    facts.context(),
                    String.valueOf(facts.kv()).toLowerCase(Locale.ROOT),
                    ProgressBar.bytes(facts.memory().total()),
                    facts.loadNanos() / 1e9)));
        }
        return model;
    }
}
