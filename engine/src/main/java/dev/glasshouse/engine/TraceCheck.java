package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.Draw;
import dev.glasshouse.sampling.Slice;
import dev.glasshouse.sampling.StageRecord;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.GlassException;
import java.util.BitSet;
import java.util.List;

/** Whether a trace that was read can be one: whoever shows or replays it relies on what is checked here. */
final class TraceCheck {
    private static final int MAX_VOCABULARY = 1 << 28;
    private static final int MAX_TOKEN_BYTES = 1 << 16;
    private static final int MAX_NAME = 1 << 16;
    private static final int MAX_TEXT = 1 << 26;
    private static final int MAX_LIST = 64;

    /** Sums of rounded probabilities exceed 1 by less than this. */
    private static final double SLACK = 1e-3;

    private final Trace trace;
    private final BitSet known = new BitSet();

    private TraceCheck(Trace trace) {
        this.trace = trace;
    }

    /** @throws GlassException with what is wrong */
    static void check(Trace trace) {
        new TraceCheck(trace).all();
    }

    private void all() {
        model();
        require(trace.tokens().size() <= trace.model().vocabulary(), "it has more tokens than the vocabulary");
        for (Trace.Token token : trace.tokens()) {
            token("tokens", token);
            require(!known.get(token.id()), "the token " + token.id() + " is there twice");
            known.set(token.id());
        }
        int context = trace.model().context();
        int prompt = trace.prompt().size();
        require(prompt >= 1 && prompt <= context, "a prompt of " + prompt + " tokens in a context of " + context);
        require(
                trace.steps().size() <= context - prompt + 1,
                trace.steps().size() + " steps after " + prompt + " tokens in a context of " + context);
        trace.prompt().forEach(token -> token("prompt", token));
        trace.prompt().forEach(token -> mentioned("prompt", token.id()));
        request();
        for (int i = 0; i < trace.steps().size(); i++) {
            step("step " + i, trace.steps().get(i), prompt + i);
        }
    }

    private void model() {
        Trace.Model model = trace.model();
        require(
                model.vocabulary() >= 1 && model.vocabulary() <= MAX_VOCABULARY,
                "a vocabulary of " + model.vocabulary());
        require(model.context() >= 1, "a context of " + model.context());
        require(model.sha256().matches("[0-9a-f]{64}"), "its SHA-256 is none");
        require(
                model.bytes() >= 0 && model.parameters() >= 0 && model.threads() >= 0,
                "a number of the model is negative");
        for (String name : List.of(
                model.name(), model.architecture(), model.licence(), model.file(), model.kv(), model.kernels())) {
            require(name.length() <= MAX_NAME, "a text of the model has " + name.length() + " characters");
        }
    }

    private void request() {
        require(trace.top() >= 0 && trace.top() <= MAX_VOCABULARY, "\"top\" is " + trace.top());
        require(trace.maxTokens().orElse(0) >= 0, "\"max_tokens\" is negative");
        require(trace.reused() >= 0 && trace.reused() <= trace.prompt().size(), "\"reused\" is " + trace.reused());
        require(
                trace.text().length() <= MAX_TEXT,
                "its text has " + trace.text().length() + " characters");
        Request.of(trace.promptIds()).withStops(trace.stops());
        require(
                trace.stop().isEmpty() || trace.stops().contains(trace.stop().get()),
                "it ended with a stop string that was not asked for");
        Timings timings = trace.timings();
        require(
                timings.promptTokens() >= 0
                        && timings.reusedTokens() >= 0
                        && timings.promptNanos() >= 0
                        && timings.generatedTokens() >= 0
                        && timings.generationNanos() >= 0
                        && timings.waitNanos() >= 0,
                "a time is negative");
    }

    private void step(String where, Trace.Step step, int position) {
        require(step.position() == position, where + " has the position " + step.position() + ", not " + position);
        token(where, step.token());
        mentioned(where, step.token().id());
        require(
                step.text().length() <= MAX_TEXT,
                where + ": its text has " + step.text().length() + " characters");
        require(
                step.forwardNanos() >= 0
                        && step.samplingNanos() >= 0
                        && step.cacheUsed() >= 0
                        && step.cacheBytes() >= 0,
                where + ": a time or size is negative");
        StepRecord sampling = step.sampling();
        require(
                sampling.rank() >= 1 && sampling.rank() <= trace.model().vocabulary(),
                where + ": a rank of " + sampling.rank());
        require(
                sampling.vocabulary() >= 1
                        && sampling.vocabulary() <= trace.model().vocabulary(),
                where + ": " + sampling.vocabulary() + " candidates");
        probability(where, sampling.probability());
        probability(where, sampling.tail());
        require(
                sampling.entropy() >= -SLACK && sampling.entropy() <= MAX_LIST,
                where + ": an entropy of " + sampling.entropy());
        candidates(where, sampling.top());
        // Behind a tiny temperature a logit may be infinite; the network's own never are.
        sampling.top()
                .forEach(candidate ->
                        require(Float.isFinite(candidate.logit()), where + ": a logit of " + candidate.logit()));
        require(
                sampling.stages().size() <= MAX_LIST && sampling.draws().size() <= MAX_LIST,
                where + ": too many stages or draws");
        sampling.stages().forEach(stage -> stage(where, stage));
        sampling.draws().forEach(draw -> draw(where, draw));
    }

    private void stage(String where, StageRecord stage) {
        require(
                stage.name().length() <= MAX_NAME && stage.parameters().size() <= MAX_LIST,
                where + ": a stage too long");
        require(stage.kept() >= 0 && stage.kept() <= trace.model().vocabulary(), where + ": " + stage.kept() + " kept");
        probability(where, stage.cutMass());
        probability(where, stage.tail());
        candidates(where, stage.top());
    }

    private void draw(String where, Draw draw) {
        require(
                draw.stage().length() <= MAX_NAME && draw.generator().length() <= MAX_NAME,
                where + ": a draw too long");
        require(
                draw.seed() >= 0 && draw.seed() <= 0xFFFF_FFFFL && draw.position() >= 0,
                where + ": a seed or position out of range");
        require(draw.place().orElse(0) >= 0, where + ": a place below 0");
        probability(where, draw.u());
        probability(where, draw.low());
        probability(where, draw.high());
        require(draw.slices().size() <= 2L * trace.top() + 2, where + ": more slices than candidates");
        for (Slice slice : draw.slices()) {
            mentioned(where, slice.id());
            probability(where, slice.low());
            probability(where, slice.high());
        }
    }

    private void candidates(String where, List<Candidate> candidates) {
        require(
                candidates.size() <= trace.top(),
                where + ": " + candidates.size() + " candidates, more than asked for");
        for (Candidate candidate : candidates) {
            mentioned(where, candidate.id());
            require(!Float.isNaN(candidate.logit()), where + ": a logit of " + candidate.logit());
            probability(where, candidate.probability());
        }
    }

    private void token(String where, Trace.Token token) {
        inVocabulary(where, token.id());
        require(token.bytes().length <= MAX_TOKEN_BYTES, where + ": a token of " + token.bytes().length + " bytes");
    }

    private void mentioned(String where, int id) {
        inVocabulary(where, id);
        require(known.get(id), where + ": the id " + id + " is not among its tokens");
    }

    private void inVocabulary(String where, int id) {
        require(
                id >= 0 && id < trace.model().vocabulary(),
                where + ": the id " + id + " is outside the vocabulary of "
                        + trace.model().vocabulary());
    }

    private static void probability(String where, double p) {
        // written so that NaN fails
        require(p >= -SLACK && p <= 1 + SLACK, where + ": a probability of " + p);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new GlassException("The trace is damaged: " + otherwise + ".");
        }
    }
}
