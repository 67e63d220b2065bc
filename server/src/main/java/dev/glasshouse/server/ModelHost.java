package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.ModelOptions;
import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The models of a server: loaded when first asked for, a bounded number at the same time; the one that was not used for the
 * longest time makes room. Only models of the store, {@code tiny} and the one that the server was started with are opened, so
 * that a client cannot reach other files.
 */
final class ModelHost implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.glasshouse.server");

    private final ServerOptions options;
    private final Map<String, LoadedModel> models = new LinkedHashMap<>();
    private final Consumer<Model> closing;
    private Optional<InstalledModel> standard = Optional.empty();
    private boolean closed;

    /** @param closing hears of a model that is about to be closed */
    ModelHost(ServerOptions options, Consumer<Model> closing) {
        this.options = options;
        this.closing = closing;
    }

    /** A model in use; closing this says that it is not any more. */
    final class Lease implements AutoCloseable {
        private final LoadedModel loaded;
        private boolean ended;

        private Lease(LoadedModel loaded) {
            this.loaded = loaded;
        }

        Model model() {
            return loaded.model().orElseThrow();
        }

        String name() {
            return loaded.name();
        }

        LoadedModel loaded() {
            return loaded;
        }

        @Override
        public void close() {
            synchronized (ModelHost.this) {
                if (!ended) {
                    ended = true;
                    loaded.leave();
                }
            }
        }
    }

    /** The same model once more; empty where it was closed meanwhile. */
    synchronized Optional<Lease> reuse(LoadedModel loaded) {
        if (loaded.gone()) {
            return Optional.empty();
        }
        loaded.use();
        return Optional.of(new Lease(loaded));
    }

    /** The model that is used where none is named. */
    synchronized InstalledModel standard() {
        if (standard.isEmpty()) {
            String name = options.defaultModel().orElse("tiny");
            try (Hub hub = Hub.open(options.hub())) {
                standard = Optional.of(hub.find(name)
                        .orElseThrow(() -> new GlassException("The model " + name
                                + " is not on this machine: 'glass pull " + name + "' fetches it.")));
            }
        }
        return standard.get();
    }

    /** The model of that name on this machine; without a name, the standard one. */
    InstalledModel find(Optional<String> name) {
        InstalledModel usual = standard();
        if (name.isEmpty() || named(usual, name.get()) || options.defaultModel().equals(name)) {
            return usual;
        }
        String wanted = name.get();
        try (Hub hub = Hub.open(options.hub())) {
            if (wanted.equals("tiny")) {
                return hub.find(wanted).orElseThrow();
            }
            for (InstalledModel each : hub.list()) {
                if (named(each, wanted)) {
                    return each;
                }
            }
            Optional<InstalledModel> catalogued = hub.catalogue().find(wanted).flatMap(entry -> hub.find(entry.name()));
            return catalogued.orElseThrow(() -> unknown(hub, wanted));
        }
    }

    private static ApiException unknown(Hub hub, String name) {
        String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        return new ApiException(
                ErrorCode.NO_MODEL,
                hub.catalogue().find(name).isPresent()
                        ? "The model \"" + shown
                                + "\" is not on this machine yet; POST /api/glass/models/load fetches it."
                        : "There is no model \"" + shown + "\" here; GET /v1/models lists those there are.");
    }

    private static boolean named(InstalledModel model, String name) {
        return model.name().equals(name) || model.names().contains(name);
    }

    /** Models of this machine: the standard one, the store's, tiny. */
    List<InstalledModel> installed() {
        List<InstalledModel> all = new ArrayList<>();
        all.add(standard());
        try (Hub hub = Hub.open(options.hub())) {
            for (InstalledModel each : hub.list()) {
                if (all.stream().noneMatch(known -> known.name().equals(each.name()))) {
                    all.add(each);
                }
            }
            if (all.stream().noneMatch(known -> known.name().equals("tiny"))) {
                hub.find("tiny").ifPresent(all::add);
            }
        }
        return all;
    }

    /** The models in memory. */
    synchronized List<LoadedModel> loaded() {
        return models.values().stream().filter(each -> each.model().isPresent()).toList();
    }

    /** A model to use, loaded if it is not yet. The client may leave meanwhile. */
    Lease lease(Optional<String> name, Connection client) throws InterruptedException {
        return lease(find(name), OptionalInt.empty(), client::gone, loading -> {});
    }

    /**
     * A model to use, loaded if it is not yet; requests that come while it is loaded wait for the same loading.
     *
     * @param context tokens wanted; empty: as it is loaded, or as the server's options say
     * @throws ApiException if there is no room, all others being in use
     * @throws GlassException if it cannot be loaded
     */
    Lease lease(InstalledModel model, OptionalInt context, BooleanSupplier gone, Consumer<LoadedModel> progress)
            throws InterruptedException {
        LoadedModel loading;
        synchronized (this) {
            loading = models.get(model.name());
            if (loading != null && context.isPresent() && !sameContext(loading, context.getAsInt())) {
                evict(loading);
                loading = null;
            }
            if (loading == null) {
                makeRoom();
                loading = new LoadedModel(model, context);
                models.put(model.name(), loading);
                LoadedModel started = loading;
                Thread.ofPlatform().daemon().name("glass-load").start(() -> load(started));
            }
            loading.use();
        }
        Lease lease = new Lease(loading);
        try {
            await(loading, gone, progress);
            return lease;
        } catch (RuntimeException | InterruptedException e) {
            lease.close();
            throw e;
        }
    }

    private static boolean sameContext(LoadedModel loaded, int context) {
        return loaded.model().isPresent()
                ? loaded.model().get().context() == context
                : loaded.context().equals(OptionalInt.of(context));
    }

    private void await(LoadedModel loading, BooleanSupplier gone, Consumer<LoadedModel> progress)
            throws InterruptedException {
        while (true) {
            synchronized (this) {
                if (loading.failure().isPresent()) {
                    throw new GlassException(
                            String.valueOf(loading.failure().get().getMessage()),
                            loading.failure().get());
                }
                if (loading.model().isPresent()) {
                    return;
                }
                wait(100);
            }
            if (gone.getAsBoolean()) {
                throw new ClientGone();
            }
            progress.accept(loading);
        }
    }

    private void load(LoadedModel loading) {
        ModelOptions how = options.model().withLoading(loading::progress);
        if (loading.context().isPresent()) {
            how = how.withContext(loading.context().getAsInt());
        }
        try {
            Model model = Model.open(loading.installed(), how);
            synchronized (this) {
                loading.loaded(model);
                if (closed) {
                    loading.close();
                }
                notifyAll();
            }
        } catch (RuntimeException | Error e) {
            if (!(e instanceof GlassException)) {
                LOG.log(System.Logger.Level.ERROR, "loading " + loading.name() + " failed", e);
            }
            synchronized (this) {
                loading.failed(
                        e instanceof RuntimeException failure ? failure : new IllegalStateException(e.toString(), e));
                models.remove(loading.name(), loading);
                notifyAll();
            }
        }
    }

    /** Only called in the monitor. */
    private void makeRoom() {
        while (models.size() >= options.limits().models()) {
            evict(models.values().stream()
                    .filter(each -> each.idle() && each.model().isPresent())
                    .min(Comparator.comparingLong(LoadedModel::lastUse))
                    .orElseThrow(() -> new ApiException(
                            ErrorCode.QUEUE_FULL,
                            "All " + models.size()
                                    + " models that may be loaded are in use. Try again when they are not, or"
                                    + " start the server with a greater --max-models.")));
        }
    }

    /** Only called in the monitor. @throws ApiException if it is in use */
    private void evict(LoadedModel loaded) {
        if (!loaded.idle() || loaded.model().isEmpty()) {
            throw new ApiException(ErrorCode.QUEUE_FULL, "The model " + loaded.name() + " is in use. Try again later.");
        }
        models.remove(loaded.name());
        closing.accept(loaded.model().get());
        loaded.close();
    }

    /** Frees the memory of a model. @throws ApiException if it is not loaded, or in use */
    synchronized String unload(String name) {
        InstalledModel model = find(Optional.of(name));
        evict(Optional.ofNullable(models.get(model.name()))
                .orElseThrow(
                        () -> new ApiException(ErrorCode.NO_MODEL, "The model " + model.name() + " is not loaded.")));
        return model.name();
    }

    @Override
    public synchronized void close() {
        closed = true;
        models.values().forEach(LoadedModel::close);
        models.clear();
    }
}
