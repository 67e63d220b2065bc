package dev.glasshouse.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls by several JVMs: one killed in the middle, several at once, one whose files may not grow. */
class ProcessesTest {
    private static final byte[] FILE = HubFixture.noise((12 << 20) + 77);

    @TempDir
    Path home;

    private FileServer server;
    private final HubFixture.Log log = new HubFixture.Log();
    private final List<Process> children = new ArrayList<>();

    /** What a child does: pull the address into the home. */
    public static final class Child {
        private Child() {}

        public static void main(String[] args) {
            try (Hub hub = Hub.open(HubFixture.settings(Path.of(args[0]), URI.create("http://127.0.0.1:1")))) {
                hub.pull(hub.plan(args[1], PullListener.silent()), new PullOptions(true, false), PullListener.silent());
            } catch (RuntimeException e) {
                System.out.println(e.getMessage());
                System.exit(1);
            }
        }
    }

    @BeforeEach
    void serve() throws IOException {
        server = new FileServer();
        server.put("/model.gguf", FILE);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process child : children) {
            child.destroyForcibly();
            child.waitFor(10, TimeUnit.SECONDS);
        }
        server.close();
    }

    private String name() {
        return server.address("/model.gguf") + "#sha256=" + Hashes.sha256(FILE);
    }

    private Process child(String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(Child.class.getName(), home.toString(), name()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        children.add(process);
        return process;
    }

    private void awaitServed(long bytes) throws InterruptedException {
        for (int i = 0; i < 600 && server.served.get() < bytes; i++) Thread.sleep(50);
        assertThat(server.served.get()).isGreaterThanOrEqualTo(bytes);
    }

    @Test
    void killedInTheMiddleThenGoesOn() throws Exception {
        server.rest = 20; // 64 KiB each 20 ms: the file would take four seconds
        Process child = child();
        awaitServed(8 << 20);
        child.destroyForcibly();
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        Path part;
        try (var paths = Files.walk(home)) {
            part = paths.filter(p -> p.toString().endsWith(".part")).findFirst().orElseThrow();
        }
        long kept = Files.size(part);
        assertThat(kept).isGreaterThan(4 << 20);

        server.rest = 0;
        try (Hub hub = Hub.open(HubFixture.settings(home, server.address("")))) {
            PullPlan plan = hub.plan(name(), log);
            long before = server.served.get();
            InstalledModel model = hub.pull(plan, new PullOptions(true, false), log);
            assertThat(model.path()).hasBinaryContent(FILE);
            assertThat(server.served.get() - before).isEqualTo(FILE.length - kept + 1); // 1: the probe's byte
        }
    }

    @Test
    void severalAtOnceFetchItOnce() throws Exception {
        server.rest = 3;
        Process first = child();
        Process second = child();
        try (Hub hub = Hub.open(HubFixture.settings(home, server.address("")))) {
            awaitServed(5 << 20);
            InstalledModel model = hub.pull(hub.plan(name(), log), new PullOptions(true, false), log);
            assertThat(model.path()).hasBinaryContent(FILE);
        }
        assertThat(first.waitFor(60, TimeUnit.SECONDS) && second.waitFor(60, TimeUnit.SECONDS))
                .isTrue();
        assertThat(first.exitValue() + second.exitValue()).isZero();
        assertThat(log.of(PullEvent.Waiting.class)).hasSize(1);
        // once the file, and for each of three plans at most the header's first 2 MiB and a few probes
        assertThat(server.served.get()).isLessThan(FILE.length + 3L * (2 << 20) + 100);
    }

    @Test
    void aFileThatMayNotGrowEndsInOneMessage() throws Exception {
        if (!Files.isExecutable(Path.of("/bin/sh"))) return; // ulimit is the shell's
        String launcher =
                Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "ulimit -f 12000; exec \"$0\" \"$@\""; // 12,000 blocks of 512 or 1,024 bytes, by shell
        Process process = new ProcessBuilder(List.of(
                        "/bin/sh",
                        "-c",
                        command,
                        launcher,
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        home.toString(),
                        name()))
                .redirectErrorStream(true)
                .start();
        children.add(process);
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(output)
                .contains("the disk is full")
                .contains("what has arrived is kept")
                .doesNotContain("\tat ");
        try (Hub hub = Hub.open(HubFixture.settings(home, server.address("")))) {
            PullPlan plan = hub.plan(name(), log);
            assertThat(plan.already()).isGreaterThan(4_000_000);
            assertThat(hub.pull(plan, new PullOptions(true, false), log).path()).hasBinaryContent(FILE);
        }
    }
}
