package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the hub keeps things and how it reaches the world.
 *
 * @param home the folder of the store, {@code ~/.glasshouse} or {@code GLASSHOUSE_HOME}
 * @param userHome what {@code ~} means
 * @param hubEndpoint the Hugging Face hub or a mirror of it ({@code HF_ENDPOINT})
 * @param hubToken sent to {@code hubEndpoint} and to nobody else ({@code HF_TOKEN})
 * @param environment the process environment: proxies and certificates are read from it, pip inherits it
 * @param pip command lines that may be pip, tried in order
 * @param connectTimeout until a connection stands
 * @param stallTimeout without a byte, until a transfer counts as lost
 * @param retries how often a lost transfer is taken up again before the pull ends
 * @param backOff wait before the first retry; doubled each time
 */
public record HubSettings(
        Path home,
        Path userHome,
        URI hubEndpoint,
        Optional<String> hubToken,
        Map<String, String> environment,
        List<List<String>> pip,
        Duration connectTimeout,
        Duration stallTimeout,
        int retries,
        Duration backOff) {
    private static final List<List<String>> PIP = List.of(
            List.of("pip"),
            List.of("python3", "-m", "pip"),
            List.of("pip3"),
            List.of("python", "-m", "pip"),
            List.of("py", "-m", "pip"));

    public HubSettings {
        environment = Map.copyOf(environment);
        pip = List.copyOf(pip);
    }

    /** The settings of this process. */
    public static HubSettings ofProcess() {
        return of(System.getenv());
    }

    /**
     * The settings that an environment means.
     *
     * @throws GlassException when {@code GLASSHOUSE_HOME} is not a path or {@code HF_ENDPOINT} not an address
     */
    public static HubSettings of(Map<String, String> environment) {
        Path userHome = Path.of(set(environment, "HOME").orElse(System.getProperty("user.home", ".")));
        Path home = set(environment, "GLASSHOUSE_HOME")
                .map(text -> path(text, userHome))
                .orElseGet(() -> userHome.resolve(".glasshouse"));
        String endpoint = set(environment, "HF_ENDPOINT").orElse("https://huggingface.co");
        URI hub;
        try {
            hub = URI.create(endpoint.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new GlassException("HF_ENDPOINT is not an address: " + Text.quote(endpoint) + ".", e);
        }
        Http.checkAddress(hub);
        return new HubSettings(
                home,
                userHome,
                hub,
                set(environment, "HF_TOKEN").or(() -> set(environment, "HUGGING_FACE_HUB_TOKEN")),
                environment,
                PIP,
                Duration.ofSeconds(6),
                Duration.ofSeconds(30),
                5,
                Duration.ofSeconds(1));
    }

    /** The same with another store. */
    public HubSettings withHome(Path other) {
        return new HubSettings(
                other,
                userHome,
                hubEndpoint,
                hubToken,
                environment,
                pip,
                connectTimeout,
                stallTimeout,
                retries,
                backOff);
    }

    private static Path path(String text, Path userHome) {
        try {
            Path path = text.startsWith("~/") ? userHome.resolve(text.substring(2)) : Path.of(text);
            return path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new GlassException("GLASSHOUSE_HOME is not a path: " + Text.quote(text) + ".", e);
        }
    }

    static Optional<String> set(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
    }
}
