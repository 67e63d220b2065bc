package dev.glasshouse.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The table of routes. */
final class Router {
    private final List<Route> routes = new ArrayList<>();

    Router get(String path, Route.Handler handler) {
        routes.add(new Route("GET", path, false, handler));
        return this;
    }

    /** A route that needs no key. */
    Router getOpen(String path, Route.Handler handler) {
        routes.add(new Route("GET", path, true, handler));
        return this;
    }

    Router post(String path, Route.Handler handler) {
        routes.add(new Route("POST", path, false, handler));
        return this;
    }

    Router delete(String path, Route.Handler handler) {
        routes.add(new Route("DELETE", path, false, handler));
        return this;
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    /** A route with the parameters of the path. */
    record Match(Route route, Map<String, String> parameters) {}

    /**
     * What answers a request; empty where no route has this path.
     *
     * @throws MethodNotAllowed if only other methods have it
     */
    Optional<Match> find(String method, List<String> segments) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        TreeSet<String> others = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.match(segments);
            if (parameters.isPresent() && route.method().equals(wanted)) {
                return Optional.of(new Match(route, parameters.get()));
            }
            parameters.ifPresent(same -> others.add(route.method()));
        }
        if (others.isEmpty()) {
            return Optional.empty();
        }
        throw new MethodNotAllowed(allow(others));
    }

    static String allow(Set<String> methods) {
        TreeSet<String> all = new TreeSet<>(methods);
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        all.add("OPTIONS");
        return String.join(", ", all);
    }
}
