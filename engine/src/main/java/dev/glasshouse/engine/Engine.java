package dev.glasshouse.engine;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KernelsLoader;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.network.LoadListener;
import dev.glasshouse.network.Network;
import dev.glasshouse.sampling.DryBreakers;
import dev.glasshouse.sampling.Origin;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.SamplerChain;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.SettingsSource;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFacts;
import dev.glasshouse.weights.ModelFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A model ready to run: ids in, ids, text and records out. Thread-safe: requests take turns in the order they came.
 *
 * <p>An answer is bit-equal whatever the threads, the kernels, the chunks of the prompt and what of it was in the cache.
 */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString"})
public final class Engine implements AutoCloseable {
    /** Version of the definition of all numbers, see docs/PRECISION.md; replays need the same. */
    public static final int NUMERICS_VERSION = 1;

    private static final SecureRandom SEEDS = new SecureRandom();
    private static final long POLL_MILLIS = 20;

    private final Tokenizer tokenizer;
    private final Kernels kernels;
    private final Network network;
    private final EngineOptions options;
    private final EngineFacts facts;
    private final ModelDigest digest;
    private final SettingsSource hints;
    private final SequencePool pool;
    private final ReentrantLock turn = new ReentrantLock(true);
    private List<String> breakerTexts = List.of();
    private DryBreakers breakers = DryBreakers.NONE;
    private boolean closed;
    private boolean freed;

    private Engine(
            Tokenizer tokenizer,
            Kernels kernels,
            Network network,
            EngineOptions options,
            EngineFacts facts,
            ModelDigest digest,
            SettingsSource hints) {
        this.tokenizer = tokenizer;
        this.kernels = kernels;
        this.network = network;
        this.options = options;
        this.facts = facts;
        this.digest = digest;
        this.hints = hints;
        pool = new SequencePool(
                options.sequences(), () -> new Sequence(network, network.newState(options.kv(), facts.context())));
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
            Engine engine = new Engine(
                    tokenizer,
                    choice.kernels(),
                    network,
                    options,
                    facts,
                    new ModelDigest(file.files().getFirst()),
                    hints);
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
        return tokenizer;
    }

    /** What this engine is. */
    public EngineFacts facts() {
        return facts;
    }

    /** Bytes that the caches hold at present. */
    public long cacheBytes() {
        return inTurn(new Cancellation(), waited -> pool.bytes()).orElse(0L);
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
     * Generates on the calling thread, after the requests that came before.
     *
     * @throws ContextFullException if the prompt does not fit
     * @throws GlassException if it is empty, or an id is outside the vocabulary
     */
    public Generation generate(Request request, GenerationListener listener) {
        int[] prompt = request.prompt();
        check("The prompt", prompt);
        SamplerSettings settings = seeded(request.settings());
        return inTurn(request.cancellation(), waited -> generate(request, settings, prompt, listener, waited))
                .orElseGet(() -> new Generation(
                        List.of(),
                        "",
                        FinishReason.CANCELLED,
                        Optional.empty(),
                        new Timings(prompt.length, 0, 0, 0, 0, 0),
                        Optional.empty()));
    }

    private Generation generate(
            Request request, SamplerSettings settings, int[] prompt, GenerationListener listener, long waited) {
        int vocabulary = facts.spec().vocabulary();
        SamplerChain chain = SamplerChain.of(settings, vocabulary, breakers(settings));
        request.traceTop().ifPresent(chain::record);
        Sequence sequence = pool.choose(prompt);
        Generator generator = new Generator(
                tokenizer, sequence, chain, request, listener, vocabulary, facts.context(), options.chunk());
        long start = System.nanoTime();
        boolean read = generator.readPrompt(prompt, pool.tick());
        long prefilled = System.nanoTime();
        FinishReason reason = read ? generator.generate() : FinishReason.CANCELLED;
        Timings timings = new Timings(
                prompt.length,
                generator.reused(),
                prefilled - start,
                generator.ids().size(),
                System.nanoTime() - prefilled,
                waited);
        Optional<Trace> trace = request.traceTop().isPresent()
                ? Optional.of(new Trace(
                        traceModel(),
                        settings,
                        request.stops(),
                        request.maxTokens(),
                        request.ignoreEnd(),
                        request.traceTop().getAsInt(),
                        Arrays.stream(prompt).mapToObj(generator::token).toList(),
                        generator.reused(),
                        generator.steps(),
                        generator.text(),
                        reason,
                        generator.stop(),
                        timings,
                        mentioned(generator, prompt)))
                : Optional.empty();
        return new Generation(generator.ids(), generator.text(), reason, generator.stop(), timings, trace);
    }

    private static List<Trace.Token> mentioned(Generator generator, int[] prompt) {
        NavigableSet<Integer> ids = new TreeSet<>();
        Arrays.stream(prompt).forEach(ids::add);
        for (Trace.Step step : generator.steps()) {
            ids.add(step.token().id());
            step.sampling().top().forEach(candidate -> ids.add(candidate.id()));
            step.sampling().stages().forEach(stage -> stage.top().forEach(candidate -> ids.add(candidate.id())));
        }
        return ids.stream().map(generator::token).toList();
    }

    /**
     * How likely a text is, token by token; the first is given. The text must fit the context.
     *
     * @throws ContextFullException if it does not
     * @throws CancellationException if it was cancelled
     */
    public Score score(int[] ids, Cancellation cancellation, ScoreListener listener) {
        check("The text", ids);
        return scoreFrom(ids, 0, cancellation, listener);
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
        if (length < 4 || length > facts.context()) {
            throw new GlassException(
                    "The chunk length must be from 4 to the context of " + facts.context() + ", not " + length + ".");
        }
        if (ids.length < length) {
            throw new GlassException("The text has " + ids.length + " tokens, less than one chunk of " + length + ".");
        }
        int tokens = 0;
        long bytes = 0;
        double sum = 0;
        for (int start = 0; start + length <= ids.length; start += length) {
            int[] chunk = Arrays.copyOfRange(ids, start, start + length);
            if (tokenizer.addsBos()) {
                chunk[0] = tokenizer.bos().orElse(chunk[0]);
            }
            check("The text", chunk);
            Score score = scoreFrom(chunk, length / 2, cancellation, ScoreListener.NONE);
            tokens += score.tokens();
            bytes += score.bytes();
            sum += score.logProbability();
        }
        return new Score(tokens, bytes, sum);
    }

    private Score scoreFrom(int[] ids, int first, Cancellation cancellation, ScoreListener listener) {
        return inTurn(cancellation, waited -> {
                    Sequence sequence = pool.choose(ids);
                    return new Scorer(tokenizer, sequence, facts.spec().vocabulary(), options.chunk())
                            .score(ids, first, cancellation, listener);
                })
                .orElseThrow(() -> new CancellationException("The scoring was cancelled."));
    }

    /**
     * Runs a trace again, tokens that a person or program picked picked the same, and compares every pick, draw and
     * probability.
     *
     * @throws GlassException if it was made with another model file or other numerics
     */
    public ReplayReport replay(Trace trace) {
        return Replay.run(this, trace);
    }

    /** A generation that can pause; nothing is computed yet. */
    public Run start(Request request) {
        return new Run(request);
    }

    /** What follows the last id: a logit for each token of the vocabulary, −∞ for those that the tokenizer lacks. */
    public float[] logits(int[] ids, Cancellation cancellation) {
        throw new UnsupportedOperationException("unfinished " + ids.length + cancellation);
    }

    /**
     * What a chain with these settings would do with logits; nothing is taken.
     *
     * @param history the ids before, for the penalties
     * @param top candidates recorded after each stage
     */
    public StepRecord ask(float[] logits, int[] history, SamplerSettings settings, int top) {
        throw new UnsupportedOperationException("unfinished " + logits.length + history.length + settings + top);
    }

    /** What a chain with these settings draws {@code count} times, nothing accepted in between. */
    public Draws draws(float[] logits, int[] history, SamplerSettings settings, int count) {
        throw new UnsupportedOperationException("unfinished " + logits.length + history.length + settings + count);
    }

    /**
     * What could follow a text, level by level, one batch each.
     *
     * @param width children of each token, 1 … 16
     * @param depth levels, 1 … 8; at most 512 tokens in all
     */
    public TokenTree tree(int[] ids, int width, int depth, Cancellation cancellation) {
        throw new UnsupportedOperationException("unfinished " + ids.length + width + depth + cancellation);
    }

    /** Looks into the network while it computes the last position of a text. */
    public View look(int[] ids, Look look, Cancellation cancellation) {
        throw new UnsupportedOperationException("unfinished " + ids.length + look + cancellation);
    }

    private void check(String what, int[] ids) {
        if (ids.length == 0) {
            throw new GlassException(what + " has no tokens.");
        }
        if (ids.length > facts.context()) {
            throw new ContextFullException(what, ids.length, facts.context());
        }
        for (int id : ids) {
            if (id < 0 || id >= Math.min(facts.spec().vocabulary(), tokenizer.size())) {
                throw new GlassException(
                        what + " has the id " + id + ", which is outside the vocabulary of " + tokenizer.size() + ".");
            }
        }
    }

    /** A random seed is chosen here, so that the trace knows it. */
    private static SamplerSettings seeded(SamplerSettings settings) {
        if (settings.get(Parameter.SEED) >= 0) {
            return settings;
        }
        Origin origin = settings.setting(Parameter.SEED).origin();
        return settings.with(Parameter.SEED, Integer.toUnsignedLong(SEEDS.nextInt()), origin);
    }

    /** Only called in turn. */
    private DryBreakers breakers(SamplerSettings settings) {
        List<String> texts = settings.get(Parameter.DRY_BREAKERS);
        if (settings.get(Parameter.DRY_MULTIPLIER) == 0) {
            return DryBreakers.NONE;
        }
        if (!texts.equals(breakerTexts)) {
            breakers = DryBreakers.of(texts, tokenizer.size(), tokenizer::bytes, text -> tokenizer.encode(text, false));
            breakerTexts = texts;
        }
        return breakers;
    }

    private Trace.Model traceModel() {
        ModelFacts model = facts.model();
        return new Trace.Model(
                model.name().orElse(digest.fileName()),
                facts.spec().architecture(),
                model.licence().text(),
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

    /** Runs when it is this caller's turn, with the nanoseconds waited; empty if cancelled before. */
    private <T> Optional<T> inTurn(Cancellation cancellation, Function<Long, T> work) {
        if (turn.isHeldByCurrentThread()) {
            throw new IllegalStateException("a listener called the engine that called it");
        }
        long start = System.nanoTime();
        try {
            while (!turn.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (cancellation.cancelled()) {
                    return Optional.empty();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            return Optional.of(work.apply(System.nanoTime() - start));
        } finally {
            if (closed) {
                free();
            }
            turn.unlock();
        }
    }

    /** Frees the memory, after the request that runs, even if that request's listener calls. Closing twice does nothing. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            if (turn.getHoldCount() == 1) {
                free();
            }
        } finally {
            turn.unlock();
        }
    }

    /** Only called in turn. */
    private void free() {
        if (!freed) {
            freed = true;
            pool.close();
            network.close();
            kernels.close();
        }
    }
}
