package dev.glasshouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Npy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands on the model that the program carries: results on stdout, the rest on stderr, exit codes. */
class CommandsTest {
    @TempDir
    Path folder;

    private static Ran glass(String... arguments) {
        return Ran.glass(arguments);
    }

    private static Ran glass(boolean colour, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                true,
                false,
                false,
                80,
                colour);
        int code = Main.run(console, arguments);
        return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void runPrintsTheAnswerAloneOnStdout() {
        Ran ran = glass("run", "tiny", "--raw", "--temperature", "0", "-n", "20", "Once upon a time");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).hasSizeGreaterThan(30).endsWith("\n");
        assertThat(ran.err()).contains("max-tokens").doesNotContain(ran.out().strip());
    }

    @Test
    void idsAndTextAreTheSamePrompt() {
        String ids =
                glass("tokenize", "tiny", "--ids", "Once upon a time").out().strip();
        assertThat(ids).matches("\\d+( \\d+){2,8}");
        Ran byText = glass("run", "tiny", "--raw", "--seed", "3", "-n", "12", "Once upon a time");
        Ran byIds = glass("run", "tiny", "--ids", "--seed", "3", "-n", "12", ids);
        assertThat(byIds.out()).isEqualTo(byText.out());
    }

    @Test
    void theTraceCanBeReadBack() {
        Ran ran = glass("run", "tiny", "--raw", "--json", "--top", "4", "--seed", "5", "-n", "6", "Once upon");
        assertThat(ran.code()).isZero();
        Trace trace = Trace.fromJson(Json.parse(ran.out()));
        assertThat(trace.steps()).hasSize(6);
        assertThat(Arrays.stream(trace.promptIds()).mapToObj(String::valueOf).collect(Collectors.joining(" ")))
                .isEqualTo(glass("tokenize", "tiny", "--ids", "Once upon").out().strip());
    }

    @Test
    void tokenizeAndBack() {
        String text = "Zoë said: 你好 🙂\n  twice";
        Ran ran = glass("tokenize", "tiny", "--json", "--no-bos", text);
        String ids = Json.parse(ran.out()).asObject().get("ids").asArray().stream()
                .map(id -> String.valueOf(id.asLong()))
                .reduce("", (a, b) -> a + " " + b);
        assertThat(glass("tokenize", "tiny", "--decode", ids.strip()).out().strip())
                .isEqualTo(text);
        assertThat(glass("tokenize", "tiny", "--decode", "99999").code()).isEqualTo(1);
        assertThat(glass("tokenize", "tiny", "--decode", "one").err()).contains("'one' is not a token id");
    }

    @Test
    void scoreWritesLogitsThatExplainItsNumbers() {
        Path logits = folder.resolve("logits.npy");
        Ran ran = glass(
                "score",
                "tiny",
                "--kv",
                "f32",
                "--json",
                "--top",
                "2",
                "--logits",
                logits.toString(),
                "Once upon a time");
        assertThat(ran.code()).isZero();
        Npy npy = Npy.read(logits);
        int tokens =
                glass("tokenize", "tiny", "--ids", "Once upon a time").out().split(" ").length;
        assertThat(npy.shape()).containsExactly(tokens, 1024);
        Json.ObjectValue first = Json.parse(ran.out().split("\n")[0]).asObject();
        double sum = 0;
        float[] row = npy.floats();
        for (int i = 0; i < 1024; i++) {
            sum += StrictMath.exp(row[i]);
        }
        int id = Math.toIntExact(first.get("id").asLong());
        assertThat(first.get("logprob").asDouble()).isCloseTo(row[id] - StrictMath.log(sum), offset(1e-5));
    }

    @Test
    void showComputesFactsFromTheFile() {
        Ran ran = glass("show", "tiny");
        assertThat(ran.out()).contains("llama").contains("layers").contains("Apache License 2.0");
        Json.ObjectValue json =
                Json.parse(glass("show", "tiny", "--json").out()).asObject();
        assertThat(json.get("layers").asLong()).isEqualTo(5);
        assertThat(json.get("vocabulary").asLong()).isEqualTo(1024);
        assertThat(glass("show", "tiny", "--tensors").out())
                .contains("token_embd.weight")
                .contains("Q8_0");
        assertThat(glass("show", "tiny", "--metadata").out()).contains("general.architecture");
    }

    @Test
    void quantizeThereAndBack() throws IOException {
        Path wide = folder.resolve("wide.gguf");
        Path narrow = folder.resolve("narrow.gguf");
        assertThat(glass("quantize", "tiny", wide.toString(), "f32").code()).isZero();
        assertThat(glass("quantize", wide.toString(), narrow.toString(), "Q8_0").code())
                .isZero();
        assertThat(Files.size(narrow)).isLessThan(Files.size(wide) / 2);
        assertThat(glass("run", narrow.toString(), "--raw", "--temperature", "0", "-n", "20", "Once upon a time")
                        .out())
                .isEqualTo(glass("run", "tiny", "--raw", "--temperature", "0", "-n", "20", "Once upon a time")
                        .out());
        assertThat(glass("quantize", "tiny", wide.toString(), "Q9").err()).contains("Q4_K_M");
    }

    @Test
    void mistakesAreSaidClearlyWithoutAStackTrace() throws IOException {
        Path noise = Files.write(folder.resolve("noise.gguf"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        for (String[] wrong : new String[][] {
            {"show", "smolm2"},
            {"show", folder.resolve("nowhere.gguf").toString()},
            {"show", noise.toString()},
            {"run", "tiny", "--raw", "--top-p", "two", "x"},
            {"run", "tiny", "--raw", "--kv", "f64", "x"},
            {"run", "tiny", "--raw", "--context", "0", "x"},
            {"run", "tiny", "--raw", "--threads", "0", "x"},
            {"run", "tiny", "--raw", "--context", "8", "a b c d e f g h i j k l m n o p"},
            {"rm", "tiny"},
            {"quantize", "tiny", folder.resolve("none/out.gguf").toString(), "Q8_0"},
        }) {
            Ran ran = glass(wrong);
            assertThat(ran.code()).as(String.join(" ", wrong)).isEqualTo(1);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .startsWith("glass: ")
                    .doesNotContain("\tat ")
                    .doesNotContain("should not have happened");
        }
        assertThat(glass("run", "--nonsense").code()).isEqualTo(2);
        assertThat(glass("rnu").code()).isEqualTo(2);
    }

    @Test
    void everyCommandHasHelpThatFitsEightyColumns() {
        for (List<String> command : commands(Main.commandLine(Console.ofProcess()), List.of())) {
            List<String> line = new ArrayList<>(command);
            line.add("--help");
            Ran ran = glass(line.toArray(String[]::new));
            assertThat(ran.code()).isZero();
            assertThat(ran.out().lines().filter(each -> each.length() > 80))
                    .as(String.join(" ", command))
                    .isEmpty();
        }
        assertThat(glass("--help").out().lines().filter(line -> line.length() > 80))
                .isEmpty();
    }

    /** All commands, those below others too. */
    private static List<List<String>> commands(CommandLine line, List<String> before) {
        List<List<String>> all = new ArrayList<>();
        line.getSubcommands().forEach((name, below) -> {
            List<String> words = new ArrayList<>(before);
            words.add(name);
            all.add(words);
            all.addAll(commands(below, words));
        });
        return all;
    }

    @Test
    void samplerOptionsAreTakenAndMayBeWrittenLikeSettings() {
        String one = glass("run", "tiny", "--raw", "--top-k", "1", "-n", "12", "Once upon a time")
                .out();
        assertThat(glass("run", "tiny", "--raw", "--top_k=1", "-n", "12", "Once upon a time")
                        .out())
                .isEqualTo(one);
        assertThat(glass("run", "tiny", "--raw", "--temperature", "0", "-n", "12", "Once upon a time")
                        .out())
                .isEqualTo(one);
        assertThat(glass("help", "run").out()).contains("--top-k").contains("(40)");
    }

    @Test
    void coloursOnlyWhereWanted() {
        assertThat(glass(true, "show", "tiny").out()).contains("\u001b[");
        assertThat(glass(false, "show", "tiny").out()).doesNotContain("\u001b[");
        assertThat(Console.wantsColour(Map.of("NO_COLOR", "1"), true)).isFalse();
        assertThat(Console.wantsColour(Map.of("TERM", "dumb"), true)).isFalse();
        assertThat(Console.wantsColour(Map.of("CLICOLOR_FORCE", "1"), false)).isTrue();
    }

    @Test
    void completionNamesTheCommands() {
        assertThat(glass("completion").out()).contains("tokenize").contains("--top-k");
    }
}
