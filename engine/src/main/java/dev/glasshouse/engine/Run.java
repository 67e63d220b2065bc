package dev.glasshouse.engine;

import dev.glasshouse.network.Output;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.SamplerChain;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A generation that can pause. Between two calls of {@link #advance} it holds no sequence of the engine: what others computed
 * meanwhile may have taken its place in the cache, and is read again then. Ids, draws, text and record are the same, bit for
 * bit, however it is cut into pieces and whatever was computed between them. One thread at a time.
 */
public final class Run implements AutoCloseable {
    private final Core core;
    private final Supplier<Trace.Model> model;
    private final Request request;
    private final SamplerSettings settings;
    private final Turns.Kind kind;
    private final int promptLength;
    private final List<Integer> ids = new ArrayList<>();
    private final List<Trace.Step> steps = new ArrayList<>();
    private final Spoken spoken;
    private final Clock clock = new Clock();
    private int[] all;
    private int length;
    private int reused = -1;
    private float[] logits = {};
    private boolean ready;

    /** What the cache took after the last pass; a step may come in a later advance than its pass. */
    private long cacheBytes;

    private long forwardNanos;
    private long recorded;
    private Optional<SamplerChain> chain = Optional.empty();
    private OptionalInt picked = OptionalInt.empty();
    private Optional<FinishReason> end = Optional.empty();

    Run(Core core, Supplier<Trace.Model> model, Request request, Turns.Kind kind) {
        this.core = core;
        this.model = model;
        this.request = request;
        this.kind = kind;
        settings = Core.seeded(request.settings());
        all = request.prompt();
        core.check("The prompt", all);
        length = all.length;
        promptLength = length;
        spoken = new Spoken(core.tokenizer, request.stops());
    }

    /** A run that made a trace, paused at its end. */
    static Run of(Core core, Supplier<Trace.Model> model, Trace trace) {
        Request request = Request.of(trace.promptIds())
                .withSettings(trace.settings())
                .withStops(trace.stops())
                .withTrace(trace.top());
        Run run = new Run(core, model, trace.ignoreEnd() ? request.ignoringEnd() : request, Turns.Kind.STREAM);
        for (Trace.Step step : trace.steps()) {
            core.check("The trace", step.token().id());
            run.append(step.token().id());
            run.keep(step);
            run.speak(step.token().id());
        }
        run.reused = trace.reused();
        boolean over = trace.finish() != FinishReason.MAX_TOKENS && trace.finish() != FinishReason.CANCELLED;
        run.end = over ? Optional.of(trace.finish()) : Optional.empty();
        run.clock.start(trace.timings());
        return run;
    }

    /**
     * Generates at most so many tokens more, from where it paused, on the calling thread; other work of the engine gets its
     * turns between two tokens.
     *
     * @return why it ended, for good but for CANCELLED; MAX_TOKENS where it only paused, for good if the request said so
     * @throws IllegalStateException if the engine is closed
     */
    public FinishReason advance(int most, GenerationListener listener, Cancellation cancellation) {
        if (most < 0) {
            throw new GlassException("The number of tokens to generate must not be negative, but is " + most + ".");
        }
        if (end.isPresent()) {
            return end.get();
        }
        try {
            return inside(cancellation, feeder -> go(feeder, most, listener, cancellation));
        } finally {
            picked = OptionalInt.empty();
        }
    }

    private FinishReason go(Feeder feeder, int most, GenerationListener listener, Cancellation cancellation) {
        int limit = request.maxTokens().orElse(Integer.MAX_VALUE);
        long target = Math.min(limit, (long) ids.size() + most);
        if (!ready && !full() && !compute(feeder, listener)) {
            return FinishReason.CANCELLED;
        }
        while (ids.size() < target) {
            if (cancellation.cancelled() || core.occupancy.ending()) {
                return FinishReason.CANCELLED;
            }
            if (full()) {
                return finish(FinishReason.CONTEXT_FULL, listener);
            }
            if (!ready && !compute(feeder, listener)) {
                return FinishReason.CANCELLED;
            }
            Optional<FinishReason> over = step(listener);
            if (over.isPresent()) {
                return finish(over.get(), listener);
            }
        }
        return ids.size() >= limit ? finish(FinishReason.MAX_TOKENS, listener) : FinishReason.MAX_TOKENS;
    }

    /** Whether the last token does not fit the context any more, so that nothing can follow it. */
    private boolean full() {
        return length > core.facts.context();
    }

    /** Computes what follows the last token; false if cancelled. */
    private boolean compute(Feeder feeder, GenerationListener listener) {
        if (logits.length == 0) {
            logits = new float[core.vocabulary()];
        }
        if (chain.isEmpty() && !restore(feeder)) {
            return false;
        }
        boolean first = reused < 0;
        long before = feeder.computeNanos();
        boolean done = feeder.feed(all, length, logits, (read, total, cached) -> {
            if (first) {
                reused = cached;
                listener.prompt(read, total, cached);
            }
        });
        cacheBytes = feeder.bytes();
        long took = feeder.computeNanos() - before;
        clock.computed(took, first);
        forwardNanos = first ? 0 : took;
        ready = done;
        return done;
    }

    /** Makes the chain; where tokens were generated already, each draw is made again. False if cancelled. */
    private boolean restore(Feeder feeder) {
        SamplerChain made = core.chain(settings, request.prompt());
        if (!ids.isEmpty()) {
            int from = feeder.sync(Arrays.copyOf(all, promptLength));
            if (from < 0) {
                return false;
            }
            int rows = Scorer.rows(core.vocabulary(), core.options.chunk());
            while (from < length - 1) {
                boolean inPrompt = from < promptLength - 1;
                int to = inPrompt
                        ? Math.min(promptLength - 1, from + core.options.chunk())
                        : Math.min(length - 1, from + rows);
                if (!again(feeder, made, from, to, inPrompt)) {
                    return false;
                }
                from = to;
            }
        }
        request.traceTop().ifPresent(made::record);
        chain = Optional.of(made);
        return true;
    }

    /** Feeds tokens from … to − 1 again, and picks again what was picked behind each that is not inside the prompt. */
    private boolean again(Feeder feeder, SamplerChain made, int from, int to, boolean inPrompt) {
        float[][] rows = new float[inPrompt ? 0 : to - from][core.vocabulary()];
        Optional<Boolean> fed = feeder.turn(sequence -> {
            Output output = sequence.feed(Arrays.copyOfRange(all, from, to), inPrompt ? to - from : 0);
            for (int i = 0; i < rows.length; i++) {
                core.read(output, i, rows[i]);
            }
            return true;
        });
        for (int i = 0; i < rows.length && fed.isPresent(); i++) {
            made.pick(rows[i]);
            made.accept(all[from + i + 1]);
        }
        return fed.isPresent();
    }

    /** Picks, takes and tells one token; why it ends, if it does. */
    private Optional<FinishReason> step(GenerationListener listener) {
        int index = ids.size();
        int position = length;
        long start = System.nanoTime();
        int id = pick();
        long took = System.nanoTime() - start;
        clock.sampled(took);
        append(id);
        ready = false;
        boolean over = ends(id);
        String delta = speak(id);
        if (request.traceTop().isPresent()) {
            StepRecord sampling = chain.orElseThrow().lastStep().orElseThrow();
            keep(new Trace.Step(position, core.token(id), delta, sampling, forwardNanos, took, position, cacheBytes));
        }
        // Everything is known and kept before anybody hears of it: a listener may fail.
        listener.token(new TakenToken(index, id, over, logits));
        if (request.traceTop().isPresent()) {
            listener.step(index, steps.getLast());
        }
        if (!delta.isEmpty()) {
            listener.text(delta);
        }
        if (over) {
            return Optional.of(FinishReason.END_OF_GENERATION);
        }
        return spoken.stop().map(stop -> FinishReason.STOP_STRING);
    }

    private void keep(Trace.Step step) {
        steps.add(step);
        recorded += bytes(step);
    }

    private int pick() {
        SamplerChain sampler = chain.orElseThrow();
        int offered = sampler.pick(logits);
        Optional<TokenChooser.Choice> choice = picked.isPresent()
                ? Optional.of(new TokenChooser.Choice(picked.getAsInt(), PickedBy.USER))
                : request.chooser().choose(ids.size(), new Offer(offered, logits));
        int id = offered;
        if (choice.isPresent()) {
            id = choice.get().id();
            core.check("The pick", id);
            sampler.repick(logits, id, choice.get().by());
        }
        sampler.accept(id);
        picked = OptionalInt.empty();
        return id;
    }

    private void append(int id) {
        if (length == all.length) {
            all = Arrays.copyOf(all, 2 * all.length);
        }
        all[length++] = id;
        ids.add(id);
    }

    private boolean ends(int id) {
        return core.tokenizer.isEndOfGeneration(id) && !request.ignoreEnd();
    }

    private String speak(int id) {
        return ends(id) ? "" : spoken.push(id);
    }

    /** Ends it for good. */
    FinishReason finish(FinishReason reason, GenerationListener listener) {
        FinishReason actual = reason;
        if (reason != FinishReason.STOP_STRING) {
            String rest = spoken.finish();
            if (!rest.isEmpty()) {
                listener.text(rest);
            }
            actual = spoken.stop().isPresent() ? FinishReason.STOP_STRING : reason;
        }
        end = Optional.of(actual);
        return actual;
    }

    /**
     * Takes this id as the user's pick at the first step of the next {@link #advance}, whatever the chain picks. The chain's
     * draw stays made.
     */
    public void pick(int id) {
        core.check("The pick", id);
        picked = OptionalInt.of(id);
    }

    /**
     * What the next step would do, with {@code top} candidates after each stage; nothing is taken.
     *
     * @throws java.util.concurrent.CancellationException if it was cancelled
     * @throws GlassException if nothing can follow
     */
    public StepRecord peek(int top, Cancellation cancellation) {
        logits(cancellation);
        SamplerChain copy = chain.orElseThrow().copy();
        copy.record(top);
        copy.pick(logits);
        return copy.lastStep().orElseThrow();
    }

    /** As {@link #peek(int, Cancellation)}, uncancelled. */
    public StepRecord peek(int top) {
        return peek(top, new Cancellation());
    }

    /** What follows the last token, one logit a token of the vocabulary. Throws as {@link #peek(int, Cancellation)}. */
    public float[] logits(Cancellation cancellation) {
        if (full()) {
            throw new ContextFullException("The text", length, core.facts.context());
        }
        if (!ready && !inside(cancellation, feeder -> compute(feeder, GenerationListener.NONE))) {
            throw Core.cancelled();
        }
        return logits.clone();
    }

    private <T> T inside(Cancellation cancellation, Function<Feeder, T> work) {
        core.occupancy.enter();
        try {
            enter(cancellation);
            try (Feeder feeder = new Feeder(core, kind, cancellation)) {
                try {
                    return work.apply(feeder);
                } finally {
                    clock.waited(feeder.waitNanos());
                }
            } finally {
                exit();
            }
        } finally {
            core.occupancy.leave();
        }
    }

    private void enter(Cancellation cancellation) {
        if (kind == Turns.Kind.STREAM) {
            core.turns.begin();
        } else if (!core.desk.take(Turns.Kind.STREAM, cancellation)) {
            throw Core.cancelled();
        }
    }

    private void exit() {
        if (kind == Turns.Kind.STREAM) {
            core.turns.end();
        } else {
            core.desk.give();
        }
    }

    /** The tokens generated so far. */
    public List<Integer> ids() {
        return List.copyOf(ids);
    }

    /** Why it ended for good; empty while it can go on. */
    public Optional<FinishReason> finish() {
        return end;
    }

    /** The text of all tokens so far, as if the generation ended here. */
    public String text() {
        return end.isPresent()
                ? spoken.text()
                : Spoken.of(core.tokenizer, request, ids).text();
    }

    /** The stop string that ended it. */
    public Optional<String> stop() {
        return spoken.stop();
    }

    /** The settings, with the seed that is used. */
    public SamplerSettings settings() {
        return settings;
    }

    /** Where the time went so far. */
    public Timings timings() {
        return clock.timings(promptLength, Math.max(0, reused), ids.size());
    }

    /** The record so far, if asked for. */
    public Optional<Trace> trace() {
        return trace(ids.size());
    }

    /** The record of the first steps, if asked for, as if the generation had paused behind them. */
    public Optional<Trace> trace(int count) {
        if (request.traceTop().isEmpty()) {
            return Optional.empty();
        }
        boolean whole = count == ids.size() && end.isPresent();
        Spoken part = whole ? spoken : Spoken.of(core.tokenizer, request, ids.subList(0, count));
        FinishReason paused = part.stop().isPresent() ? FinishReason.STOP_STRING : FinishReason.MAX_TOKENS;
        List<Trace.Step> first = steps.subList(0, count);
        List<Trace.Token> prompt =
                Arrays.stream(all, 0, promptLength).mapToObj(core::token).toList();
        return Optional.of(new Trace(
                model.get(),
                settings,
                request.stops(),
                request.maxTokens(),
                request.ignoreEnd(),
                request.traceTop().getAsInt(),
                prompt,
                Math.max(0, reused),
                first,
                part.text(),
                whole ? end.orElseThrow() : paused,
                part.stop(),
                clock.timings(promptLength, Math.max(0, reused), count),
                Mentioned.tokens(core, prompt, first)));
    }

    /** Bytes of the heap that it holds, about. */
    public long bytes() {
        long chains = chain.isPresent() ? 32L * core.vocabulary() : 0;
        return 4L * logits.length + chains + recorded + 8L * all.length;
    }

    /** Bytes of the heap that a recorded step holds, about. */
    public static long bytes(Trace.Step step) {
        StepRecord sampling = step.sampling();
        long candidates = sampling.top().size()
                + sampling.stages().stream()
                        .mapToLong(stage -> stage.top().size())
                        .sum();
        return 400 + 40 * candidates + 200L * sampling.stages().size();
    }

    /** Drops what can be computed again: the logits, and the chain with all its draws. */
    public void release() {
        logits = new float[0];
        ready = false;
        chain = Optional.empty();
    }

    /** The same as {@link #release}. */
    @Override
    public void close() {
        release();
    }
}
