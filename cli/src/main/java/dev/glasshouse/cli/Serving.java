package dev.glasshouse.cli;

import dev.glasshouse.ModelOptions;
import dev.glasshouse.server.Access;
import dev.glasshouse.server.GlassServer;
import dev.glasshouse.server.Limits;
import dev.glasshouse.server.ServerOptions;
import dev.glasshouse.weights.GlassException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Runs a server until the process is told to end. */
final class Serving {
    private final Console console;

    Serving(Console console) {
        this.console = console;
    }

    /** What the command line says. */
    record Choice(
            String host,
            int port,
            List<String> keys,
            List<String> hosts,
            List<String> origins,
            int maxModels,
            int parallel,
            int queue,
            Optional<Integer> maxTokens,
            int drainSeconds,
            Optional<String> model,
            ModelOptions engine) {}

    void run(Choice choice) {
        GlassServer server = GlassServer.start(options(choice));
        console.note("Glasshouse is at " + console.bold(server.address().toString()));
        if (console.errTerminal()) {
            console.note(console.faint("  Open it in a browser. Chat programs use " + server.address() + "v1"
                    + (choice.keys().isEmpty() ? "" : " and the API key") + ". Ctrl+C ends it."));
        }
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> end(server, ended), "glass-drain");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.close();
        }
    }

    /** The process was told to end: that is no failure, so it leaves with 0. */
    private void end(GlassServer server, CountDownLatch ended) {
        if (server.active() > 0) {
            console.note("Ending: answers in progress may finish.");
        }
        try {
            server.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended.countDown();
        console.err().flush();
        Runtime.getRuntime().halt(0);
    }

    private static ServerOptions options(Choice choice) {
        if (choice.drainSeconds() < 0) {
            throw new GlassException("--drain-seconds must not be negative, but is " + choice.drainSeconds() + ".");
        }
        Limits limits = Limits.DEFAULT
                .withRequests(choice.parallel(), choice.queue())
                .withModels(choice.maxModels())
                .withDrain(Duration.ofSeconds(choice.drainSeconds()));
        if (choice.maxTokens().isPresent()) {
            limits = limits.withOutputTokens(choice.maxTokens().get());
        }
        ServerOptions options = ServerOptions.defaults()
                .at(choice.host(), choice.port())
                .withAccess(new Access(choice.keys(), choice.hosts(), choice.origins()))
                .withModelOptions(choice.engine())
                .withLimits(limits);
        return choice.model().isPresent()
                ? options.withDefaultModel(choice.model().get())
                : options;
    }
}
