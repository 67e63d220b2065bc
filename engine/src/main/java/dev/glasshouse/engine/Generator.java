package dev.glasshouse.engine;

import dev.glasshouse.network.Output;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.SamplerChain;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.tokenizer.StreamDecoder;
import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One generation: reads the prompt in chunks, then picks token after token until something ends it. */
final class Generator {
    private final Tokenizer tokenizer;
    private final Sequence sequence;
    private final SamplerChain chain;
    private final Request request;
    private final GenerationListener listener;
    private final int context;
    private final int chunk;
    private final float[] logits;
    private final StreamDecoder decoder;
    private final StopScanner stops;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> ids = new ArrayList<>();
    private final List<Trace.Step> steps = new ArrayList<>();
    private int reused;

    Generator(
            Tokenizer tokenizer,
            Sequence sequence,
            SamplerChain chain,
            Request request,
            GenerationListener listener,
            int vocabulary,
            int context,
            int chunk) {
        this.tokenizer = tokenizer;
        this.sequence = sequence;
        this.chain = chain;
        this.request = request;
        this.listener = listener;
        this.context = context;
        this.chunk = chunk;
        logits = new float[vocabulary];
        decoder = tokenizer.streamDecoder();
        stops = new StopScanner(request.stops());
    }

    List<Integer> ids() {
        return ids;
    }

    List<Trace.Step> steps() {
        return steps;
    }

    String text() {
        return text.toString();
    }

    Optional<String> stop() {
        return stops.found();
    }

    int reused() {
        return reused;
    }

    /** Reads the prompt; false if cancelled. */
    boolean readPrompt(int[] prompt, long now) {
        reused = sequence.keep(prompt, now);
        listener.prompt(reused, prompt.length, reused);
        int done = reused;
        while (done < prompt.length) {
            if (request.cancellation().cancelled()) {
                return false;
            }
            // The last token goes by itself where a snapshot must be made before it.
            int end = Math.min(prompt.length, done + chunk);
            boolean last = end == prompt.length;
            int[] part = Arrays.copyOfRange(prompt, done, end);
            if (last && part.length > 1 && sequence.needsSnapshots()) {
                end--;
                part = Arrays.copyOf(part, part.length - 1);
                last = false;
            }
            if (last) {
                sequence.remember();
            }
            Output output = sequence.feed(part, last ? part.length - 1 : part.length);
            if (last) {
                read(output);
            }
            done = end;
            listener.prompt(done, prompt.length, reused);
        }
        for (int id : prompt) {
            chain.accept(id);
        }
        return true;
    }

    /** Generates; why it ended. */
    FinishReason generate() {
        FinishReason reason = loop();
        if (reason != FinishReason.STOP_STRING) {
            emit(stops.push(decoder.finish()));
            emit(stops.finish());
            if (stops.found().isPresent()) {
                return FinishReason.STOP_STRING;
            }
        }
        return reason;
    }

    private FinishReason loop() {
        long forwardNanos = 0;
        int most = request.maxTokens().orElse(Integer.MAX_VALUE);
        while (ids.size() < most) {
            if (request.cancellation().cancelled()) {
                return FinishReason.CANCELLED;
            }
            long start = System.nanoTime();
            int id = pick();
            long picked = System.nanoTime();
            ids.add(id);
            boolean end = tokenizer.isEndOfGeneration(id) && !request.ignoreEnd();
            listener.token(new Event(ids.size() - 1, id, end));
            String delta = end ? "" : stops.push(decoder.push(id));
            if (request.traceTop().isPresent()) {
                record(id, delta, forwardNanos, picked - start);
            }
            emit(delta);
            if (end) {
                return FinishReason.END_OF_GENERATION;
            }
            if (stops.found().isPresent()) {
                return FinishReason.STOP_STRING;
            }
            if (ids.size() >= most) {
                break;
            }
            if (sequence.length() >= context) {
                return FinishReason.CONTEXT_FULL;
            }
            long before = System.nanoTime();
            read(sequence.feed(new int[] {id}, 0));
            forwardNanos = System.nanoTime() - before;
        }
        return FinishReason.MAX_TOKENS;
    }

    private int pick() {
        int id = chain.pick(logits);
        Optional<TokenChooser.Choice> choice = request.chooser().choose(ids.size(), new Offer(id));
        if (choice.isPresent()) {
            id = choice.get().id();
            tokenizer.kind(id);
            chain.repick(logits, id, choice.get().by());
        }
        chain.accept(id);
        return id;
    }

    /** Tokens that the network has and the tokenizer has not can never be picked. */
    private void read(Output output) {
        Rows.copy(output.logits(), 0, logits);
        if (tokenizer.size() < logits.length) {
            Arrays.fill(logits, tokenizer.size(), logits.length, Float.NEGATIVE_INFINITY);
        }
    }

    private void emit(String delta) {
        if (!delta.isEmpty()) {
            text.append(delta);
            listener.text(delta);
        }
    }

    private void record(int id, String delta, long forwardNanos, long samplingNanos) {
        StepRecord step = chain.lastStep().orElseThrow();
        steps.add(new Trace.Step(
                sequence.length(),
                token(id),
                delta,
                step,
                forwardNanos,
                samplingNanos,
                sequence.length(),
                sequence.bytes()));
    }

    Trace.Token token(int id) {
        return new Trace.Token(id, tokenizer.bytes(id), tokenizer.kind(id) == TokenKind.CONTROL);
    }

    /** A token taken, as listeners see it. */
    private final class Event implements TokenEvent {
        private final int index;
        private final int id;
        private final boolean end;

        Event(int index, int id, boolean end) {
            this.index = index;
            this.id = id;
            this.end = end;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public int id() {
            return id;
        }

        @Override
        public boolean end() {
            return end;
        }

        @Override
        public List<Candidate> candidates(int top) {
            return LogSoftmax.top(logits, top);
        }

        @Override
        public double logProbability() {
            return logits[id] - LogSoftmax.logSum(logits);
        }
    }

    /** A pick, as choosers see it. */
    private final class Offer implements TokenChooser.Candidates {
        private final int id;

        Offer(int id) {
            this.id = id;
        }

        @Override
        public int id() {
            return id;
        }

        @Override
        public List<Candidate> top(int count) {
            return LogSoftmax.top(logits, count);
        }
    }
}
