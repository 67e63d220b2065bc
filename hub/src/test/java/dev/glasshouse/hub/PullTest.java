package dev.glasshouse.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole pulls from a server on this machine. The file is 9 MiB: two full pieces of 4 MiB and a rest. */
class PullTest {
    private static final byte[] FILE = HubFixture.noise((9 << 20) + 12_345);
    private static final String HASH = Hashes.sha256(FILE);

    @TempDir
    Path home;

    private FileServer server;
    private final HubFixture.Log log = new HubFixture.Log();

    @BeforeEach
    void serve() throws IOException {
        server = new FileServer();
        server.put("/m/model.gguf", FILE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Hub hub() {
        return Hub.open(HubFixture.settings(home, server.address("")));
    }

    private String name() {
        return server.address("/m/model.gguf") + "#sha256=" + HASH;
    }

    private InstalledModel pull(boolean repair) {
        try (Hub hub = hub()) {
            return hub.pull(hub.plan(name(), log), new PullOptions(true, repair), log);
        }
    }

    private Path folder() throws IOException {
        try (var paths = Files.walk(home.resolve("models"))) {
            return Disk.folderOf(paths.filter(p -> p.getFileName().toString().startsWith("model.gguf"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private List<String> left() throws IOException {
        try (var paths = Files.list(folder())) {
            return paths.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private void check(InstalledModel model) throws IOException {
        assertThat(model.path()).hasBinaryContent(FILE).hasFileName("model.gguf");
        assertThat(left()).containsExactly("model.gguf", "model.gguf.glass.json");
        assertThat(model.files().getFirst().sha256()).contains(HASH);
    }

    @Test
    void arrivesUnderItsOwnNameAndIsListed() throws IOException {
        InstalledModel model = pull(false);
        check(model);
        try (Hub hub = hub()) {
            assertThat(hub.list()).containsExactly(model);
            assertThat(hub.find(name())).contains(model);
        }
        PullEvent.Progress last = log.of(PullEvent.Progress.class).getLast();
        assertThat(last.done()).isEqualTo(FILE.length).isEqualTo(last.total());
    }

    @Test
    void secondPullMovesNoBytes() throws IOException {
        pull(false);
        long before = server.served.get();
        check(pull(false));
        assertThat(server.served.get() - before)
                .as("only the header is looked at")
                .isLessThan(4 << 20);
    }

    @Test
    void cutConnectionsAreTakenUpWhereTheyEnded() throws IOException {
        long before;
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(name(), log);
            server.cuts.addAll(List.of(1_000_000L, 3_000_000L, 77L));
            before = server.served.get();
            check(hub.pull(plan, new PullOptions(true, false), log));
        }
        assertThat(log.of(PullEvent.Retrying.class)).hasSizeGreaterThanOrEqualTo(3);
        // sockets may swallow some of what was written before a cut, but nothing is fetched from the start again
        assertThat(server.served.get() - before).isLessThan(FILE.length + (2L << 20));
        assertThat(server.asked.getLast().ifRange()).contains("\"one\"");
    }

    @Test
    void failedPullKeepsItsBytesAndTheNextGoesOn() throws IOException {
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(name(), log);
            server.breakAfter(5_000_000);
            assertThatThrownBy(() -> hub.pull(plan, new PullOptions(true, false), log))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("model.gguf")
                    .hasMessageContaining("pull again");
        }
        assertThat(left()).containsExactly("model.gguf.part", "model.gguf.part.json");
        long kept = Files.size(folder().resolve("model.gguf.part"));
        assertThat(kept).isGreaterThan(3_000_000);
        server.cuts.clear();
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(name(), log);
            assertThat(plan.already()).isEqualTo(kept);
            long before = server.served.get();
            check(hub.pull(plan, new PullOptions(true, false), log));
            assertThat(server.served.get() - before).isEqualTo(FILE.length - kept + 1); // 1: the probe's byte
        }
    }

    @Test
    void serverWithoutRangesIsComparedNotStartedOver() throws IOException {
        halfDone();
        server.ranges = false;
        check(pull(false));
        assertThat(log.of(PullEvent.Note.class)).anyMatch(n -> n.text().contains("compared"));
    }

    private void halfDone() throws IOException {
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(name(), log);
            server.breakAfter(6_000_000);
            assertThatThrownBy(() -> hub.pull(plan, new PullOptions(true, false), log))
                    .isInstanceOf(GlassException.class);
            server.cuts.clear();
        }
        assertThat(Files.size(folder().resolve("model.gguf.part"))).isGreaterThan(4 << 20);
    }

    /** With neither a hash nor a record of where they come from, bytes must not be gone on with. */
    @Test
    void bytesOfUnknownOriginAreSetAsideWhereNoHashWouldTell() throws IOException {
        halfDone();
        Files.write(folder().resolve("model.gguf.part"), new byte[5_000_000]);
        Files.delete(folder().resolve("model.gguf.part.json"));
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(server.address("/m/model.gguf").toString(), log);
            InstalledModel model = hub.pull(plan, new PullOptions(true, false), log);
            assertThat(model.path()).hasBinaryContent(FILE);
        }
        assertThat(left()).containsExactly("model.gguf", "model.gguf.glass.json", "model.gguf.stale");
    }

    @Test
    void aPieceThatWentBadHereIsFetchedAgainAlone() throws IOException {
        halfDone();
        try (FileChannel part =
                FileChannel.open(folder().resolve("model.gguf.part"), java.nio.file.StandardOpenOption.WRITE)) {
            part.write(ByteBuffer.wrap(new byte[100]), 1000);
        }
        check(pull(false));
        assertThat(log.of(PullEvent.Repairing.class))
                .containsExactly(new PullEvent.Repairing("model.gguf", 0, 4 << 20));
    }

    @Test
    void changedSourceSetsTheOldPartAside() throws IOException {
        halfDone();
        byte[] other = HubFixture.noise(FILE.length + 5);
        server.put("/m/model.gguf", other);
        server.tag = "\"two\"";
        try (Hub hub = hub()) {
            String name = server.address("/m/model.gguf") + "#sha256=" + Hashes.sha256(other);
            InstalledModel model = hub.pull(hub.plan(name, log), new PullOptions(true, false), log);
            assertThat(model.path()).hasBinaryContent(other);
        }
        assertThat(left()).contains("model.gguf.stale");
    }

    @Test
    void wrongHashIsKeptAndRepairedOnlyWhenTold() throws IOException {
        byte[] bad = FILE.clone();
        bad[5 << 20] ^= 1;
        server.put("/m/model.gguf", bad);
        assertThatThrownBy(() -> pull(false))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining(HASH)
                .hasMessageContaining("--repair")
                .hasMessageContaining("model.gguf.mismatch");
        assertThat(left()).containsExactly("model.gguf.mismatch", "model.gguf.mismatch.json");
        assertThat(folder().resolve("model.gguf.mismatch")).hasBinaryContent(bad);
        try (Hub hub = hub()) {
            assertThat(hub.list()).isEmpty();
        }

        server.put("/m/model.gguf", FILE); // the source is right again
        long before = server.served.get();
        assertThatThrownBy(() -> pull(false)).isInstanceOf(GlassException.class).hasMessageContaining("--repair");
        assertThat(server.served.get() - before).isLessThan(4 << 20);

        log.events.clear();
        check(pull(true));
        assertThat(log.of(PullEvent.Repairing.class))
                .containsExactly(new PullEvent.Repairing("model.gguf", 4 << 20, 4 << 20));
    }

    @Test
    void repairSaysWhenTheSourceItselfIsWrong() throws IOException {
        byte[] bad = FILE.clone();
        bad[0] ^= 1;
        server.put("/m/model.gguf", bad);
        assertThatThrownBy(() -> pull(true))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("the source itself is wrong");
        assertThat(left()).containsExactly("model.gguf.mismatch", "model.gguf.mismatch.json");
    }

    @Test
    void damagedStoredFileIsNoticedAndMended() throws IOException {
        Path path = pull(false).path();
        try (FileChannel file = FileChannel.open(path, java.nio.file.StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[1]), 8 << 20);
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 8 << 20);
        }
        assertThatThrownBy(() -> pull(false)).isInstanceOf(GlassException.class).hasMessageContaining("--repair");
        check(pull(true));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410, 451})
    void refusalsEndAtOnce(int status) {
        server.on("/m/model.gguf", FileServer.status(status));
        assertThatThrownBy(() -> pull(false))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("answered " + status)
                .hasMessageContaining("Check the name");
        assertThat(server.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void passingTroubleIsTriedAgain(int status) throws IOException {
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(name(), log);
            int[] left = {3};
            server.on("/m/model.gguf", (exchange, file) -> {
                if (left[0]-- > 0) exchange.sendResponseHeaders(status, -1);
                else server.file(exchange, file);
            });
            check(hub.pull(plan, new PullOptions(true, false), log));
        }
        assertThat(log.of(PullEvent.Retrying.class)).isNotEmpty().allMatch(r -> r.reason()
                .contains("" + status));
    }

    @Test
    void redirectsAreFollowedButNotForEver() throws IOException {
        server.on("/go", FileServer.redirect("/m/model.gguf"));
        server.on("/loop.gguf", FileServer.redirect("/loop.gguf"));
        server.on("/away.gguf", FileServer.redirect("http://198.51.100.1/model.gguf"));
        server.on("/x/model.gguf", FileServer.redirect("/go"));
        try (Hub hub = hub()) {
            String name = server.address("/x/model.gguf") + "#sha256=" + HASH;
            assertThat(hub.pull(hub.plan(name, log), new PullOptions(true, false), log)
                            .path())
                    .hasBinaryContent(FILE);
            assertThatThrownBy(() -> hub.plan(server.address("/loop.gguf").toString(), log))
                    .hasMessageContaining("more than 10 times");
            assertThatThrownBy(() -> hub.plan(server.address("/away.gguf").toString(), log))
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void silentServerIsGivenUp() {
        server.on("/m/model.gguf", (exchange, file) -> {
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file, 0, 1000);
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(name(), log);
            assertThatThrownBy(() -> hub.pull(plan, new PullOptions(true, false), log))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("nothing arrived for 1 seconds")
                    .hasMessageContaining("are here and kept");
        }
    }

    /** A stream that is skipped must not wait for ever either. */
    @Test
    void silenceWhileSkippingIsNoticed() throws IOException {
        CountDownLatch closed = new CountDownLatch(1);
        InputStream silent = new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("closed");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        try (StallGuard guard = new StallGuard(silent, Duration.ofMillis(50))) {
            assertThatThrownBy(() -> guard.skipNBytes(10)).hasMessageContaining("nothing arrived");
        }
    }

    @Test
    void splitFilesAtAnAddressWithEncodedLettersHaveAddressesOfTheirOwn() {
        server.put("/m/a%2Bb-00001-of-00002.gguf", FILE);
        server.put("/m/a%2Bb-00002-of-00002.gguf", HubFixture.noise(5000));
        try (Hub hub = hub()) {
            PullPlan plan =
                    hub.plan(server.address("/m/a%2Bb-00002-of-00002.gguf").toString(), log);
            assertThat(plan.files())
                    .extracting(file -> file.size().orElseThrow())
                    .containsExactly((long) FILE.length, 5000L);
            assertThat(plan.files())
                    .extracting(PlannedFile::name)
                    .containsExactly("a+b-00001-of-00002.gguf", "a+b-00002-of-00002.gguf");
        }
    }

    @Test
    void serverThatHidesTheSizeIsRefused() {
        server.on("/m/model.gguf", (exchange, file) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(file);
        });
        assertThatThrownBy(() -> pull(false)).hasMessageContaining("does not say how large");
    }

    @Test
    void serverThatSendsMoreThanAnnouncedIsCutOff() throws IOException {
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(name(), log);
            byte[] more = java.util.Arrays.copyOf(FILE, FILE.length + 1_000_000);
            server.on("/m/model.gguf", (exchange, file) -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(more);
            });
            check(hub.pull(plan, new PullOptions(true, false), log));
        }
    }

    @Test
    void unknownLicenceMustBeAcceptedOnce() throws IOException {
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(name(), log);
            assertThat(plan.licenceAccepted()).isFalse();
            assertThatThrownBy(() -> hub.pull(plan, PullOptions.DEFAULT, log))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("--accept-license");
            assertThat(Files.exists(home.resolve("models"))).isFalse();
            assertThat(hub.pull(plan, new PullOptions(true, false), log).licenceAccepted())
                    .isPresent();
            hub.remove(name());
            PullPlan again = hub.plan(name(), log);
            assertThat(again.licenceAccepted()).isTrue();
            check(hub.pull(again, PullOptions.DEFAULT, log));
        }
    }

    @Test
    void fullDiskLosesNothing() throws IOException {
        Disk full = new Disk() {
            private long room = 5_000_000;

            @Override
            void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
                if (bytes.remaining() > 10_000) room -= bytes.remaining();
                if (room < 0) throw new IOException("No space left on device");
                super.write(channel, bytes, position);
            }
        };
        try (Hub hub = Hub.open(HubFixture.settings(home, server.address("")), full)) {
            PullPlan plan = hub.plan(name(), log);
            assertThatThrownBy(() -> hub.pull(plan, new PullOptions(true, false), log))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("the disk is full")
                    .hasMessageContaining("what has arrived is kept");
        }
        assertThat(Files.size(folder().resolve("model.gguf.part"))).isGreaterThan(4_000_000);
        check(pull(false));
    }

    @Test
    void roomIsCheckedBeforeTheBytesMove() {
        Disk small = new Disk() {
            @Override
            long usable(Path folder) {
                return 1_000_000;
            }
        };
        try (Hub hub = Hub.open(HubFixture.settings(home, server.address("")), small)) {
            PullPlan plan = hub.plan(name(), log);
            assertThatThrownBy(() -> hub.pull(plan, new PullOptions(true, false), log))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("Not enough room")
                    .hasMessageContaining("9.4 MB")
                    .hasMessageContaining("GLASSHOUSE_HOME");
        }
    }

    @Test
    void homeThatCannotBeWrittenIsSaid() throws IOException {
        Path file = Files.writeString(home.resolve("a-file"), "not a folder");
        try (Hub hub = Hub.open(HubFixture.settings(file.resolve("home"), server.address("")))) {
            PullPlan plan = hub.plan(name(), log);
            assertThatThrownBy(() -> hub.pull(plan, new PullOptions(true, false), log))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("GLASSHOUSE_HOME");
            assertThat(hub.find("tiny")).isPresent();
        }
    }

    @Test
    void headerTellsFactsAndLicenceBeforeTheBytesMove() throws IOException {
        byte[] tiny = HubFixture.tiny();
        server.put("/stories.gguf", tiny);
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan(server.address("/stories.gguf").toString(), log);
            HeaderFacts facts = plan.facts().orElseThrow();
            assertThat(facts.architecture()).isEqualTo("llama");
            assertThat(facts.layers()).hasValue(5);
            assertThat(facts.context()).hasValue(512);
            assertThat(facts.kvWidth()).hasValue(5 * 2 * 4 * 32); // layers × (K, V) × KV heads × head size
            assertThat(facts.parameters().orElseThrow()).isBetween(1_000_000L, 1_500_000L);
            assertThat(plan.memory(512).orElseThrow()).isGreaterThan(tiny.length + 512 * 2 * 1280);
        }
    }
}
