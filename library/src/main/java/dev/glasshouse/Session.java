package dev.glasshouse;

import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.Draws;
import dev.glasshouse.engine.Engine;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.Look;
import dev.glasshouse.engine.Request;
import dev.glasshouse.engine.Run;
import dev.glasshouse.engine.Timings;
import dev.glasshouse.engine.TokenTree;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.engine.View;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A tree of tokens: a text, what a model made of it, and every branch beside it. Each token has a number; the path from the
 * root to it is the text that the model read before it chose the next one.
 *
 * <p>Generating goes on at the last token it made as one run, token by token or all at once: the same picks and draws either
 * way. From any other token, or with other settings, a new run begins, and its draws begin anew from the seed.
 *
 * <p>Thread-safe. Reading the tree never waits, and what only looks does not wait for a generation in progress; of what
 * makes tokens, one call at a time is served. A model's mistakes and a user's end in a {@link GlassException}; numbers of
 * tokens that are not there too.
 */
public final class Session implements AutoCloseable {
    /** The number of the empty root. */
    public static final int ROOT = 0;

    /** The most tokens that a session holds. */
    public static final int MAX_NODES = 100_000;

    /** The most candidates of a step that are recorded or asked for. */
    public static final int MAX_TOP = 1000;

    /** Records of one session: never so many that the heap is full of them. */
    private static final long MAX_BYTES =
            Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4);

    private static final int TOP = 10;

    /** Tokens at the end of a prompt that tell whether it opens a reasoning. */
    private static final int TAIL = 16;

    /** What follows a token, kept for the next question. */
    private record Known(int node, float[] logits) {}

    private final Model model;
    private final Engine engine;
    private final ReentrantLock busy = new ReentrantLock(true);
    private final Nodes nodes = new Nodes();
    private final List<SessionRun> runs = new ArrayList<>();
    private volatile int head = ROOT;
    private volatile long bytes;
    private volatile boolean closed;
    private final Set<Cancellation> present = ConcurrentHashMap.newKeySet();
    private Optional<SessionRun> live = Optional.empty();
    private Optional<Known> known = Optional.empty();

    Session(Model model) {
        this.model = model;
        engine = model.engine();
    }

    /** One that holds a recorded generation. */
    Session(Model model, Trace trace) {
        this(model);
        bounded(trace.top());
        AskOptions options = AskOptions.DEFAULT.withIgnoreEnd(trace.ignoreEnd());
        for (String stop : trace.stops()) {
            options = options.withStop(stop);
        }
        Run run = engine.resume(trace);
        int from = prompt(trace.promptIds());
        SessionRun loaded = new SessionRun(nodes, 0, run, from, trace.settings(), options, reasons(trace.promptIds()));
        for (int i = 0; i < trace.steps().size(); i++) {
            loaded.add(i, trace.steps().get(i));
        }
        runs.add(loaded);
        live = Optional.of(loaded);
        head = loaded.head();
    }

    /**
     * A token of the tree.
     *
     * @param number from 1
     * @param parent the node before it, {@link #ROOT} for the first of a text
     * @param token what it is
     * @param by who picked it; empty for a token of a prompt
     * @param step all that is recorded of the pick; empty for a token that no run made
     */
    public record Node(int number, int parent, Trace.Token token, Optional<PickedBy> by, Optional<Trace.Step> step) {}

    /**
     * What {@link #generate} made.
     *
     * @param head the last token
     * @param finish why it ended; MAX_TOKENS where it only paused
     * @param stop the stop string that ended it
     * @param timings of this call
     * @param text the answer's text, the stop string left out
     * @param reasoning what the model thought aloud before
     */
    public record Result(
            int head, FinishReason finish, Optional<String> stop, Timings timings, String text, String reasoning) {}

    /**
     * How likely a token was, given all before it.
     *
     * @param node the token
     * @param logProbability natural logarithm
     * @param entropyBits of the distribution it came from
     * @param rank its place by falling logit, from 1
     */
    public record Scored(int node, double logProbability, double entropyBits, int rank) {}

    /**
     * The path from the root that these ids are; tokens that are there are used again.
     *
     * @return the last one, {@link #ROOT} for no ids
     */
    public int prompt(int[] ids) {
        return walk(ROOT, ids, Optional.empty());
    }

    /** As {@link #prompt}, from a token; new ones count as the user's picks. */
    public int append(int from, int[] ids) {
        return walk(from, ids, Optional.of(PickedBy.USER));
    }

    private int walk(int from, int[] ids, Optional<PickedBy> by) {
        return alone(new Cancellation(), () -> {
            int size = model.tokenizer().size();
            for (int id : ids) {
                if (id < 0 || id >= size) {
                    throw new GlassException("The id " + id + " is outside the vocabulary of " + size + ".");
                }
            }
            int at = from == ROOT ? ROOT : nodes.node(from).number();
            for (int id : ids) {
                OptionalInt child = nodes.child(at, id);
                at = child.isPresent()
                        ? child.getAsInt()
                        : nodes.add(at, token(id), by, Optional.empty(), OptionalInt.empty(), 0)
                                .number();
            }
            head = at;
            return at;
        });
    }

    private Trace.Token token(int id) {
        Tokenizer tokenizer = model.tokenizer();
        return new Trace.Token(id, tokenizer.bytes(id), tokenizer.kind(id) == TokenKind.CONTROL);
    }

    /** A token of the tree. */
    public Node node(int number) {
        return nodes.node(number);
    }

    /** The tokens from the root, which is left out, to this one. */
    public List<Node> path(int number) {
        return nodes.path(number);
    }

    /** All tokens by number. */
    public List<Node> nodes() {
        return nodes.all();
    }

    /** What follows a token, in the order of making. */
    public List<Node> children(int number) {
        return nodes.children(number);
    }

    /** The ids of the path. */
    public int[] ids(int number) {
        return nodes.ids(number);
    }

    /** The token that was made or walked to last; {@link #ROOT} at first. */
    public int head() {
        return head;
    }

    /**
     * Generates from a token until the model ends, a stop string appears, the context is full, or as many tokens are made as
     * the options allow. Every step is recorded, with as many candidates as {@link AskOptions#trace} says, else 10.
     */
    public Result generate(int from, AskOptions options, SessionListener listener, Cancellation cancellation) {
        return alone(cancellation, () -> {
            SessionRun run = at(from, options);
            try {
                int room = MAX_NODES - nodes.size();
                return run.generate(
                        Math.min(room, options.maxTokens().orElse(room)), new Bounded(listener), cancellation);
            } finally {
                head = run.head();
            }
        });
    }

    /**
     * One token more.
     *
     * @param pick the token to take; empty: what the chain picks. The chain's draw is made either way
     */
    public Node step(int from, AskOptions options, OptionalInt pick) {
        return step(from, options, pick, new Cancellation());
    }

    /** As {@link #step(int, AskOptions, OptionalInt)}. @throws CancellationException if cancelled */
    public Node step(int from, AskOptions options, OptionalInt pick, Cancellation cancellation) {
        return alone(cancellation, () -> {
            SessionRun run = at(from, options);
            pick.ifPresent(run.run()::pick);
            try {
                FinishReason finish = run.generate(1, new Bounded(SessionListener.NONE), cancellation)
                        .finish();
                if (run.head() == from) {
                    throw finish == FinishReason.CANCELLED
                            ? new CancellationException("The step was cancelled.")
                            : new GlassException("The context of " + model.context() + " tokens is full.");
                }
                return nodes.node(run.head());
            } finally {
                head = run.head();
            }
        });
    }

    /** The run that goes on at a token with these options, or a new one. */
    private SessionRun at(int from, AskOptions options) {
        // First of all: a run that goes on would take a token that the tree cannot.
        if (nodes.size() >= MAX_NODES) {
            throw Nodes.full();
        }
        SamplerSettings settings = model.settings(options);
        Optional<SessionRun> goesOn = live.filter(run -> run.goesOn(from, settings, options));
        if (goesOn.isPresent()) {
            return goesOn.get();
        }
        int[] ids = nodes.ids(from);
        Request request = Request.of(ids)
                .withSettings(settings)
                .withStops(options.stops())
                .withTrace(top(options));
        Run run = engine.start(options.ignoreEnd() ? request.ignoringEnd() : request);
        live.ifPresent(old -> old.run().release());
        SessionRun made = new SessionRun(nodes, runs.size(), run, from, settings, options, reasons(ids));
        runs.add(made);
        live = Optional.of(made);
        return made;
    }

    private static int top(AskOptions options) {
        return bounded(options.trace().orElse(TOP));
    }

    /** A run that goes on records as many candidates as before, so a trace's number is bounded like anybody's. */
    private static int bounded(int top) {
        if (top < 0 || top > MAX_TOP) {
            throw new GlassException("The number of candidates must be from 0 to " + MAX_TOP + ", not " + top + ".");
        }
        return top;
    }

    /** The end of a prompt's text, where the model may reason behind it. */
    private Optional<String> reasons(int[] ids) {
        int[] tail = Arrays.copyOfRange(ids, Math.max(0, ids.length - TAIL), ids.length);
        return model.template().map(template -> model.tokenizer().decode(tail, true));
    }

    /**
     * What the chain would do behind a token; nothing is taken. At the last token of the present run, with its own options,
     * that is exactly what the next step will do; else what the first step of a new run would.
     */
    public StepRecord candidates(int node, AskOptions options) {
        return candidates(node, options, new Cancellation());
    }

    /** As {@link #candidates(int, AskOptions)}. @throws CancellationException if cancelled */
    public StepRecord candidates(int node, AskOptions options, Cancellation cancellation) {
        SamplerSettings settings = model.settings(options);
        return unlessBusy(
                cancellation,
                () -> {
                    Optional<SessionRun> next = live.filter(run -> run.goesOn(node, settings, options));
                    return next.isPresent()
                            ? next.get().run().peek(top(options), cancellation)
                            : engine.ask(logits(node, cancellation), nodes.ids(node), settings, top(options));
                },
                () -> {
                    int[] ids = nodes.ids(node);
                    return engine.ask(engine.logits(ids, cancellation), ids, settings, top(options));
                });
    }

    /** What a fresh chain draws behind a token, {@code count} times, nothing accepted in between. */
    public Draws draws(int node, AskOptions options, int count) {
        return draws(node, options, count, new Cancellation());
    }

    /** As {@link #draws(int, AskOptions, int)}. @throws CancellationException if cancelled */
    public Draws draws(int node, AskOptions options, int count, Cancellation cancellation) {
        SamplerSettings settings = model.settings(options);
        return unlessBusy(
                cancellation, () -> engine.draws(logits(node, cancellation), nodes.ids(node), settings, count), () -> {
                    int[] ids = nodes.ids(node);
                    return engine.draws(engine.logits(ids, cancellation), ids, settings, count);
                });
    }

    /** Kept from the last question, or the run's, or computed. */
    private float[] logits(int node, Cancellation cancellation) {
        if (known.isEmpty() || known.get().node() != node) {
            Optional<SessionRun> there = live.filter(run -> run.head() == node);
            float[] logits = there.isPresent()
                    ? there.get().run().logits(cancellation)
                    : engine.logits(nodes.ids(node), cancellation);
            known = Optional.of(new Known(node, logits));
        }
        return known.get().logits();
    }

    /** What could follow a token, see {@link Engine#tree}. */
    public TokenTree tree(int node, int width, int depth, Cancellation cancellation) {
        return beside(cancellation, () -> engine.tree(nodes.ids(node), width, depth, cancellation));
    }

    /** Looks into the network while it computes a token's position, see {@link Engine#look}. */
    public View look(int node, Look look, Cancellation cancellation) {
        return beside(cancellation, () -> engine.look(nodes.ids(node), look, cancellation));
    }

    /** How likely each token of the path is, given those before it; the first is left out. */
    public List<Scored> score(int node) {
        return score(node, new Cancellation());
    }

    /** As {@link #score(int)}. @throws CancellationException if cancelled */
    public List<Scored> score(int node, Cancellation cancellation) {
        return beside(cancellation, () -> {
            List<Node> path = nodes.path(node);
            PathScore score = new PathScore(path, model.tokenizer().size());
            engine.score(nodes.ids(node), cancellation, score);
            return score.scored();
        });
    }

    /**
     * The record of the run that made a token, up to it. It can be replayed.
     *
     * @throws GlassException if no run made it: it belongs to a prompt
     */
    public Trace trace(int node) {
        return alone(new Cancellation(), () -> {
            OptionalInt run = nodes.run(node);
            if (run.isEmpty()) {
                throw new GlassException("The token " + node + " was given, not generated: there is no record of it.");
            }
            return runs.get(run.getAsInt()).run().trace(nodes.index(node) + 1).orElseThrow();
        });
    }

    /** Bytes of the heap that it holds, about. It waits for nobody, and counts what was held before the present call. */
    public long bytes() {
        return bytes;
    }

    private void count() {
        bytes = nodes.bytes()
                + runs.stream().mapToLong(run -> run.run().bytes()).sum()
                + known.map(held -> 4L * held.logits().length).orElse(0L);
    }

    /** Drops what can be computed again, with the same bits: logits and chains. */
    public void release() {
        alone(new Cancellation(), () -> {
            known = Optional.empty();
            runs.forEach(run -> run.run().release());
            return true;
        });
    }

    /** Computes, alone in this session; the model can cancel it. */
    private <T> T alone(Cancellation cancellation, Supplier<T> work) {
        busy.lock();
        try {
            return beside(cancellation, work);
        } finally {
            count();
            busy.unlock();
        }
    }

    /** Computes without what a generation in progress changes, and so without waiting for it. */
    private <T> T beside(Cancellation cancellation, Supplier<T> work) {
        present.add(cancellation);
        try {
            if (closed) {
                throw new SessionClosedException();
            }
            return model.running(cancellation, work);
        } finally {
            present.remove(cancellation);
        }
    }

    /** The first, alone, unless a generation is in progress: then the second, beside it. */
    private <T> T unlessBusy(Cancellation cancellation, Supplier<T> alone, Supplier<T> beside) {
        if (!busy.tryLock()) {
            return beside(cancellation, beside);
        }
        try {
            return alone(cancellation, alone);
        } finally {
            busy.unlock();
        }
    }

    /** Cancels what it computes and drops all that can be dropped. Closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
        present.forEach(Cancellation::cancel);
        busy.lock();
        try {
            known = Optional.empty();
            runs.forEach(run -> run.run().release());
        } finally {
            busy.unlock();
        }
    }

    /** Passes on what it hears while there is memory. */
    private final class Bounded implements SessionListener {
        private final SessionListener listener;
        private long left = MAX_BYTES - bytes;

        Bounded(SessionListener listener) {
            this.listener = listener;
        }

        @Override
        public void prompt(int done, int total, int reused) {
            listener.prompt(done, total, reused);
        }

        @Override
        public void step(Node node) {
            listener.step(node);
            left -= node.step().map(Run::bytes).orElse(0L);
            if (left < 0) {
                throw new GlassException("The session's records take " + (MAX_BYTES >> 20)
                        + " MiB, as much as they may: begin a new session, or record fewer candidates.");
            }
        }

        @Override
        public void text(String delta, boolean reasoning) {
            listener.text(delta, reasoning);
        }
    }
}
