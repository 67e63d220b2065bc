package dev.glasshouse.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A method, a path and what answers it.
 *
 * @param method GET, POST or DELETE; HEAD goes with GET
 * @param path as OpenAPI writes it: {@code /api/glass/sessions/{session}}; a parameter at the end with a star,
 *     {@code {name*}}, takes all that is left
 * @param open whether it needs no key
 */
record Route(String method, String path, boolean open, Handler handler) {
    /** Answers a request. */
    @FunctionalInterface
    interface Handler {
        void handle(Exchange exchange) throws Exception;
    }

    /** The path as OpenAPI writes it, without stars. */
    String documented() {
        return path.replace("*}", "}");
    }

    /** The parameters, if the decoded segments of a path are this route's. */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> wanted = List.of(path.substring(1).split("/"));
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String part = wanted.get(i);
            if (part.endsWith("*}")) {
                if (segments.size() <= i) {
                    return Optional.empty();
                }
                parameters.put(
                        part.substring(1, part.length() - 2), String.join("/", segments.subList(i, segments.size())));
                return Optional.of(parameters);
            }
            if (segments.size() <= i) {
                return Optional.empty();
            }
            if (part.startsWith("{")) {
                parameters.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (!part.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return segments.size() == wanted.size() ? Optional.of(parameters) : Optional.empty();
    }

    /** The decoded segments of a raw path. @throws ApiException if it is not encoded as it should be */
    static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String segment : rawPath.substring(1).split("/", -1)) {
            segments.add(Percent.decode(segment));
        }
        return segments;
    }
}
