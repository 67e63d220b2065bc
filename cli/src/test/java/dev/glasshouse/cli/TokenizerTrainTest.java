package dev.glasshouse.cli;

import static dev.glasshouse.cli.Ran.glass;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.tokenizer.BpeOptions;
import dev.glasshouse.tokenizer.BpeTrainer;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code glass tokenizer train}: the files it writes, and its mistakes. */
class TokenizerTrainTest {
    private static final String TEXT =
            "The fox and the hen. The fox and the dog.\n\nThe hen saw the dog, the dog saw the hen.\n";

    @TempDir
    Path folder;

    @Test
    void aTokenizerIsLearntFromTextAndJsonLines() throws IOException {
        Path text = Files.writeString(folder.resolve("a.txt"), TEXT);
        Path lines = Files.writeString(
                folder.resolve("b.jsonl"), "{\"text\":\"the fox\"}\n\n{\"other\":1,\"text\":\"the fox\"}\n");
        Path out = folder.resolve("tok");
        Ran ran = glass(
                "tokenizer", "train", text.toString(), lines.toString(), "-o", out.toString(), "-v", "264", "--json");
        assertThat(ran.code()).as(ran.err()).isZero();
        Json.ObjectValue made = Json.parse(ran.out()).asObject();
        assertThat(made.get("vocabulary").asLong()).isEqualTo(264);
        assertThat(made.get("merges").asLong()).isEqualTo(7); // 256 bytes and one special token before them
        assertThat(Files.readString(out.resolve("tokenizer.json")))
                .isEqualTo(BpeTrainer.trainOnTexts(BpeOptions.of(264), Stream.of(TEXT, "the fox", "the fox"), 1)
                        .tokenizerJson()
                        .write());
        assertThat(Json.read(out.resolve("tokenizer_config.json")).asObject().string("eos_token"))
                .contains("<|endoftext|>");
    }

    @Test
    void charactersAloneAreAVocabularyToo() throws IOException {
        Path text = Files.writeString(folder.resolve("a.txt"), "abcab");
        Ran ran = glass(
                "tokenizer", "train", text.toString(), "-o", folder.resolve("t").toString(), "--characters");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("4 pieces");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void mistakesAreSaid() throws IOException {
        String out = folder.resolve("out").toString();
        String text = Files.writeString(folder.resolve("a.txt"), TEXT).toString();
        String empty = Files.writeString(folder.resolve("empty.txt"), " \n").toString();
        String noise = Files.write(folder.resolve("noise.txt"), new byte[] {(byte) 0xff, 1, 2})
                .toString();
        String zeros = Files.write(folder.resolve("zeros.txt"), new byte[100]).toString();
        String lines = Files.writeString(folder.resolve("x.jsonl"), "{\"text\":\"a\"}\n{\"tex\":1}\n")
                .toString();
        List<List<String>> wrong = new ArrayList<>();
        wrong.add(List.of(text, "-v", "100"));
        wrong.add(List.of(text, "--split", "words"));
        wrong.add(List.of(text, "--end", "<|nothing|>"));
        for (String file : List.of(
                empty,
                noise,
                zeros,
                lines,
                folder.toString(),
                folder.resolve("none").toString())) {
            wrong.add(List.of(file));
        }
        for (List<String> each : wrong) {
            List<String> line = new ArrayList<>(List.of("tokenizer", "train", "-o", out));
            line.addAll(each);
            Ran ran = glass(line.toArray(String[]::new));
            assertThat(ran.code()).as(each.toString()).isEqualTo(1);
            assertThat(ran.err()).startsWith("glass: ").doesNotContain("should not have happened", "\tat ");
            assertThat(Files.exists(Path.of(out))).isFalse();
        }
        assertThat(glass("tokenizer", "train", "-o", out, lines).err()).contains("Line 2");
        assertThat(glass("tokenizer", "train", text, "-o", folder.toString()).err())
                .contains("is there already");
        assertThat(glass("tokenizer", "train", text).code()).isEqualTo(2);
        assertThat(glass("tokenizer").out()).contains("train");
    }
}
