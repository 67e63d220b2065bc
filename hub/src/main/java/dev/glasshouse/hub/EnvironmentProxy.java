package dev.glasshouse.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Proxies as curl and pip read them: {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}, in
 * lower or upper case. Without any of them the JVM's own setting holds. Loopback is never proxied.
 */
final class EnvironmentProxy extends ProxySelector {
    private final Map<String, String> environment;

    EnvironmentProxy(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = Optional.ofNullable(uri.getHost()).orElse("");
        if (Http.isLoopback(host) || excluded(host, uri.getPort())) return List.of(Proxy.NO_PROXY);
        Optional<String> named = value(uri.getScheme() + "_proxy").or(() -> value("all_proxy"));
        if (named.isEmpty()) {
            ProxySelector jvm = ProxySelector.getDefault();
            return jvm == null || jvm == this ? List.of(Proxy.NO_PROXY) : jvm.select(uri);
        }
        return named.flatMap(EnvironmentProxy::address)
                .map(address -> List.of(new Proxy(Proxy.Type.HTTP, address)))
                .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}

    /** The address in {@code http://user:secret@host:port/}, {@code host:port} and the like. */
    static Optional<InetSocketAddress> address(String text) {
        try {
            URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
            String host = proxy.getHost();
            if (host == null) return Optional.empty();
            int port = proxy.getPort() >= 0 ? proxy.getPort() : "https".equals(proxy.getScheme()) ? 443 : 80;
            return Optional.of(InetSocketAddress.createUnresolved(host, port));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<String> value(String name) {
        return HubSettings.set(environment, name).or(() -> HubSettings.set(environment, name.toUpperCase(Locale.ROOT)));
    }

    private boolean excluded(String host, int port) {
        String lower = host.toLowerCase(Locale.ROOT);
        for (String entry :
                value("no_proxy").orElse("").toLowerCase(Locale.ROOT).split(",", -1)) {
            String name = entry.strip();
            if (name.equals("*") || name.equals(lower) || name.equals(lower + ":" + port)) return true;
            String suffix = name.startsWith("*.") ? name.substring(1) : name.startsWith(".") ? name : "." + name;
            if (suffix.length() > 1 && lower.endsWith(suffix)) return true;
        }
        return false;
    }
}
