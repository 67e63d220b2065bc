package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * GET requests under the house's rules: TLS except to this machine itself; redirects are followed by hand, at most ten,
 * and never from https to http; the hub's token goes to the hub's host only; every wait is bounded. (The client's own
 * request time-out is not used: from JDK 26 on it spans the body as well, which for a large file may take hours.)
 */
final class Http implements AutoCloseable {
    private static final int MOST_REDIRECTS = 10;
    private static final String AGENT = "glasshouse";

    private final HubSettings settings;
    private final HttpClient client;

    Http(HubSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .proxy(new EnvironmentProxy(settings.environment()))
                .sslContext(Trust.context(settings.environment()))
                .build();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /**
     * @param status 200 or 206
     * @param body unread; reading it fails with an {@link IOException} when nothing arrives for the stall time-out
     */
    record Response(int status, URI address, java.net.http.HttpHeaders headers, InputStream body)
            implements AutoCloseable {
        Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        /** The entity tag when it is a strong one: the only kind that may tell whether a file is still the same. */
        Optional<String> strongTag() {
            return header("ETag").filter(tag -> tag.startsWith("\"") && tag.length() < 300);
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /** An answer that is neither 200 nor 206. */
    static final class StatusException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final long retryAfterSeconds;

        StatusException(int status, URI address, String hint, long retryAfterSeconds) {
            super(shown(address) + " answered " + status + hint);
            this.status = status;
            this.retryAfterSeconds = retryAfterSeconds;
        }

        int status() {
            return status;
        }

        /** What the server asks to wait, 0 when it does not say. */
        long retryAfterSeconds() {
            return retryAfterSeconds;
        }

        /** Whether the same request may succeed a little later. */
        boolean passing() {
            return status == 408 || status == 425 || status == 429 || status >= 500;
        }
    }

    /** A GET with further headers. Closing the response drops the connection if the body is not read to its end. */
    Response get(URI address, Map<String, String> headers) throws IOException {
        URI at = address;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> answer = send(at, headers);
            InputStream body = new StallGuard(answer.body(), settings.stallTimeout());
            int status = answer.statusCode();
            if (status == 200 || status == 206) return new Response(status, at, answer.headers(), body);
            body.close();
            if (status < 300 || status >= 400 || status == 304) throw failed(answer, at);
            at = redirected(at, answer.headers().firstValue("Location"));
        }
        throw new IOException(shown(address) + " redirects more than " + MOST_REDIRECTS + " times");
    }

    private HttpResponse<InputStream> send(URI at, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(withoutUser(at)).header("User-Agent", AGENT);
        headers.forEach(request::header);
        authorization(at).ifPresent(value -> request.header("Authorization", value));
        CompletableFuture<HttpResponse<InputStream>> answer =
                client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try {
            return answer.get(
                    settings.connectTimeout().plus(settings.stallTimeout()).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no answer from " + at.getHost());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) throw failure;
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        }
    }

    private Optional<String> authorization(URI at) {
        if (at.getRawUserInfo() != null) {
            byte[] pair = at.getUserInfo().getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
        }
        URI hub = settings.hubEndpoint();
        boolean same = at.getScheme().equalsIgnoreCase(hub.getScheme())
                && at.getHost().equalsIgnoreCase(hub.getHost())
                && at.getPort() == hub.getPort();
        return same ? settings.hubToken().map(token -> "Bearer " + token) : Optional.empty();
    }

    private static StatusException failed(HttpResponse<?> answer, URI at) {
        int status = answer.statusCode();
        String hint =
                switch (status) {
                    case 401 -> " (not authorised)";
                    case 403 -> " (access refused)";
                    case 404 -> " (not there)";
                    case 407 -> " (the proxy asks for a password)";
                    case 416 -> " (range not satisfiable)";
                    case 429 -> " (too many requests)";
                    default -> status >= 500 ? " (server error)" : "";
                };
        long wait = 0;
        String text = answer.headers().firstValue("Retry-After").orElse("").strip();
        if (text.matches("[0-9]{1,5}")) wait = Long.parseLong(text);
        return new StatusException(status, at, hint, wait);
    }

    private static URI redirected(URI from, Optional<String> location) throws IOException {
        URI to;
        try {
            to = from.resolve(URI.create(location.orElse("")));
        } catch (IllegalArgumentException e) {
            throw new IOException(shown(from) + " redirects to something that is not an address", e);
        }
        if (location.isEmpty()) throw new IOException(shown(from) + " redirects without saying where to");
        if (from.getScheme().equalsIgnoreCase("https") && !"https".equalsIgnoreCase(to.getScheme())) {
            throw new IOException(shown(from) + " redirects from https to " + to.getScheme() + ", which is refused");
        }
        try {
            checkAddress(to);
        } catch (GlassException e) {
            throw new IOException(shown(from) + " redirects to a refused address: " + e.getMessage(), e);
        }
        return to;
    }

    /**
     * Refuses what is not https, except http to this machine itself.
     *
     * @throws GlassException with the reason
     */
    static void checkAddress(URI address) {
        String scheme = Optional.ofNullable(address.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        String host = address.getHost();
        if (host == null || host.isEmpty()) throw new GlassException(Text.quote(shown(address)) + " names no host.");
        if (scheme.equals("https") || scheme.equals("http") && isLoopback(host)) return;
        throw new GlassException(Text.quote(shown(address))
                + " is refused: models are fetched over https only (http is allowed to" + " this machine itself).");
    }

    static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
    }

    /** The address for a message: without user, query and fragment, where secrets stand. */
    static String shown(URI address) {
        if (address.getHost() == null) return Text.clean(address.toString(), 200);
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        String path = Optional.ofNullable(address.getRawPath()).orElse("");
        return Text.clean(address.getScheme() + "://" + address.getHost() + port + path, 300);
    }

    private static URI withoutUser(URI address) {
        if (address.getRawUserInfo() == null && address.getRawFragment() == null) return address;
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        return URI.create(address.getScheme() + "://" + address.getHost() + port + address.getRawPath() + query);
    }

    /** Why a request failed, for a person, in a few words. */
    static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpConnectTimeoutException) return "no connection in time";
            if (cause instanceof HttpTimeoutException) return "no answer in time";
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "its host is not known: there is no network, or no way to it";
            }
            if (cause instanceof ConnectException && cause.getCause() == null)
                return "connection refused or no network";
            if (cause instanceof SSLException) {
                String text = String.valueOf(cause.getMessage());
                return text.contains("certification path") || text.contains("certificate")
                        ? "its certificate is not trusted (behind a company proxy, name its authority in SSL_CERT_FILE)"
                        : "TLS failed: " + Text.clean(text, 150);
            }
        }
        if (failure instanceof ConnectException) return "connection refused or no network";
        String text = failure.getMessage();
        return text == null || text.isBlank() ? "connection lost" : Text.clean(text, 400);
    }
}
