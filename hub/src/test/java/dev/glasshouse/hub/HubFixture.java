package dev.glasshouse.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A hub for tests: short waits, a home of its own, no network but loopback. */
final class HubFixture {
    private HubFixture() {}

    static HubSettings settings(Path home, URI endpoint) {
        return new HubSettings(
                home,
                home,
                endpoint,
                Optional.empty(),
                Map.of("PATH", String.valueOf(System.getenv("PATH"))),
                List.of(List.of("no-such-pip")),
                Duration.ofSeconds(5),
                Duration.ofMillis(1500),
                3,
                Duration.ofMillis(10));
    }

    static HubSettings withPip(HubSettings s, List<String> pip) {
        return new HubSettings(
                s.home(),
                s.userHome(),
                s.hubEndpoint(),
                s.hubToken(),
                s.environment(),
                List.of(pip),
                s.connectTimeout(),
                s.stallTimeout(),
                s.retries(),
                s.backOff());
    }

    static HubSettings withToken(HubSettings s, String token) {
        return new HubSettings(
                s.home(),
                s.userHome(),
                s.hubEndpoint(),
                Optional.of(token),
                s.environment(),
                s.pip(),
                s.connectTimeout(),
                s.stallTimeout(),
                s.retries(),
                s.backOff());
    }

    static HubSettings withEnvironment(HubSettings s, Map<String, String> environment) {
        return new HubSettings(
                s.home(),
                s.userHome(),
                s.hubEndpoint(),
                s.hubToken(),
                environment,
                s.pip(),
                s.connectTimeout(),
                s.stallTimeout(),
                s.retries(),
                s.backOff());
    }

    /** Bytes that do not compress and repeat nowhere. */
    static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static byte[] tiny() {
        return TinyModel.resource(TinyModel.FILE);
    }

    /** Keeps all events. */
    static final class Log implements PullListener {
        final List<PullEvent> events = new ArrayList<>();

        @Override
        public synchronized void on(PullEvent event) {
            events.add(event);
        }

        synchronized <E extends PullEvent> List<E> of(Class<E> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }
}
