package dev.glasshouse.server;

import dev.glasshouse.engine.Engine;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.StageKind;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the server is and offers. */
final class InfoRoutes {
    private final Desk desk;
    private final long start = System.nanoTime();

    InfoRoutes(Desk desk) {
        this.desk = desk;
    }

    void addTo(Router router) {
        router.get("/api/glass/status", this::status)
                .get("/api/glass/parameters", this::parameters)
                .getOpen("/api/glass/openapi.json", exchange -> exchange.json(document()));
    }

    private void status(Exchange exchange) {
        long cache = desk.host().loaded().stream()
                .flatMap(each -> each.model().stream())
                .mapToLong(model -> model.engine().cacheBytes())
                .sum();
        exchange.json(Json.object()
                .put("version", version())
                .put("numerics", Engine.NUMERICS_VERSION)
                .put(
                        "models",
                        desk.host().loaded().stream()
                                .map(each -> Json.of(each.name()))
                                .toList())
                .put("running", desk.jobs().running())
                .put("waiting", desk.jobs().waiting())
                .put("queue_limit", desk.limits().waiting())
                .put("sessions", desk.sessions().count())
                .put("session_bytes", desk.sessions().bytes())
                .put("cache_bytes", cache)
                .put("uptime_s", (System.nanoTime() - start) / 1e9)
                .build());
    }

    static String version() {
        return Optional.ofNullable(InfoRoutes.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private void parameters(Exchange exchange) {
        List<Json> parameters = new ArrayList<>();
        for (Parameter<?> parameter : Parameter.all()) {
            parameters.add(Json.object()
                    .put("name", parameter.name())
                    .put("built_in", Settings.value(parameter.builtIn()))
                    .put("expected", parameter.expected())
                    .put("description", parameter.description())
                    .build());
        }
        List<Json> stages = Arrays.stream(StageKind.values())
                .map(kind -> (Json) Json.object()
                        .put("name", kind.fullName())
                        .put("letter", String.valueOf(kind.letter()))
                        .build())
                .toList();
        exchange.json(Json.object()
                .put("parameters", parameters)
                .put("stages", stages)
                .put(
                        "order",
                        StageKind.defaultOrder().stream()
                                .map(kind -> Json.of(kind.fullName()))
                                .toList())
                .build());
    }

    /** The OpenAPI document of all routes. */
    static Json document() {
        try (InputStream in = Objects.requireNonNull(InfoRoutes.class.getResourceAsStream("openapi.json"))) {
            return Json.parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
