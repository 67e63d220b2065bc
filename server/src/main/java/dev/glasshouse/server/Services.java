package dev.glasshouse.server;

import dev.glasshouse.weights.Json;
import java.util.function.BooleanSupplier;

/** All that answers, put together. */
final class Services implements AutoCloseable {
    private final Router router = new Router();
    private final ModelHost host;
    private final Jobs jobs;
    private final BooleanSupplier draining;

    Services(ServerOptions options, BooleanSupplier draining) {
        this.draining = draining;
        host = new ModelHost(options, model -> {});
        jobs = new Jobs(options.limits());
        router.getOpen("/health", this::health);
        new OpenAi(host, jobs, options.limits()).addTo(router);
    }

    private void health(Exchange exchange) {
        boolean ending = draining.getAsBoolean();
        exchange.json(
                ending ? 503 : 200,
                Json.object().put("status", ending ? "draining" : "ok").build());
    }

    Router router() {
        return router;
    }

    int active() {
        return jobs.active();
    }

    int sessionCount() {
        return 0;
    }

    void sweep() {
        jobs.sweep();
    }

    void cancelAll() {
        jobs.cancelAll();
    }

    @Override
    public void close() {
        jobs.close();
        host.close();
    }
}
