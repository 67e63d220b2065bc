package dev.glasshouse.server;

import dev.glasshouse.AskOptions;
import dev.glasshouse.Session;
import dev.glasshouse.weights.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/** Generations of a session: started, heard, heard again, cancelled; single steps. */
final class RunRoutes {
    private static final long POLL_MILLIS = 100;
    private static final int MAX_STOPS = 64;

    private final Desk desk;

    RunRoutes(Desk desk) {
        this.desk = desk;
    }

    void addTo(Router router) {
        router.post("/api/glass/sessions/{session}/generate", this::generate)
                .get("/api/glass/sessions/{session}/runs/{run}/events", this::events)
                .post("/api/glass/sessions/{session}/runs/{run}/cancel", this::cancel)
                .post("/api/glass/sessions/{session}/step", this::step);
    }

    private void generate(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        RunLog run;
        SessionEntry entry;
        Desk.Use use = desk.use(exchange);
        boolean started = false;
        try {
            entry = use.entry();
            int from = Desk.node(body, "from", entry.session(), true);
            AskOptions options = options(body, entry);
            body.noOthers();
            run = entry.newRun(from);
            run.tell(
                    "run",
                    Json.object()
                            .put("run", run.number())
                            .put("from", from)
                            .put(
                                    "settings",
                                    Settings.json(
                                            entry.model().settings(options).all()))
                            .build());
            started = start(use, run, from, options);
        } finally {
            if (!started) {
                use.close();
            }
        }
        listen(exchange, entry, run, 0);
    }

    private AskOptions options(Fields body, SessionEntry entry) {
        AskOptions options = Desk.options(body, entry)
                .withThinking(body.bool("thinking", true))
                .withIgnoreEnd(body.bool("ignore_end", false));
        for (String stop : body.strings("stop", MAX_STOPS)) {
            options = options.withStop(stop);
        }
        OptionalInt most = OpenAi.most(
                body.integer("max_tokens", 0, Integer.MAX_VALUE), desk.limits().outputTokens());
        return most.isPresent() ? options.withMaxTokens(most.getAsInt()) : options;
    }

    private boolean start(Desk.Use use, RunLog run, int from, AskOptions options) {
        Session session = use.entry().session();
        try {
            run.runs(desk.jobs()
                    .generate(
                            job -> {
                                end(run, job);
                                use.close();
                            },
                            cancellation -> session.generate(from, options, run, cancellation)));
            return true;
        } catch (ApiException e) {
            use.entry().forget(run);
            throw e;
        }
    }

    private static void end(RunLog run, Job<Session.Result> job) {
        Optional<Throwable> failure = job.failure();
        if (failure.isEmpty()) {
            run.done(job.result().resultNow(), job.expired());
        } else if (failure.get() instanceof CancellationException && !job.expired()) {
            run.cancelled();
        } else {
            run.failed(Jobs.told(job, failure.get()));
        }
    }

    private void events(Exchange exchange) throws Exception {
        int after = Desk.number(exchange, "after").orElse(0);
        SessionEntry entry;
        RunLog run;
        try (Desk.Use use = desk.use(exchange)) {
            entry = use.entry();
            run = run(exchange, entry);
        }
        listen(exchange, entry, run, after);
    }

    private static RunLog run(Exchange exchange, SessionEntry entry) {
        String number = exchange.path("run");
        return (number.matches("[0-9]{1,9}") ? entry.run(Integer.parseInt(number)) : Optional.<RunLog>empty())
                .orElseThrow(() -> new ApiException(ErrorCode.NOT_FOUND, "The session has no such run (any more)."));
    }

    /** Tells a run's events from number {@code after} + 1 on. */
    private void listen(Exchange exchange, SessionEntry entry, RunLog run, int after) throws InterruptedException {
        Feed<RunLog.Frame> feed = run.feed();
        TokenTable tokens = new TokenTable(entry.model().tokenizer());
        int told = after;
        feed.join();
        EventStream events = exchange.events();
        try {
            while (!feed.over(told)) {
                List<RunLog.Frame> frames = feed.from(told, POLL_MILLIS);
                for (RunLog.Frame frame : frames) {
                    told++;
                    switch (frame) {
                        case RunLog.Frame.Told small -> events.event(told, small.name(), small.data());
                        case RunLog.Frame.Stepped step ->
                            events.event(
                                    told,
                                    "step",
                                    Nodes.step(step.node(), tokens).build());
                    }
                }
                if (frames.isEmpty()) {
                    events.quiet();
                }
            }
        } finally {
            feed.leave();
        }
    }

    private void cancel(Exchange exchange) throws Exception {
        exchange.body().noOthers();
        try (Desk.Use use = desk.use(exchange)) {
            RunLog run = run(exchange, use.entry());
            boolean running = run.running();
            run.cancel();
            exchange.json(Json.object()
                    .put("run", run.number())
                    .put("cancelled", running)
                    .build());
        }
    }

    private void step(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (Desk.Use use = desk.use(exchange)) {
            SessionEntry entry = use.entry();
            int from = Desk.node(body, "from", entry.session(), true);
            AskOptions options = Desk.options(body, entry);
            OptionalInt pick = body.integer("pick", 0, Integer.MAX_VALUE);
            body.noOthers();
            pick.ifPresent(id -> SessionRoutes.checkIds("pick", new int[] {id}, entry.model()));
            Session.Node node = desk.jobs()
                    .inspect(exchange, cancellation -> entry.session().step(from, options, pick, cancellation));
            exchange.json(Nodes.step(node, new TokenTable(entry.model().tokenizer()))
                    .put(
                            "end",
                            entry.model()
                                    .tokenizer()
                                    .isEndOfGeneration(node.token().id()))
                    .put("text", node.step().map(step -> step.text()).orElse(""))
                    .build());
        }
    }
}
