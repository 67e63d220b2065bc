package dev.glasshouse.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTest {
    @TempDir
    Path home;

    private Store store() {
        return new Store(home, new Disk());
    }

    private Hub hub() {
        return Hub.open(HubFixture.settings(home, URI.create("http://127.0.0.1:1")));
    }

    private InstalledModel model(String name, String file, int size) throws IOException {
        Path folder = store().folder(List.of("owner", "repo"));
        Files.createDirectories(folder);
        Files.write(folder.resolve(file), new byte[size]);
        return new InstalledModel(
                name,
                List.of(name, name + "-alias"),
                folder,
                List.of(new InstalledModel.File(file, size, Optional.of("0".repeat(64)), Optional.of("hub"))),
                "here",
                Licence.of("gemma", Optional.of("Gemma Terms of Use"), Optional.of("https://example.org")),
                Optional.of("2026-01-02"),
                Optional.of("2026-01-03"),
                Map.of("temperature", 0.5),
                true);
    }

    @Test
    void manifestsComeBackAsTheyWere() throws IOException {
        InstalledModel a = model("b:1", "a.gguf", 10);
        InstalledModel b = model("a:1", "b.gguf", 20);
        store().install(a);
        store().install(b);
        assertThat(store().list()).containsExactly(b, a);
        assertThat(store().find("b:1")).contains(a);
        assertThat(store().find("B:1-ALIAS")).contains(a);
        assertThat(store().find("c")).isEmpty();
        try (Hub hub = hub()) {
            assertThatThrownBy(() -> hub.remove("smollm2"))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("glass list");
        }
        store().remove(a);
        assertThat(store().list()).containsExactly(b);
        store().remove(b);
        assertThat(home.resolve("models/owner")).doesNotExist();
    }

    @Test
    void aNameMeansTheModelPulledLast() throws IOException {
        InstalledModel first = model("a:1", "a.gguf", 10);
        InstalledModel second = model("a:1", "b.gguf", 20).named(List.of("a:1"));
        store().install(first);
        store().install(second);
        store().claim(second);
        assertThat(store().find("a:1")).contains(second);
        assertThat(store().find("a:1-alias").orElseThrow().path()).isEqualTo(first.path());
        InstalledModel third = model("c:1", "c.gguf", 30).named(List.of("a:1", "a:1-alias"));
        store().install(third);
        store().claim(third);
        assertThat(store().find("here").orElseThrow().size()).isIn(10L, 20L);
    }

    /** What a crash or a stranger may leave: never an exception, never a model that is not there. */
    @Test
    void halfWrittenManifestsCountAsNone() throws IOException {
        InstalledModel model = model("a:1", "a.gguf", 10);
        store().install(model);
        Path manifest = model.folder().resolve("a.gguf.glass.json");
        byte[] whole = Files.readAllBytes(manifest);
        for (int length = 0; length < whole.length - 2; length += 7) {
            Files.write(manifest, java.util.Arrays.copyOf(whole, length));
            assertThat(store().list()).isEmpty();
        }
        Files.write(manifest, whole);
        assertThat(store().list()).hasSize(1);
        Files.write(model.folder().resolve("a.gguf"), new byte[9]);
        assertThat(store().list()).isEmpty();
        Files.delete(model.folder().resolve("a.gguf"));
        assertThat(store().list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.gguf", "/etc/passwd", "a/b.gguf", "..", ".", "", "a\\\\b", "nul", "-x", ".hidden"})
    void manifestsCannotReachOutOfTheirFolder(String file) throws IOException {
        InstalledModel model = model("a:1", "a.gguf", 10);
        store().install(model);
        Path manifest = model.folder().resolve("a.gguf.glass.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"a.gguf\"", "\"" + file + "\""));
        assertThat(store().list()).isEmpty();
    }

    @Test
    void foldersLieBelowTheStore() {
        for (String bad : List.of("..", ".", "", "a/b", "a\\b", "/x", "con", "a.", "\u0000", "x".repeat(201))) {
            assertThatThrownBy(() -> store().folder(List.of("ok", bad))).as(bad).isInstanceOf(GlassException.class);
        }
    }

    @Test
    void licencesAreAcceptedOnceForAllModelsUnderThem() {
        Licence gemma = Licence.of("gemma", Optional.empty(), Optional.empty());
        assertThat(store().accepted(gemma, "gemma3:1b")).isEmpty();
        store().accept(gemma, "gemma3:1b");
        assertThat(store().accepted(gemma, "gemma3:4b")).isPresent();
        store().accept(Licence.notStated(), "x");
        assertThat(store().accepted(Licence.notStated(), "x")).isPresent();
        assertThat(store().accepted(Licence.notStated(), "y")).isEmpty();
    }

    @Test
    void licencesAreToldApart() {
        for (String free : List.of("apache-2.0", "Apache 2.0", "MIT", "mit license", "cc-by-4.0", "BSD-3-Clause")) {
            assertThat(Licence.of(free, Optional.empty(), Optional.empty()).conditions())
                    .as(free)
                    .isFalse();
        }
        for (String bound : List.of("llama3.2", "gemma", "other", "cc-by-nc-4.0", "openrail", "", "something new")) {
            assertThat(Licence.of(bound, Optional.empty(), Optional.empty()).conditions())
                    .as(bound)
                    .isTrue();
        }
    }

    @Test
    void theBuiltInModelIsThereAtOnceAndMendsItself() throws IOException {
        try (Hub hub = hub()) {
            InstalledModel tiny = hub.find("tiny").orElseThrow();
            assertThat(Hashes.sha256(tiny.path())).isEqualTo(TinyModel.SHA256);
            Files.writeString(tiny.path(), "broken");
            Files.delete(tiny.folder().resolve("recipe.lock"));
            assertThat(Hashes.sha256(hub.find("tiny").orElseThrow().path())).isEqualTo(TinyModel.SHA256);
            assertThat(tiny.folder().resolve("recipe.lock")).isRegularFile();
            assertThatThrownBy(() -> hub.plan("tiny", PullListener.silent())).hasMessageContaining("needs no pull");
            assertThatThrownBy(() -> hub.remove("tiny")).hasMessageContaining("not deleted");
        }
    }

    @Test
    void localFilesAndFolders() throws IOException {
        Path folder = Files.createDirectories(home.resolve("mine"));
        try (Hub hub = hub()) {
            assertThatThrownBy(() -> hub.find(folder.toString())).hasMessageContaining("holds no model");
            Files.write(folder.resolve("a-Q8_0.gguf"), new byte[5]);
            assertThat(hub.find(folder.toString()).orElseThrow().path()).isEqualTo(folder.resolve("a-Q8_0.gguf"));
            assertThat(hub.find(folder.toString()).orElseThrow().name()).isEqualTo("a-Q8_0.gguf");
            assertThat(hub.find(folder.toString()).orElseThrow().licence()).isEqualTo(Licence.notStated());
            assertThatThrownBy(() -> hub.remove(folder.toString())).hasMessageContaining("not deleted");
            Files.write(folder.resolve("b.gguf"), new byte[5]);
            assertThatThrownBy(() -> hub.find(folder.toString())).hasMessageContaining("a-Q8_0.gguf, b.gguf");
            assertThat(hub.find(folder.resolve("b.gguf").toString())
                            .orElseThrow()
                            .size())
                    .isEqualTo(5);
            Path hf = Files.createDirectories(home.resolve("hf"));
            Files.writeString(hf.resolve("config.json"), "{}");
            Files.write(hf.resolve("model.safetensors"), new byte[7]);
            assertThat(hub.find(hf.toString()).orElseThrow().path()).isEqualTo(hf);
        }
    }

    @Test
    void settingsComeFromTheEnvironment() {
        HubSettings settings = HubSettings.of(
                Map.of("GLASSHOUSE_HOME", "/x/y/../z", "HF_ENDPOINT", "https://mirror.example/hf/", "HF_TOKEN", " t "));
        assertThat(settings.home()).isEqualTo(Path.of("/x/z"));
        assertThat(settings.hubEndpoint()).isEqualTo(URI.create("https://mirror.example/hf"));
        assertThat(settings.hubToken()).contains("t");
        assertThat(HubSettings.of(Map.of()).home().getFileName()).hasToString(".glasshouse");
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", "http://mirror.example")))
                .isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", "not an address")))
                .isInstanceOf(GlassException.class);
    }
}
