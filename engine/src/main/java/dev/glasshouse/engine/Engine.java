package dev.glasshouse.engine;

import dev.glasshouse.kernels.KernelsLoader;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.network.LoadListener;
import dev.glasshouse.network.Network;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.SettingsSource;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFacts;
import dev.glasshouse.weights.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * A model ready to run: ids in, ids, text and records out. Thread-safe: requests take turns in the order they came.
 *
 * <p>An answer is bit-equal whatever the threads, the kernels, the chunks of the prompt and what of it was in the cache.
 */
public final class Engine implements AutoCloseable {
    /** Version of the definition of all numbers, see docs/PRECISION.md; replays need the same. */
    public static final int NUMERICS_VERSION = 1;

    private final Core core;
    private final Inspector inspector;
    private final ModelDigest digest;
    private final SettingsSource hints;
    private final Optional<String> licence;

    private Engine(Core core, ModelDigest digest, SettingsSource hints, Optional<String> licence) {
        this.core = core;
        this.digest = digest;
        this.hints = hints;
        this.licence = licence;
        inspector = new Inspector(core);
    }

    /**
     * Opens a model: a GGUF file, any file of a split set, or a folder with safetensors.
     *
     * @throws GlassException if it is missing, broken, not supported, or does not fit into the memory
     */
    public static Engine open(Path path, EngineOptions options) {
        return open(path, options, LoadListener.SILENT);
    }

    /** As {@link #open(Path, EngineOptions)}, telling how far it is. */
    public static Engine open(Path path, EngineOptions options, LoadListener progress) {
        try (ModelFile file = ModelFile.open(path)) {
            return open(file, options, progress);
        }
    }

    /** As {@link #open(Path, EngineOptions)}, for an open file, which may be closed afterwards. */
    public static Engine open(ModelFile file, EngineOptions options, LoadListener progress) {
        return open(file, options, progress, Optional.empty());
    }

    /**
     * As {@link #open(ModelFile, EngineOptions, LoadListener)}.
     *
     * @param licence what the publisher says of it, for traces of a file that states none itself
     */
    public static Engine open(ModelFile file, EngineOptions options, LoadListener progress, Optional<String> licence) {
        long start = System.nanoTime();
        Tokenizer tokenizer = ModelTokenizer.of(file);
        MemoryPlan memory = MemoryPlan.of(Network.describe(file), Network.packedBytes(file), options);
        ModelFacts model = ModelFacts.of(file);
        SettingsSource hints = ModelHints.of(file);
        KernelsLoader.Choice choice = options.kernels() == KernelChoice.SCALAR
                ? new KernelsLoader.Choice(new ScalarKernels(options.threads()), Optional.empty())
                : KernelsLoader.choose(options.threads());
        boolean opened = false;
        try {
            Network network = Network.load(file, choice.kernels(), progress);
            EngineFacts facts = new EngineFacts(
                    model,
                    network.spec(),
                    memory,
                    options.kv(),
                    choice.kernels().name(),
                    choice.slower(),
                    choice.kernels().threads(),
                    System.nanoTime() - start);
            Core core = new Core(tokenizer, choice.kernels(), network, options, facts);
            Engine engine = new Engine(core, new ModelDigest(file.files().getFirst()), hints, licence);
            opened = true;
            return engine;
        } finally {
            if (!opened) {
                choice.kernels().close();
            }
        }
    }

    /** Text to ids and back, for the model of an open file; its weights are not read. */
    public static Tokenizer tokenizer(ModelFile file) {
        return ModelTokenizer.of(file);
    }

    /** Text to ids and back, for this model. */
    public Tokenizer tokenizer() {
        return core.tokenizer;
    }

    /** What this engine is. */
    public EngineFacts facts() {
        return core.facts;
    }

    /** Bytes that the caches hold at present. */
    public long cacheBytes() {
        return core.apart(() -> core.pool.bytes());
    }

    /** Requests that wait for their turn at present. */
    public int waiting() {
        return core.turns.waiting() + core.seats.waiting();
    }

    /** Sampler settings: what the sources say, the model's own hints, and the built-in values. */
    public SamplerSettings settings(SettingsSource... sources) {
        List<SettingsSource> all = new ArrayList<>(Arrays.asList(sources));
        all.add(hints);
        return SamplerSettings.merge(all);
    }

    /** As {@link #generate(Request, GenerationListener)}, unheard. */
    public Generation generate(Request request) {
        return generate(request, GenerationListener.NONE);
    }

    /**
     * Generates on the calling thread. Several generations take turns, token by token; the listener is called outside of turns.
     *
     * @throws ContextFullException if the prompt does not fit
     * @throws GlassException if it is empty, or an id is outside the vocabulary
     */
    public Generation generate(Request request, GenerationListener listener) {
        try (Run run = start(request)) {
            FinishReason reason = run.advance(Integer.MAX_VALUE, listener, request.cancellation());
            if (run.finish().isEmpty()) {
                reason = run.finish(reason, listener);
            }
            return new Generation(run.ids(), run.text(), reason, run.stop(), run.timings(), run.trace());
        }
    }

    /**
     * A generation that can pause; nothing is computed yet. Of the request's cancellation it hears nothing.
     *
     * @throws ContextFullException if the prompt does not fit
     * @throws GlassException if it is empty, or an id is outside the vocabulary
     */
    public Run start(Request request) {
        return new Run(core, this::traceModel, request, Turns.Kind.STREAM);
    }

    /**
     * A generation that goes on where a recorded one ended, as if this engine had made it.
     *
     * @throws GlassException if it was made with another model file or other numerics
     */
    public Run resume(Trace trace) {
        Replay.comparable(this, trace);
        return Run.of(core, this::traceModel, trace);
    }

    /** A generation that gives way to others, and keeps nothing in the cache. */
    Run startBackground(Request request) {
        return new Run(core, this::traceModel, request, Turns.Kind.BACKGROUND);
    }

    /**
     * How likely a text is, token by token; the first is given. The text must fit the context.
     *
     * @throws ContextFullException if it does not
     * @throws CancellationException if it was cancelled
     */
    public Score score(int[] ids, Cancellation cancellation, ScoreListener listener) {
        return new Scorer(core).score(ids, 0, cancellation, listener);
    }

    /** As {@link #score(int[], Cancellation, ScoreListener)}, uncancelled and unheard. */
    public Score score(int[] ids) {
        return score(ids, new Cancellation(), ScoreListener.NONE);
    }

    /**
     * The perplexity of a long text as llama.cpp measures it: in chunks of {@code length} tokens, each with BOS in the place
     * of its first token if the model uses one, of which only the second half counts. A rest shorter than a chunk is left out.
     */
    public Score scoreInChunks(int[] ids, int length, Cancellation cancellation) {
        if (length < 4 || length > core.facts.context()) {
            throw new GlassException("The chunk length must be from 4 to the context of " + core.facts.context()
                    + ", not " + length + ".");
        }
        if (ids.length < length) {
            throw new GlassException("The text has " + ids.length + " tokens, less than one chunk of " + length + ".");
        }
        int tokens = 0;
        long bytes = 0;
        double sum = 0;
        for (int start = 0; start + length <= ids.length; start += length) {
            int[] chunk = Arrays.copyOfRange(ids, start, start + length);
            if (core.tokenizer.addsBos()) {
                chunk[0] = core.tokenizer.bos().orElse(chunk[0]);
            }
            Score score = new Scorer(core).score(chunk, length / 2, cancellation, ScoreListener.NONE);
            tokens += score.tokens();
            bytes += score.bytes();
            sum += score.logProbability();
        }
        return new Score(tokens, bytes, sum);
    }

    /**
     * Runs a trace again, tokens that a person or program picked picked the same, and compares every pick, draw and
     * probability.
     *
     * @throws GlassException if it was made with another model file or other numerics
     */
    public ReplayReport replay(Trace trace) {
        return replay(trace, new Cancellation());
    }

    /** As {@link #replay(Trace)}. @throws CancellationException if it was cancelled */
    public ReplayReport replay(Trace trace, Cancellation cancellation) {
        return Replay.run(this, trace, cancellation);
    }

    /** What follows the last id: a logit for each token of the vocabulary, −∞ for those that the tokenizer lacks. */
    public float[] logits(int[] ids, Cancellation cancellation) {
        return inspector.logits(ids, cancellation);
    }

    /**
     * What a chain with these settings would do with logits; nothing is taken.
     *
     * @param history the ids before, for the penalties
     * @param top candidates recorded after each stage
     */
    public StepRecord ask(float[] logits, int[] history, SamplerSettings settings, int top) {
        return inspector.ask(logits, history, settings, top);
    }

    /** What a chain with these settings draws {@code count} times, nothing accepted in between. */
    public Draws draws(float[] logits, int[] history, SamplerSettings settings, int count) {
        return inspector.draws(logits, history, settings, count);
    }

    /**
     * What could follow a text, level by level, one batch each.
     *
     * @param width children of each token, 1 … 16
     * @param depth levels, 1 … 8; at most 512 tokens in all
     */
    public TokenTree tree(int[] ids, int width, int depth, Cancellation cancellation) {
        return new TreeGrower(core, width, depth).grow(ids, cancellation);
    }

    /** Looks into the network while it computes the last position of a text. */
    public View look(int[] ids, Look look, Cancellation cancellation) {
        return new Looker(core, look).view(ids, cancellation);
    }

    private Trace.Model traceModel() {
        EngineFacts facts = core.facts;
        ModelFacts model = facts.model();
        return new Trace.Model(
                model.name().orElse(digest.fileName()),
                facts.spec().architecture(),
                model.licence().isKnown() ? model.licence().text() : licence.orElse("unknown"),
                digest.fileName(),
                model.fileBytes(),
                digest.sha256(),
                model.parameters(),
                facts.spec().vocabulary(),
                facts.context(),
                TraceWriter.name(facts.kv()),
                facts.kernels(),
                facts.threads(),
                NUMERICS_VERSION);
    }

    /** SHA-256 of the model's first file; computed when first asked for. */
    public String sha256() {
        return digest.sha256();
    }

    /**
     * Frees the memory, after the present step of whatever runs: generations end as cancelled, other work with an exception.
     * Called by a listener, it lets that listener's own generation end first. Closing twice does nothing.
     */
    @Override
    public void close() {
        core.occupancy.close();
    }
}
