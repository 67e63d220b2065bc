package dev.glasshouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.weights.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} and {@code replay} on the model that the program carries. */
class ExplainTest {
    private static final String[] EXPLAIN = {"explain", "tiny", "--seed", "7", "--temperature", "1.4", "-n", "6"};

    @TempDir
    Path folder;

    private record Ran(int code, String out, String err) {}

    private static Ran glass(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                true,
                false,
                false,
                80,
                false);
        int code = Main.run(console, arguments);
        return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String[] with(String[] some, String... more) {
        String[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    private Path saved() {
        Path file = folder.resolve("trace.json");
        Ran ran = glass(with(EXPLAIN, "--save", file.toString(), "Once there was"));
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).contains("trace saved");
        return file;
    }

    @Test
    void theWholeWayIsDrawnOnStdoutAlone() {
        Ran ran = glass(with(EXPLAIN, "--map", "--lens", "--tree", "2x2", "Once there was"));
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .contains("Apache License 2.0")
                .contains("␣was")
                .contains("everything else")
                .contains("(typ_p)")
                .contains("temperature 1.4")
                .contains("u = ")
                .contains("perplexity")
                .contains("likeliest")
                .contains("step 6");
        assertThat(ran.out().lines().filter(line -> Columns.of(line) > 80)).isEmpty();
    }

    @Test
    void jsonIsTheSameTraceAsThatOfRun() {
        Ran explained = glass(with(EXPLAIN, "--json", "Once there was"));
        Ran run = glass(
                "run", "tiny", "--raw", "--json", "--seed", "7", "--temperature", "1.4", "-n", "6", "Once there was");
        Trace one = Trace.fromJson(Json.parse(explained.out()));
        Trace two = Trace.fromJson(Json.parse(run.out()));
        assertThat(one.promptIds()).isEqualTo(two.promptIds());
        assertThat(one.text()).isEqualTo(two.text());
        assertThat(one.steps().stream().map(Trace.Step::sampling))
                .isEqualTo(two.steps().stream().map(Trace.Step::sampling).toList());
    }

    @Test
    void aTraceComesOutTheSameHoweverItIsComputed() {
        String file = saved().toString();
        assertThat(glass("replay", file).code()).isZero();
        Ran scalar = glass("replay", file, "--scalar", "-t", "1");
        assertThat(scalar.code()).isZero();
        assertThat(scalar.out()).contains("All 6 steps are the same");
        assertThat(glass("replay", file, "tiny").code()).isZero();
    }

    @Test
    void aTraceOfRunIsReplayedToo() {
        Path file = folder.resolve("run.json");
        Ran ran = glass("run", "tiny", "--raw", "--trace", file.toString(), "--kv", "f32", "-n", "9", "Once upon");
        assertThat(ran.code()).isZero();
        assertThat(glass("replay", file.toString()).code()).isZero();
    }

    @Test
    void anEditedTraceIsDifferentAndSaysWhere() throws IOException {
        Path file = saved();
        Json trace = Json.parse(Files.readString(file));
        String u = "\"u\":"
                + trace.asObject()
                        .get("steps")
                        .asArray()
                        .get(2)
                        .asObject()
                        .get("draws")
                        .asArray()
                        .getFirst()
                        .asObject()
                        .get("u")
                        .write();
        Files.writeString(file, Files.readString(file).replace(u, "\"u\":0.5"));
        Ran ran = glass("replay", file.toString());
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).contains("differs").contains("step 3");
    }

    @Test
    void anotherModelOrOtherNumericsAreRefused() throws IOException {
        Path file = saved();
        Path wide = folder.resolve("wide.gguf");
        assertThat(glass("quantize", "tiny", wide.toString(), "f32").code()).isZero();
        Ran other = glass("replay", file.toString(), wide.toString());
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.out()).isEmpty();
        assertThat(other.err()).contains("another model file");

        String text = Files.readString(file);
        Files.writeString(file, text.replace("\"numerics\":1", "\"numerics\":99"));
        assertThat(glass("replay", file.toString()).err()).contains("numerics version 99");

        String digest = Json.parse(text)
                .asObject()
                .get("model")
                .asObject()
                .get("sha256")
                .asString();
        Files.writeString(file, text.replace(digest, "0".repeat(64)));
        Ran unknown = glass("replay", file.toString());
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("no model on this machine");
    }

    @Test
    void aSavedTraceIsShownWithoutAnyModel() throws IOException {
        Path file = saved();
        String drawn = glass(with(EXPLAIN, "Once there was")).out();
        String text = Files.readString(file);
        String digest = Json.parse(text)
                .asObject()
                .get("model")
                .asObject()
                .get("sha256")
                .asString();
        Files.writeString(file, text.replace(digest, "0".repeat(64)));
        Ran all = glass("replay", "--show", file.toString());
        assertThat(all.code()).isZero();
        // The times are those of the run that was saved.
        assertThat(all.out().lines().filter(line -> line.startsWith("▶") || line.startsWith("draw")))
                .isEqualTo(drawn.lines()
                        .filter(line -> line.startsWith("▶") || line.startsWith("draw"))
                        .toList());
        Ran third = glass("replay", file.toString(), "--show", "3");
        assertThat(third.out()).contains("step 3").doesNotContain("step 2");
        assertThat(glass("replay", file.toString(), "--show", "7").err()).contains("1 to 6");
    }

    @Test
    void mistakesAreSaid() throws IOException {
        Path noise = Files.writeString(folder.resolve("noise.json"), "{\"glasshouse_trace\": []}");
        for (String[] wrong : new String[][] {
            {"replay"},
            {"replay", folder.resolve("none.json").toString()},
            {"replay", noise.toString()},
            {"explain", "tiny", "-n", "-1", "x"},
            {"explain", "tiny", "--top", "0", "x"},
            {"explain", "tiny", "--tree", "wide", "x"},
            {"explain", "tiny", "--tree", "99x9", "x"},
            {"explain", "tiny", "--json", "--lens", "x"},
            {"explain", "tiny", "--ids", "100000"},
        }) {
            Ran ran = glass(wrong);
            assertThat(ran.code()).as(String.join(" ", wrong)).isEqualTo(1);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).startsWith("glass: ").doesNotContain("should not have happened");
        }
    }
}
