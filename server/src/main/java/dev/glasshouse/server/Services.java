package dev.glasshouse.server;

import dev.glasshouse.weights.Json;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/** All that answers, put together. */
final class Services implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.glasshouse.server");

    private final Router router = new Router();
    private final Sessions sessions;
    private final ModelHost host;
    private final Jobs jobs;
    private final BooleanSupplier draining;
    private volatile boolean loading;

    Services(ServerOptions options, BooleanSupplier draining) {
        this.draining = draining;
        sessions = new Sessions(options.limits());
        host = new ModelHost(options, sessions::dropOf);
        jobs = new Jobs(options.limits());
        Desk desk = new Desk(host, sessions, jobs, options.limits());
        router.getOpen("/health", this::health);
        new OpenAi(host, jobs, options.limits()).addTo(router);
        new SessionRoutes(desk).addTo(router);
        new RunRoutes(desk).addTo(router);
        new LookRoutes(desk).addTo(router);
        new TextRoutes(desk).addTo(router);
        OddsRoutes.addTo(router);
        new ModelRoutes(desk, options).addTo(router);
        new InfoRoutes(desk).addTo(router);
    }

    /** Loads the standard model, so that the first request need not wait for it. */
    void preload() {
        loading = true;
        Thread.ofVirtual().name("glass-preload").start(() -> {
            try {
                host.lease(host.standard(), OptionalInt.empty(), draining, model -> {})
                        .close();
            } catch (ClientGone | InterruptedException e) {
                // the server ends
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the model could not be loaded: "
                                + Optional.ofNullable(e.getMessage()).orElse(e.toString()));
            } finally {
                loading = false;
            }
        });
    }

    private void health(Exchange exchange) {
        boolean ending = draining.getAsBoolean();
        String status = ending ? "draining" : loading ? "loading" : "ok";
        exchange.json(
                status.equals("ok") ? 200 : 503,
                Json.object().put("status", status).build());
    }

    Router router() {
        return router;
    }

    int active() {
        return jobs.active();
    }

    int sessionCount() {
        return sessions.count();
    }

    void sweep() {
        jobs.sweep();
        sessions.sweep();
    }

    void cancelAll() {
        jobs.cancelAll();
    }

    @Override
    public void close() {
        jobs.close();
        sessions.close();
        host.close();
    }
}
