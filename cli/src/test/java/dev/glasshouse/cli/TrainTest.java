package dev.glasshouse.cli;

import static dev.glasshouse.cli.Ran.glass;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.training.Trainer;
import dev.glasshouse.training.TrainingConfig;
import dev.glasshouse.training.TrainingListener;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.weights.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code glass data}, {@code train} and {@code verify} from text to a model that is checked, and their mistakes. */
class TrainTest {
    /** A model of a few thousand weights: seconds. */
    private static final String CONFIG = """
            {"model":{"architecture":"llama","vocabulary":264,"context":32,"width":32,"layers":1,"heads":1,"kv_heads":1,
            "head_size":32,"mlp_width":32,"epsilon":1e-5,"rope_theta":10000,"tied":true,"biases":true},
            "length":32,"batch":4,"steps":12,"milestones":20,"evaluation":{"every":6,"tokens":256},
            "samples":{"every":6,"prompts":["The"],"tokens":4,"temperature":0.8,"seed":1},
            "checkpoints":{"every":4,"keep":2},"film":{"moments":3,"prompt":"The","tokens":4}}
            """;

    @TempDir
    static Path folder;

    private static Path text;
    private static Path config;
    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        StringBuilder story = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            story.append("The fox saw hen ").append(i * 7919 % 1000).append(" by the river.\n");
        }
        text = Files.writeString(folder.resolve("foxes.txt"), story);
        config = Files.writeString(folder.resolve("config.json"), CONFIG);
        run = folder.resolve("run");
        Ran ran = glass(
                "train",
                text.toString(),
                "-v",
                "264",
                "--config",
                config.toString(),
                "-o",
                run.toString(),
                "--scalar",
                "--seed",
                "7");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .contains("the plan", "12 steps of 128 tokens", "seed 7", "step 12 of 12", "it wrote: The|", "weights ")
                .doesNotContain("\u001b");
    }

    @Test
    void theRunHoldsModelLogReportAndRecipe() throws IOException {
        assertThat(run.resolve("model/recipe.lock")).exists();
        assertThat(Files.readString(run.resolve("report.html"))).contains("Film strip", "What it wrote", "<b>Loss</b>");
        assertThat(Files.readString(run.resolve("model/report.html")))
                .isEqualTo(Files.readString(run.resolve("report.html")));
        Ran told = glass("run", run.resolve("model/model-q8_0.gguf").toString(), "--raw", "--scalar", "-n", "3", "The");
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(glass("show", run.resolve("model/model.gguf").toString()).out())
                .contains("llama");
    }

    /** A model of plain text has no chat template, and says so where one is asked for. */
    @Test
    void aModelOfPlainTextHasNoTemplate() {
        String model = run.resolve("model/model.gguf").toString();
        for (List<String> wrong : List.of(
                List.of("template", model),
                List.of("explain", model, "--chat", "x"),
                List.of("explain", model, "--chat", "--system", "y", "x"))) {
            Ran ran = glass(wrong.toArray(String[]::new));
            assertThat(ran.code()).as(String.join(" ", wrong)).isEqualTo(1);
            assertThat(ran.err()).startsWith("glass: ").contains("template");
        }
    }

    @Test
    void itsWeightsAreVerifiedAndAnEditedFileIsDifferent() throws IOException {
        Ran partial = glass("verify", run.toString(), "--scalar");
        assertThat(partial.code()).as(partial.err()).isZero();
        assertThat(partial.out()).startsWith("same: steps 0 to 2 of 12 are repeated (17% of the training");
        assertThat(partial.err()).contains("to repeat: 2 steps of training");
        Ran full = glass("verify", run.toString(), "--full", "--json", "-t", "1");
        assertThat(full.code()).as(full.err()).isZero();
        Json.ObjectValue found = Json.parse(full.out()).asObject();
        assertThat(found.get("result").asString()).isEqualTo("same");
        assertThat(found.get("share").asDouble()).isEqualTo(1);

        Path copy = folder.resolve("edited");
        copy(run.resolve("model"), copy);
        Path weights = copy.resolve("model.gguf");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 3] ^= 1;
        Files.write(weights, bytes);
        Ran different = glass(
                "verify",
                copy.toString(),
                "--scalar",
                "--data",
                run.resolve("data").toString());
        assertThat(different.code()).isEqualTo(1);
        assertThat(different.out()).startsWith("different: ");
        Files.copy(run.resolve("model/model.gguf"), weights, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.delete(copy.resolve("recipe.lock"));
        Ran unknown = glass("verify", copy.toString());
        assertThat(unknown.code()).isEqualTo(3);
        assertThat(unknown.out()).startsWith("cannot tell");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** The process is told to end at its first step; the weights of the run that goes on are those of the one that never stopped. */
    @Test
    void aRunThatWasToldToEndGoesOn() throws Exception {
        Path other = folder.resolve("stopped");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", ""),
                        "dev.glasshouse.cli.Main",
                        "train",
                        text.toString(),
                        "-v",
                        "264",
                        "--config",
                        config.toString(),
                        "-o",
                        other.toString(),
                        "--scalar",
                        "--seed",
                        "7",
                        "--steps",
                        "100000",
                        "--json")
                .redirectError(folder.resolve("stopped.err").toFile())
                .start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            do {
                line = lines.readLine();
                assertThat(line)
                        .as(Files.readString(folder.resolve("stopped.err")))
                        .isNotNull();
            } while (!line.contains("\"loss\""));
            process.toHandle().destroy(); // leaves our end of its output open
            String last = line;
            for (String next = line; next != null; next = lines.readLine()) {
                last = next;
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            Json.ObjectValue result = Json.parse(last).asObject().get("result").asObject();
            assertThat(result.get("finished").asBoolean()).isFalse();
            assertThat(other.resolve("checkpoints")).isNotEmptyDirectory();
        }
        assertThat(glass("train", text.toString(), "-o", other.toString()).err())
                .contains("glass train --resume");
    }

    @Test
    void aPlanAloneLeavesNothingBehind() {
        Path none = folder.resolve("planned");
        Ran ran = glass("train", text.toString(), "-o", none.toString(), "--minutes", "0.25", "--plan", "--json");
        assertThat(ran.code()).as(ran.err()).isZero();
        Json.ObjectValue plan = Json.parse(ran.out()).asObject().get("plan").asObject();
        assertThat(plan.get("parameters").asLong()).isPositive();
        assertThat(none).doesNotExist();
    }

    /** The characters of a text are all that a model of characters can be asked to go on from; some take several tokens. */
    @Test
    void aModelOfCharactersBeginsAsItsTextDoes() throws IOException {
        for (String sentence : List.of("A text without a line break, again. ", "日本語の文章。")) {
            Path line = Files.writeString(folder.resolve("line.txt"), sentence.repeat(200));
            Ran ran = glass(
                    "train",
                    line.toString(),
                    "--preset",
                    "char",
                    "--batch",
                    "1",
                    "--scalar",
                    "--plan",
                    "--json",
                    "-o",
                    folder.resolve("line").toString());
            assertThat(ran.code()).as(ran.err()).isZero();
            Json.ObjectValue chosen = Json.parse(ran.out())
                    .asObject()
                    .get("plan")
                    .asObject()
                    .get("config")
                    .asObject();
            String first = sentence.substring(0, 1);
            assertThat(chosen.get("samples").asObject().get("prompts").write()).isEqualTo("[\"" + first + "\"]");
            assertThat(chosen.get("film").asObject().get("prompt").asString()).isEqualTo(first);
        }
    }

    /** What a kill before the first step leaves behind is no obstacle, and neither is what fails just before that step. */
    @Test
    void aRunThatNeverBeganIsBegunAnew() throws IOException {
        Path left = folder.resolve("left");
        Files.createDirectories(left.resolve("data.partial"));
        Files.createFile(left.resolve(".in-use"));
        assertThat(glass("train", "--resume", left.toString()).err())
                .contains("broken off before its first step", "begin it anew");
        Path wordy = Files.writeString(
                folder.resolve("wordy.json"), CONFIG.replace("[\"The\"]", "[\"" + "The fox. ".repeat(30) + "\"]"));
        String[] again = {
            "train", text.toString(), "-v", "264", "--scalar", "-o", left.toString(), "--config", wordy.toString()
        };
        Ran ran = glass(again);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("was broken off before its first step", "it must have from 1 to 31");
        assertThat(left).doesNotExist();
        Files.createDirectories(left.resolve("data"));
        assertThat(glass(again).err()).contains("holds no training that could go on");
        assertThat(left.resolve("data")).isDirectory();
    }

    /** The process ends as soon as the handler of its signal does: what went wrong must be said before. */
    @Test
    void anErrorOfTheLastSaveIsSaidBeforeTheEnd() throws Exception {
        Path blocked = folder.resolve("blocked");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        TrainingSession session = new TrainingSession(
                new Console(stream, stream, false, false, false, 80, false), true, false, OptionalDouble.empty());
        try (DataSet data = DataSet.open(run.resolve("data"))) {
            BlockingQueue<Trainer> trainers = new LinkedBlockingQueue<>();
            CompletableFuture<String> atTheEnd = new CompletableFuture<>();
            Thread handler = new Thread(() -> {
                session.end(trainers.remove());
                atTheEnd.complete(said.toString(StandardCharsets.UTF_8));
            });
            TrainingListener listener = new TrainingListener() {
                @Override
                public void started(TrainingConfig started, long step, String kernels, int threads) {
                    try {
                        Files.createFile(blocked.resolve("checkpoints")); // where a folder has to be
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    handler.start();
                    while (handler.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                }
            };
            Trainer trainer = Trainer.builder(Trainer.config(run), data, blocked)
                    .kernels(KernelChoice.SCALAR)
                    .listener(listener)
                    .build();
            trainers.add(trainer);
            session.run(trainer, listener);
            assertThat(atTheEnd.get(60, TimeUnit.SECONDS)).contains("glass: Cannot save the checkpoint");
        }
    }

    /** Options that would have no effect, or that contradict each other, are refused before the text is looked at. */
    @Test
    void optionsThatDoNotFitAreRefused() {
        String data = run.resolve("data").toString();
        for (List<String> wrong : List.of(
                List.of("--steps,", "--resume", run.toString(), "--steps", "50", "--batch", "2"),
                List.of("--rate away", "--resume", run.toString(), "--rate", "0.1"),
                List.of("--seed away", "--resume", run.toString(), "--seed", "3"),
                List.of("--vocabulary away", "--resume", run.toString(), "-v", "300"),
                List.of("--plan away", "--resume", run.toString(), "--plan"),
                List.of("one folder of data", "--resume", run.toString(), data, data),
                List.of("under the licence apache-2.0", "--resume", run.toString(), "--license", "mit"),
                List.of("--vocabulary away", data, "-v", "300"),
                List.of("--tokenizer, --validation away", data, "--tokenizer", data, "--validation", "0.1"),
                List.of("--characters away", "--preset", "story", "--characters"),
                List.of("keeps 0.1", "nowhere.txt", "--preset", "nanogpt", "--validation", "0.2"),
                List.of("--config and --preset", "nowhere.txt", "--config", config.toString(), "--preset", "char"),
                List.of("--preset and --minutes", "nowhere.txt", "--preset", "char", "--minutes", "3"),
                List.of("--threads must be", "nowhere.txt", "--threads", "0"),
                List.of("--steps must be from 1", "nowhere.txt", "--steps", "0"),
                List.of("--micro-batch from 1 to 1048576", "nowhere.txt", "--batch", "2000000"),
                List.of("--rate must be", "nowhere.txt", "--rate", "Infinity"),
                List.of("--vocabulary away", "nowhere.txt", "--preset", "char", "-v", "300"),
                List.of("--split away", "nowhere.txt", "--tokenizer", data, "--split", "gpt2"),
                List.of("0.25 or more", "nowhere.txt", "--minutes", "0"),
                List.of("trains nothing", "--check-gradients", "--steps", "3"),
                List.of("reads no text", "--check-gradients", "nowhere.txt"))) {
            List<String> arguments = new ArrayList<>(wrong);
            arguments.set(0, "train");
            Ran ran = glass(arguments.toArray(String[]::new));
            assertThat(ran.code()).as(String.join(" ", wrong)).isEqualTo(1);
            assertThat(ran.err()).startsWith("glass: ").contains(wrong.getFirst());
        }
    }

    @Test
    void dataIsShownAndChecked() throws IOException {
        Path data = folder.resolve("data");
        Ran made = glass(
                "data", "build", text.toString(), "-o", data.toString(), "--characters", "--text-license", "CC0-1.0");
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out()).contains("foxes.txt", "CC0-1.0", "vocabulary ");
        assertThat(glass("data", "show", data.toString(), "--text", "7").out()).isEqualTo("The fox\n");
        assertThat(glass("data", "check", data.toString()).code()).isZero();
        Path shard = data.resolve("train-00000.tokens");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length - 2] ^= 1;
        Files.write(shard, bytes);
        Ran broken = glass("data", "check", data.toString());
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err()).contains("train-00000.tokens");
    }

    @Test
    void gradientsAreChecked() {
        Ran ran = glass("train", "--check-gradients", "--preset", "nanogpt", "--scalar", "--json");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(Json.parse(ran.out()).asObject().get("good").asBoolean()).isTrue();
        assertThat(ran.out()).contains("gpt2", "attn");
    }

    @Test
    void mistakesAreSaid() {
        String out = folder.resolve("mistake").toString();
        for (List<String> wrong : List.of(
                List.of("train"),
                List.of("train", "nowhere.txt", "-o", out),
                List.of("train", text.toString(), "-o", out, "--preset", "huge"),
                List.of("train", text.toString(), "-o", out, "--preset", "char", "--minutes", "3"),
                List.of("train", text.toString(), "-o", out, "--minutes", "0"),
                List.of("train", text.toString(), "-o", out, "--config", text.toString()),
                List.of("train", text.toString(), "-o", out, "--documents", "chapters"),
                List.of("train", text.toString(), "-o", run.toString()),
                List.of("train", "--resume", folder.toString()),
                List.of("train", "--resume", run.toString(), "--minutes", "3"),
                List.of("data", "show", folder.toString()),
                List.of("data", "build", text.toString(), "-o", out, "--tokenizer", folder.toString()),
                List.of("data", "build", text.toString(), "-o", out, "--validation", "0.9"),
                List.of("verify", out),
                List.of("verify", run.toString(), "--full", "--steps", "3"))) {
            Ran ran = glass(wrong.toArray(String[]::new));
            assertThat(ran.code()).as(String.join(" ", wrong)).isEqualTo(1);
            assertThat(ran.err()).startsWith("glass: ").doesNotContain("should not have happened", "\tat ");
            assertThat(Path.of(out)).as(String.join(" ", wrong)).doesNotExist();
        }
    }
}
