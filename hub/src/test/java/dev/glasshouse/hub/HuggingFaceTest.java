package dev.glasshouse.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hub's interface as its documentation describes it, answered by a server on this machine. */
class HuggingFaceTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String INFO = "/api/models/me/small-GGUF";
    private static final String TREE = INFO + "/tree/" + COMMIT + "?recursive=true";

    @TempDir
    Path home;

    private FileServer server;
    private final HubFixture.Log log = new HubFixture.Log();

    @BeforeEach
    void serve() throws IOException {
        server = new FileServer();
        server.on(INFO, FileServer.text("""
                {"id":"me/small-GGUF","sha":"%s","gated":false,"cardData":{"license":"apache-2.0"}}""".formatted(COMMIT)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Hub hub() {
        return Hub.open(HubFixture.settings(home, server.address("")));
    }

    private static String entry(String path, byte[] bytes) {
        return """
                {"type":"file","oid":"aa","size":%d,"path":"%s","lfs":{"oid":"%s","size":%d,"pointerSize":134}}""".formatted(bytes.length, path, Hashes.sha256(bytes), bytes.length);
    }

    private void tree(String... entries) {
        server.on(
                TREE, FileServer.text("[{\"type\":\"directory\",\"path\":\"sub\"}," + String.join(",", entries) + "]"));
    }

    private void serveFile(String path, byte[] bytes) {
        server.put("/me/small-GGUF/resolve/" + COMMIT + "/" + path, bytes);
    }

    @Test
    void pullsTheQuantisationAskedForAtItsCommit() throws IOException {
        byte[] tiny = HubFixture.tiny();
        byte[] other = HubFixture.noise(1000);
        tree(entry("small-Q4_K_M.gguf", other), entry("small-Q8_0.gguf", tiny), entry("README.md", other));
        serveFile("small-Q8_0.gguf", tiny);
        try (Hub hub = hub()) {
            PullPlan plan = hub.plan("hf.co/me/small-GGUF:q8_0", log);
            assertThat(plan.licence().id()).isEqualTo("apache-2.0");
            assertThat(plan.licenceAccepted()).isTrue();
            assertThat(plan.size()).hasValue(tiny.length);
            assertThat(plan.facts()).isPresent();
            InstalledModel model = hub.pull(plan, PullOptions.DEFAULT, log);
            assertThat(model.path())
                    .hasBinaryContent(tiny)
                    .isEqualTo(home.resolve("models/me/small-GGUF/small-Q8_0.gguf"));
            assertThat(model.files().getFirst().checkedAgainst()).contains("hub");
            assertThat(hub.find("hf.co/me/small-GGUF:q8_0")).contains(model);
        }
    }

    @Test
    void tokenGoesToTheHubOnly() throws IOException {
        byte[] tiny = HubFixture.tiny();
        tree(entry("small-Q8_0.gguf", tiny));
        try (FileServer elsewhere = new FileServer()) {
            elsewhere.put("/cdn", tiny);
            server.on(
                    "/me/small-GGUF/resolve/" + COMMIT + "/small-Q8_0.gguf",
                    FileServer.redirect(elsewhere.address("/cdn").toString()));
            HubSettings settings = HubFixture.withToken(HubFixture.settings(home, server.address("")), "hf_secret");
            try (Hub hub = Hub.open(settings)) {
                hub.pull(hub.plan("hf.co/me/small-GGUF", log), PullOptions.DEFAULT, log);
            }
            assertThat(server.asked).isNotEmpty().allMatch(a -> a.authorization()
                    .equals(java.util.Optional.of("Bearer hf_secret")));
            assertThat(elsewhere.asked).isNotEmpty().allMatch(a -> a.authorization()
                    .isEmpty());
        }
    }

    @Test
    void splitFilesAreOneModel() throws IOException {
        byte[] first = HubFixture.noise(5000);
        byte[] second = HubFixture.noise(3000);
        tree(
                entry("Q4_K_M/small-Q4_K_M-00002-of-00002.gguf", second),
                entry("Q4_K_M/small-Q4_K_M-00001-of-00002.gguf", first));
        serveFile("Q4_K_M/small-Q4_K_M-00001-of-00002.gguf", first);
        serveFile("Q4_K_M/small-Q4_K_M-00002-of-00002.gguf", second);
        try (Hub hub = hub()) {
            InstalledModel model = hub.pull(hub.plan("hf.co/me/small-GGUF:Q4_K_M", log), PullOptions.DEFAULT, log);
            assertThat(model.files()).hasSize(2);
            assertThat(model.path()).hasBinaryContent(first).hasFileName("small-Q4_K_M-00001-of-00002.gguf");
            assertThat(model.size()).isEqualTo(8000);
            hub.remove("hf.co/me/small-GGUF:Q4_K_M");
            assertThat(home.resolve("models/me")).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', x-Q4_K_M.gguf",
        "Q8_0, x-Q8_0.gguf",
        "Q4_K, none",
        "q4_k_s, x.Q4_K_S.gguf",
        "x-Q8_0.gguf, x-Q8_0.gguf",
        "f16, x-f16.gguf",
        "Q4_1, none",
    })
    void choice(String asked, String chosen) {
        var paths = java.util.List.of(
                "mmproj-x-Q4_K_M.gguf",
                "x-f16.gguf",
                "x-Q8_0.gguf",
                "x.Q4_K_S.gguf",
                "x-Q4_K_M.gguf",
                "README.md",
                "x-Q4_1-00001-of-00002.gguf");
        var found = GgufFiles.choose(paths, java.util.Optional.of(asked).filter(a -> !a.isEmpty()));
        assertThat(found.isEmpty() ? "none" : found.getFirst()).isEqualTo(chosen);
    }

    @Test
    void saysWhatThereIsWhenTheChoiceIsNot() {
        tree(entry("a-Q8_0.gguf", new byte[3]), entry("a-Q2_K.gguf", new byte[3]));
        try (Hub hub = hub()) {
            assertThatThrownBy(() -> hub.plan("hf.co/me/small-GGUF:Q5_K_M", log))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("has no 'Q5_K_M'; it has a-Q2_K.gguf, a-Q8_0.gguf");
            tree(entry("model.safetensors", new byte[3]));
            assertThatThrownBy(() -> hub.plan("hf.co/me/small-GGUF", log)).hasMessageContaining("holds no GGUF file");
            assertThatThrownBy(() -> hub.plan("hf.co/me/other", log))
                    .hasMessageContaining("there is no repository me/other");
        }
    }

    @Test
    void gatedRepositoriesSayWhereToConsent() {
        server.on(INFO, FileServer.text("{\"sha\":\"" + COMMIT + "\",\"gated\":\"manual\"}"));
        try (Hub hub = hub()) {
            assertThatThrownBy(() -> hub.plan("hf.co/me/small-GGUF", log))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining(server.address("/me/small-GGUF").toString())
                    .hasMessageContaining("HF_TOKEN");
            server.on(INFO, FileServer.status(401));
            assertThatThrownBy(() -> hub.plan("hf.co/me/small-GGUF", log)).hasMessageContaining("private");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"sha\":5}",
                "\"x\"",
                "{\"sha\":\"x\",\"sha\":\"y\"}",
                "{\"cardData\":[]}",
                "<html>blocked by the firewall</html>"
            })
    void hostileInfo(String answer) {
        tree(entry("a-Q8_0.gguf", new byte[3]));
        server.on(INFO, FileServer.text(answer));
        try (Hub hub = hub()) {
            assertThatThrownBy(() -> hub.plan("hf.co/me/small-GGUF", log))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("hf.co/me/small-GGUF");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[5]",
                "[{\"path\":5}]",
                "[{\"path\":\"a.gguf\",\"size\":\"big\"}]",
                "[{\"path\":\"a.gguf\",\"lfs\":[]}]",
                "[{\"path\":\"a.gguf\",\"size\":-5}]",
                "[{\"path\":\"../../a.gguf\",\"size\":5}]",
                "[{\"path\":\"/etc/a.gguf\",\"size\":5}]",
                "[{\"path\":\"a\\\\..\\\\b.gguf\",\"size\":5}]",
                "[{\"path\":\".a.gguf\",\"size\":5}]",
                "[{\"path\":\"a.gguf\",\"size\":1e400}]"
            })
    void hostileTree(String answer) {
        server.on(TREE, FileServer.text(answer));
        try (Hub hub = hub()) {
            assertThatThrownBy(() -> hub.plan("hf.co/me/small-GGUF", log)).isInstanceOf(GlassException.class);
        }
    }

    @Test
    void endlessAnswersAreCutOff() {
        server.on(TREE, (exchange, file) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = " ".repeat(1 << 16).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            for (int i = 0; i < 1 << 14; i++) exchange.getResponseBody().write(spaces);
        });
        try (Hub hub = hub()) {
            assertThatThrownBy(() -> hub.plan("hf.co/me/small-GGUF", log)).hasMessageContaining("larger than");
        }
    }

    @Test
    void pagesFollowOnTheSameHostOnly() {
        server.on(TREE, (exchange, file) -> {
            exchange.getResponseHeaders().set("Link", "<" + server.address("/page2") + ">; rel=\"next\"");
            FileServer.text("[" + entry("a-Q8_0.gguf", new byte[3]) + "]").answer(exchange, file);
        });
        server.on("/page2", (exchange, file) -> {
            exchange.getResponseHeaders().set("Link", "<https://198.51.100.1/page3>; rel=\"next\"");
            FileServer.text("[" + entry("b-Q4_K_M.gguf", new byte[3]) + "]").answer(exchange, file);
        });
        try (Hub hub = hub()) {
            assertThatThrownBy(() -> hub.plan("hf.co/me/small-GGUF", log)).hasMessageContaining("goes on elsewhere");
            server.on("/page2", FileServer.text("[" + entry("b-Q4_K_M.gguf", new byte[3]) + "]"));
            assertThat(hub.plan("hf.co/me/small-GGUF", log).files().getFirst().name())
                    .isEqualTo("b-Q4_K_M.gguf");
        }
    }
}
