package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.hub.Catalogue;
import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.hub.PullEvent;
import dev.glasshouse.hub.PullListener;
import dev.glasshouse.hub.PullOptions;
import dev.glasshouse.hub.PullPlan;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.ModelFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Models: those there are and could be, what each is, planned, fetched, loaded, unloaded. */
final class ModelRoutes {
    /** The context that the memory of a model is foretold for that is not here yet. */
    private static final int CONTEXT = 4096;

    private static final long POLL_MILLIS = 100;

    private final Desk desk;
    private final ServerOptions options;

    ModelRoutes(Desk desk, ServerOptions options) {
        this.desk = desk;
        this.options = options;
    }

    void addTo(Router router) {
        router.get("/api/glass/models", this::list)
                .get("/api/glass/models/{name*}", this::card)
                .post("/api/glass/models/plan", this::plan)
                .post("/api/glass/models/load", this::load)
                .post("/api/glass/models/unload", this::unload);
    }

    private void list(Exchange exchange) {
        List<Json> models = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<String> loaded =
                desk.host().loaded().stream().map(LoadedModel::name).toList();
        String standard = desk.host().standard().name();
        for (InstalledModel each : desk.host().installed()) {
            names.addAll(each.names());
            names.add(each.name());
            models.add(entry(each.name(), loaded.contains(each.name()), standard.equals(each.name()), true)
                    .put("bytes", each.size())
                    .put("license", ModelCard.licence(each.licence()))
                    .put("source", each.source())
                    .build());
        }
        for (Catalogue.Entry each : Catalogue.builtIn().entries()) {
            if (names.add(each.name())) {
                models.add(entry(each.name(), false, false, false)
                        .put("license", ModelCard.licence(each.licence()))
                        .put("source", each.publisher())
                        .put("summary", each.summary())
                        .build());
            }
        }
        exchange.json(Json.object().put("models", models).build());
    }

    private static Json.ObjectBuilder entry(String name, boolean loaded, boolean standard, boolean installed) {
        return Json.object()
                .put("name", name)
                .put("loaded", loaded)
                .put("default", standard)
                .put("installed", installed);
    }

    private Optional<Model> loaded(String name) {
        return desk.host().loaded().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .flatMap(LoadedModel::model);
    }

    private void card(Exchange exchange) {
        InstalledModel installed = desk.host().find(Optional.of(exchange.path("name")));
        boolean tensors = exchange.query("tensors").filter("true"::equals).isPresent();
        exchange.json(ModelCard.of(
                installed, loaded(installed.name()), options.model().engine(), tensors));
    }

    private void plan(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        String name = body.needString("name");
        body.noOthers();
        Optional<InstalledModel> here = here(name);
        exchange.json(here.isPresent() ? plan(here.get()) : plan(pullPlan(name, PullListener.silent())));
    }

    private Optional<InstalledModel> here(String name) {
        try {
            return Optional.of(desk.host().find(Optional.of(name)));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    private Json plan(InstalledModel model) {
        try (ModelFile file = ModelFile.open(model.path())) {
            Json.ObjectBuilder json = Json.object()
                    .put("name", model.name())
                    .put("source", model.source())
                    .put("bytes", model.size())
                    .put("license", ModelCard.licence(model.licence()))
                    .put("license_accepted", true)
                    .put("facts", ModelCard.facts(dev.glasshouse.weights.ModelFacts.of(file)))
                    .put("already", model.size());
            ModelCard.memory(file, loaded(model.name()), options.model().engine())
                    .ifPresent(memory -> json.put("memory", ModelCard.memory(memory)));
            return json.build();
        }
    }

    private static Json plan(PullPlan plan) {
        Json.ObjectBuilder json = Json.object().put("name", plan.name()).put("source", plan.source());
        Answers.put(json, "bytes", plan.size());
        json.put("license", ModelCard.licence(plan.licence())).put("license_accepted", plan.licenceAccepted());
        plan.facts().ifPresent(facts -> {
            Json.ObjectBuilder known = Json.object().put("architecture", facts.architecture());
            Answers.put(known, "parameters", facts.parameters());
            Answers.put(known, "layers", facts.layers());
            Answers.put(known, "context", facts.context());
            json.put("facts", known.build());
        });
        if (plan.memory(CONTEXT).isPresent() && plan.size().isPresent()) {
            long total = plan.memory(CONTEXT).getAsLong();
            json.put(
                    "memory",
                    Json.object()
                            .put("weights", plan.size().getAsLong())
                            .put("total", total)
                            .put("context", CONTEXT)
                            .build());
        }
        return json.put("already", plan.already()).build();
    }

    /** Only models of the catalogue are fetched for a client: names can be addresses and paths, too. */
    private PullPlan pullPlan(String name, PullListener listener) {
        try (Hub hub = Hub.open(options.hub())) {
            if (hub.catalogue().find(name).isEmpty()) {
                throw new ApiException(
                        ErrorCode.NO_MODEL,
                        "There is no model of that name on this machine or in the catalogue (GET /api/glass/models)."
                                + " 'glass pull' fetches others.");
            }
            return hub.plan(name, listener);
        }
    }

    private void load(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        String name = body.needString("name");
        boolean accept = body.bool("accept_license", false);
        OptionalInt context = body.integer("context", 2, Integer.MAX_VALUE - 64);
        body.noOthers();
        Optional<InstalledModel> here = here(name);
        if (here.isEmpty()) {
            // Known names are told apart before the first byte of the stream.
            requireCatalogued(name);
        }
        EventStream events = exchange.events();
        InstalledModel model;
        if (here.isPresent()) {
            model = here.get();
            events.event("plan", plan(model));
        } else {
            model = pull(exchange, events, name, accept);
        }
        long[] told = {-1};
        try (ModelHost.Lease lease = desk.host().lease(model, context, exchange.connection()::gone, loading -> {
            if (loading.done() != told[0]) {
                told[0] = loading.done();
                events.event("load", progress(loading.done(), loading.total()).build());
            } else {
                events.quiet();
            }
        })) {
            events.event("ready", Json.object().put("name", lease.name()).build());
        }
    }

    private static void requireCatalogued(String name) {
        if (Catalogue.builtIn().find(name).isEmpty()) {
            throw new ApiException(
                    ErrorCode.NO_MODEL, "There is no model of that name on this machine or in the catalogue.");
        }
    }

    private static Json.ObjectBuilder progress(long done, long total) {
        Json.ObjectBuilder json = Json.object().put("done", done);
        if (total > 0) {
            json.put("total", total);
        }
        return json;
    }

    /** Fetches on a thread of its own, so that a client that leaves ends it; what has arrived stays. */
    private InstalledModel pull(Exchange exchange, EventStream events, String name, boolean accept) throws Exception {
        Feed<Json> feed = new Feed<>();
        Job<InstalledModel> job = desk.jobs().fetch(cancellation -> {
            try (Hub hub = Hub.open(options.hub())) {
                PullPlan plan = hub.plan(name, PullListener.silent());
                feed.tell(Json.object().put("plan", plan(plan)).build());
                if (!plan.licenceAccepted() && !accept) {
                    throw new ApiException(
                            ErrorCode.LICENSE_NOT_ACCEPTED,
                            "The license " + plan.licence().name() + " has conditions: read it"
                                    + plan.licence()
                                            .link()
                                            .map(link -> " (" + link + ")")
                                            .orElse("")
                                    + " and accept it with \"accept_license\": true.");
                }
                return hub.pull(plan, new PullOptions(accept, false), event -> {
                    if (cancellation.cancelled()) {
                        throw new ClientGone();
                    }
                    tell(feed, event);
                });
            } finally {
                feed.end();
            }
        });
        try {
            int told = 0;
            while (!feed.over(told) && !job.result().isDone()) {
                List<Json> news = feed.from(told, POLL_MILLIS);
                told += news.size();
                send(events, news);
                if (news.isEmpty()) {
                    events.quiet();
                }
            }
            send(events, feed.from(told, 0));
            return desk.jobs().await(exchange, job);
        } catch (ClientGone e) {
            job.cancel();
            throw e;
        }
    }

    private static void send(EventStream events, List<Json> news) {
        for (Json each : news) {
            each.asObject().members().forEach(events::event);
        }
    }

    private static void tell(Feed<Json> feed, PullEvent event) {
        if (event instanceof PullEvent.Progress progress) {
            Json.ObjectBuilder json = progress(progress.done(), progress.total())
                    .put("file", progress.file())
                    .put("rate", progress.bytesPerSecond());
            Answers.put(json, "seconds_left", progress.secondsLeft());
            feed.tell(Json.object().put("pull", json.build()).build());
        }
    }

    private void unload(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        String name = body.needString("name");
        body.noOthers();
        exchange.json(Json.object().put("name", desk.host().unload(name)).build());
    }
}
