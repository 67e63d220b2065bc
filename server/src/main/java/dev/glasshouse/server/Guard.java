package dev.glasshouse.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may talk to the server. The Host header must name this server, so that a page of another site cannot reach it under a
 * name of its own (DNS rebinding); the Origin header must be the server's own page or listed; where there are keys, one must
 * be sent.
 */
final class Guard {
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Access access;
    private final InetAddress address;
    private final String host;
    private final List<byte[]> keys;

    Guard(ServerOptions options, InetAddress address) {
        this.access = options.access();
        this.address = address;
        this.host = options.host().toLowerCase(Locale.ROOT);
        this.keys = access.keys().stream().map(Guard::digest).toList();
    }

    /** @throws ApiException if the Host header names another server */
    void host(String header, int port) {
        String lower = header.toLowerCase(Locale.ROOT);
        int colon = lower.lastIndexOf(':');
        boolean withPort = colon > lower.lastIndexOf(']');
        String name = withPort ? lower.substring(0, colon) : lower;
        String asked = withPort ? lower.substring(colon + 1) : "80";
        boolean samePort = asked.equals(Integer.toString(port));
        if ((samePort && isOwn(name)) || listed(lower, name)) {
            return;
        }
        throw new ApiException(
                ErrorCode.FORBIDDEN_HOST,
                "This server does not answer to the host \"" + shown(header) + "\". Use http://127.0.0.1:" + port
                        + ", or start it with --allow-host " + shown(name) + ".");
    }

    private boolean isOwn(String name) {
        if (LOOPBACK.contains(name) || name.equals(host) || name.equals("[" + host + "]")) {
            return true;
        }
        // Whoever names a number and not a name was not led here by a name server.
        return !address.isLoopbackAddress() && (name.startsWith("[") || name.matches("[0-9]+(\\.[0-9]+){3}"));
    }

    private boolean listed(String header, String name) {
        return access.hosts().stream()
                .map(each -> each.toLowerCase(Locale.ROOT))
                .anyMatch(each -> each.equals(header) || each.equals(name));
    }

    /** Whether pages of other sites are listed. */
    boolean openToOthers() {
        return !access.origins().isEmpty();
    }

    /**
     * The origin to be allowed in the answer: empty for the server's own page and for programs.
     *
     * @throws ApiException if it is neither the server's own nor listed
     */
    Optional<String> origin(ServerRequestHeaders headers, String hostHeader, boolean api) {
        Optional<String> origin = headers.first(HeaderNames.ORIGIN);
        if (origin.isEmpty()) {
            if (api && headers.first(FETCH_SITE).filter("cross-site"::equals).isPresent()) {
                throw new ApiException(ErrorCode.FORBIDDEN_ORIGIN, "Pages of other sites may not use this server.");
            }
            return Optional.empty();
        }
        String name = origin.get();
        if (access.origins().contains(name)) {
            return origin;
        }
        if (name.equalsIgnoreCase("http://" + hostHeader) || name.equalsIgnoreCase("https://" + hostHeader)) {
            return Optional.empty();
        }
        throw new ApiException(
                ErrorCode.FORBIDDEN_ORIGIN,
                "Pages of \"" + shown(name)
                        + "\" may not use this server; its owner can allow them with --allow-origin.");
    }

    /**
     * The holder of the request: one for each key.
     *
     * @throws ApiException if keys are wanted and none of them was sent
     */
    int holder(ServerRequestHeaders headers) {
        if (keys.isEmpty()) {
            return 0;
        }
        String sent = headers.first(HeaderNames.AUTHORIZATION).orElse("");
        boolean bearer = sent.regionMatches(true, 0, "Bearer ", 0, 7);
        byte[] digest = digest(bearer ? sent.substring(7).strip() : "");
        int found = -1;
        for (int i = 0; i < keys.size(); i++) {
            // All are compared, each in the same time whatever is in it.
            if (MessageDigest.isEqual(keys.get(i), digest) && bearer) {
                found = i;
            }
        }
        if (found < 0) {
            throw new ApiException(
                    ErrorCode.UNAUTHORIZED,
                    bearer
                            ? "The API key is not one of this server's."
                            : "This server wants an API key: send the header Authorization: Bearer KEY.");
        }
        return found;
    }

    private static byte[] digest(String key) {
        return Digests.sha256(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String shown(String text) {
        String clean = text.replaceAll("[^\\x21-\\x7e]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) + "…" : clean;
    }
}
