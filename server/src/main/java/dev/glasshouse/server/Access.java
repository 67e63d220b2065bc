package dev.glasshouse.server;

import java.util.List;

/**
 * Who may talk to a server.
 *
 * @param keys API keys, any of which opens {@code /api} and {@code /v1}; none: everybody who reaches the address
 * @param hosts names in the Host header that are accepted beside the address itself: "name" with any port, or "name:port"
 * @param origins origins of other web pages that may use the server, such as {@code https://chat.example}
 */
public record Access(List<String> keys, List<String> hosts, List<String> origins) {
    /** This machine only. */
    public static final Access DEFAULT = new Access(List.of(), List.of(), List.of());

    public Access {
        keys = List.copyOf(keys);
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
    }
}
