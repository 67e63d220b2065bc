package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.util.List;
import java.util.Optional;

/**
 * Models by name: finds them on this machine, says what fetching one would mean, fetches it.
 *
 * <pre>{@code
 * try (Hub hub = Hub.open(HubSettings.ofProcess())) {
 *     InstalledModel model = hub.find("smollm2").orElseGet(() -> {
 *         PullPlan plan = hub.plan("smollm2", listener);   // name, parameters, size, licence: show them
 *         return hub.pull(plan, new PullOptions(accepted, false), listener);
 *     });
 *     Path file = model.path();
 * }
 * }</pre>
 *
 * <p>Whatever goes wrong in a way that a user can cause or meet ends in a {@link GlassException} whose message says what,
 * where and what to do. One hub may be used by one thread at a time; any number of processes may share a store.
 */
public final class Hub implements AutoCloseable {
    private final HubSettings settings;
    private final Catalogue catalogue = Catalogue.builtIn();
    private final Disk disk;
    private final Store store;
    private final Http http;

    private Hub(HubSettings settings, Disk disk) {
        this.settings = settings;
        this.disk = disk;
        this.store = new Store(settings.home(), disk);
        this.http = new Http(settings);
    }

    /** A hub with these settings; touches neither disk nor network yet. */
    public static Hub open(HubSettings settings) {
        return new Hub(settings, new Disk());
    }

    static Hub open(HubSettings settings, Disk disk) {
        return new Hub(settings, disk);
    }

    /** The models that have short names. */
    public Catalogue catalogue() {
        return catalogue;
    }

    /**
     * The model of that name on this machine: in the store, at a path, or {@code tiny}, which the program carries. Empty
     * when it would have to be fetched first.
     *
     * @throws GlassException when the name means nothing; the message gives the nearest one
     */
    public Optional<InstalledModel> find(String name) {
        return switch (parse(name)) {
            case ModelName.Tiny tiny -> Optional.of(TinyModel.open(store, disk));
            case ModelName.Local local -> Optional.of(LocalModels.open(local.path()));
            case ModelName other -> store.find(other.canonical());
        };
    }

    /**
     * What pulling that name would fetch. Asks the sources in order.
     *
     * @throws GlassException when no source can serve, with one line for each
     */
    public PullPlan plan(String name, PullListener listener) {
        ModelName parsed = parse(name);
        if (parsed instanceof ModelName.Tiny || parsed instanceof ModelName.Local) {
            throw new GlassException(Text.quote(name) + " needs no pull: it is on this machine already.");
        }
        Planner planner = new Planner(settings, http, catalogue);
        return Planner.plan(parsed, name.strip(), planner.offer(parsed, listener), store);
    }

    /**
     * Fetches what the plan says, checks it and puts it into the store. Takes up earlier attempts where they ended; what
     * has arrived stays whatever happens.
     *
     * @throws GlassException when the licence needs to be accepted and is not, and for all that can go wrong on the way
     */
    public InstalledModel pull(PullPlan plan, PullOptions options, PullListener listener) {
        return new Puller(settings, http, store, disk).pull(plan, options, listener);
    }

    /** The models in the store, by name. Folders whose manifest cannot be read are left out. */
    public List<InstalledModel> list() {
        return store.list();
    }

    /**
     * Deletes a model of the store: its files, its manifest and the remains of earlier attempts.
     *
     * @return what was deleted
     * @throws GlassException when there is no such model or it is not the store's
     */
    public InstalledModel remove(String name) {
        InstalledModel model = find(name)
                .orElseThrow(() -> new GlassException("There is no " + Text.quote(name) + " in the store "
                        + store.home() + ". See 'glass list' for what is there."));
        if (!model.managed()) {
            throw new GlassException(Text.quote(name) + " is not in the store, so it is not deleted: it lies in "
                    + model.folder() + ".");
        }
        store.remove(model);
        return model;
    }

    private ModelName parse(String name) {
        return ModelNames.parse(name, catalogue, settings.userHome());
    }

    /** Drops what connections are still open. */
    @Override
    public void close() {
        http.close();
    }
}
