package dev.glasshouse.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.tokenizer.BpeOptions;
import dev.glasshouse.tokenizer.BpeTrainer;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad text, bad folders. */
class DataErrorsTest {
    private final TrainedTokenizer tokenizer =
            BpeTrainer.trainOnTexts(BpeOptions.of(270), Stream.of("One two three four. One two."), 1);

    @TempDir
    Path folder;

    private static void fails(ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOf(GlassException.class).hasMessageContainingAll(words);
    }

    private DataSet build(DataSource source) {
        return DataBuilder.with(tokenizer)
                .add(source)
                .split(new SplitRule.Tail(0.1))
                .build(folder.resolve("data"));
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private DataSource text(byte[] content) throws IOException {
        return new DataSource.TextFile(file("text.txt", content), DocumentRule.FILE, "MIT");
    }

    private DataSource text(String content) throws IOException {
        return text(content.getBytes(StandardCharsets.UTF_8));
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("data"));
        }
    }

    @Test
    void textThatIsNone() throws IOException {
        fails(() -> build(text("")), "no text in the sources [text.txt]");
        fails(() -> build(text("a")), "too little text");
        fails(() -> build(text("One\0two")), "text.txt is not text: it holds a byte 0");
        byte[] latin = "Où est-il ?".getBytes(StandardCharsets.ISO_8859_1);
        fails(() -> build(text(latin)), "text.txt is not UTF-8", "byte 1 ");
        // The place is counted over the whole file, and a character cut off at the end is found.
        byte[] late = new byte[200_001];
        Arrays.fill(late, (byte) 'x');
        late[200_000] = (byte) 0xC3;
        fails(() -> build(text(late)), "not UTF-8", "byte 200000 ");
        fails(
                () -> build(new DataSource.TextFile(folder.resolve("none.txt"), DocumentRule.FILE, "MIT")),
                "There is no file",
                "none.txt");
        fails(() -> DataBuilder.with(tokenizer).build(folder.resolve("data")), "no text to make data of");
        nothingIsLeft();
    }

    @Test
    void jsonLinesThatAreNone() throws IOException {
        Path lines = file("l.jsonl", "{\"text\":\"ok\"}\n{\"body\":1}\n".getBytes(StandardCharsets.UTF_8));
        fails(() -> build(new DataSource.JsonLines(lines, "text", "MIT")), "Line 2 of", "no text at the key \"text\"");
        fails(() -> build(new DataSource.JsonLines(lines, "body", "MIT")), "Line 1 of", "\"body\"");
        Path broken = file("b.jsonl", "{\"text\":\n".getBytes(StandardCharsets.UTF_8));
        fails(() -> build(new DataSource.JsonLines(broken, "text", "MIT")), "Line 1 of");
        nothingIsLeft();
    }

    @Test
    void oneDocumentCannotBeSplitByHash() throws IOException {
        DataSource source = text("One two three. ".repeat(50));
        fails(
                () -> DataBuilder.with(tokenizer).add(source).build(folder.resolve("data")),
                "too little text",
                "split rule \"tail\"");
        fails(() -> new SplitRule.ByHash(0), "share of 0.0");
        fails(() -> new SplitRule.Tail(Double.NaN), "share of NaN");
    }

    @Test
    void textThatTheVocabularyCannotExpress() throws IOException {
        TrainedTokenizer letters =
                BpeTrainer.bytesOf(Stream.of(List.of(TextPart.plain("abc"))), List.of(), Optional.empty(), 1);
        DataSource source = text("abcabcxbca".repeat(9));
        fails(
                () -> DataBuilder.with(letters)
                        .add(source)
                        .split(new SplitRule.Tail(0.5))
                        .build(folder.resolve("data")),
                "In text.txt",
                "cannot express",
                "of 45 bytes");
    }

    @Test
    void foldersThatAreTaken() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("data"));
        fails(() -> build(text("One two three. ".repeat(50))), "exists already");
        Files.delete(taken);
        // What a killed run left is cleared away; what is not its own is not.
        Path partial = Files.createDirectory(folder.resolve("data.partial"));
        Files.writeString(partial.resolve("train-00000.tokens"), "half");
        build(text("One two three. ".repeat(50))).close();
        assertThat(partial).doesNotExist();
        Path other = Files.createDirectories(folder.resolve("more.partial/photos"));
        fails(
                () -> DataBuilder.with(tokenizer)
                        .add(text("One two. ".repeat(50)))
                        .build(folder.resolve("more")),
                "not from building data");
        assertThat(other).exists();
    }

    @Test
    void foldersThatAreNoData() throws IOException {
        fails(() -> DataSet.open(folder), "There is no data in", "manifest.json");
        Files.writeString(folder.resolve("manifest.json"), "{\"format\":\"else\"}");
        fails(() -> DataSet.open(folder), "not a manifest of data");
        Files.writeString(folder.resolve("manifest.json"), "{");
        fails(() -> DataSet.open(folder), "manifest.json");
    }

    /** Builds data, changes its manifest's text, and says what opening it says. */
    private void changed(UnaryOperator<String> change, String... words) throws IOException {
        Path manifest = folder.resolve("data/manifest.json");
        String text = Files.readString(manifest);
        String other = change.apply(text);
        assertThat(other).isNotEqualTo(text);
        Files.writeString(manifest, other);
        fails(() -> DataSet.open(folder.resolve("data")).close(), words);
        Files.writeString(manifest, text);
    }

    @Test
    void manifestsThatWereEdited() throws IOException {
        build(text("One two three. ".repeat(50))).close();
        changed(
                text -> text.replace("train-00000.tokens", "../../etc/passwd"),
                "should be called",
                "train-00000.tokens");
        changed(text -> text.replace("validation.starts", "/dev/zero"), "should be called", "validation.starts");
        changed(text -> text.replaceFirst("\"tokens\": \\d+", "\"tokens\": 5"), "hold", "tokens");
        changed(text -> text.replaceFirst("\"vocabulary\": \\d+", "\"vocabulary\": 9999999999"), "32 bits");
        changed(text -> text.replaceFirst("\"vocabulary\": \\d+", "\"vocabulary\": 7"), "vocabulary of");
        changed(text -> text.replaceFirst("\"sha256\": \"[0-9a-f]", "\"sha256\": \"X"), "not a SHA-256");
        changed(text -> text.replace("\"version\": 1", "\"version\": 2"), "version 2");
        changed(text -> text.replaceFirst("\"documents\": 1", "\"documents\": -1"), "count of -1");
    }

    /** What others named as data must lie in the folder itself. */
    @Test
    void aManifestThatIsALink() throws IOException {
        build(text("One two three. ".repeat(50))).close();
        Path manifest = folder.resolve("data/manifest.json");
        Path elsewhere = Files.move(manifest, folder.resolve("elsewhere.json"));
        Files.createSymbolicLink(manifest, elsewhere);
        fails(() -> DataSet.open(folder.resolve("data")).close(), "There is no data in", "manifest.json");
    }

    /** All shards but the last are full: else a lock could ask for a file a token. */
    @Test
    void shardsThatNoBuildCuts() throws IOException {
        DataBuilder.with(tokenizer)
                .add(text("One two three. Four five six seven. ".repeat(40)))
                .split(new SplitRule.Tail(0.1))
                .shardTokens(100)
                .build(folder.resolve("data"))
                .close();
        String first = "(\"train-00000.tokens\",\\s*\"tokens\": )100";
        String second = "(\"train-00001.tokens\",\\s*\"tokens\": )100";
        changed(
                text -> text.replaceFirst(first, "$199").replaceFirst(second, "$1101"),
                "train-00000.tokens\" holds 99",
                "must hold 101");
        changed(text -> text.replaceFirst(first, "$10").replaceFirst(second, "$1200"), "train-00000.tokens\" holds 0");
        changed(text -> text.replaceFirst(first, "$1" + (1L << 50)), "or more tokens");
    }

    @Test
    void moreTokensThanThereMayBe() throws IOException {
        DataSource source = text("One two three. ".repeat(50));
        DataBuilder builder = DataBuilder.with(tokenizer).add(source).split(new SplitRule.Tail(0.1));
        long tokens;
        try (DataSet data = builder.build(folder.resolve("data"))) {
            tokens = data.tokens(Split.TRAIN) + data.tokens(Split.VALIDATION);
        }
        builder.mostTokens(tokens).build(folder.resolve("enough")).close();
        assertThatThrownBy(() -> builder.mostTokens(tokens - 1).build(folder.resolve("less")))
                .isInstanceOf(DataBuilder.TooManyTokensException.class)
                .hasMessageContaining("more than the " + (tokens - 1) + " tokens");
        assertThat(folder.resolve("less")).doesNotExist();
        assertThat(folder.resolve("less.partial")).doesNotExist();
    }

    @Test
    void filesThatChanged() throws IOException {
        Path data = folder.resolve("data");
        build(text("One two three. ".repeat(50))).close();
        Path shard = data.resolve("train-00000.tokens");
        byte[] right = Files.readAllBytes(shard);

        byte[] flipped = right.clone();
        flipped[flipped.length - 2] ^= 1;
        Files.write(shard, flipped);
        try (DataSet set = DataSet.open(data)) {
            fails(set::verify, "train-00000.tokens has changed", "SHA-256");
        }
        flipped[flipped.length - 1] = (byte) 0xFF;
        Files.write(shard, flipped);
        try (DataSet set = DataSet.open(data)) {
            int[] all = new int[(int) set.tokens(Split.TRAIN)];
            fails(() -> set.read(Split.TRAIN, 0, all), "train-00000.tokens is broken", "outside the vocabulary");
        }
        Files.write(shard, Arrays.copyOf(right, right.length - 1));
        fails(() -> DataSet.open(data), "cut short");
        Files.write(shard, new byte[10]);
        fails(() -> DataSet.open(data), "not a file of tokens");
        Files.delete(shard);
        fails(() -> DataSet.open(data), "train-00000.tokens", "missing");
        Files.write(shard, right);

        Path starts = data.resolve("train.starts");
        byte[] places = Files.readAllBytes(starts);
        places[places.length - 1] = 0x7F;
        Files.write(starts, places);
        try (DataSet set = DataSet.open(data)) {
            fails(() -> set.documentStart(Split.TRAIN, 0), "train.starts is broken");
            fails(set::verify, "train.starts has changed");
        }
        Path vocabulary = data.resolve("tokenizer.json");
        Files.writeString(vocabulary, Files.readString(vocabulary) + " ");
        try (DataSet set = DataSet.open(data)) {
            fails(set::tokenizer, "tokenizer.json has changed");
        }
    }

    @Test
    void swappedShardsAreFound() throws IOException {
        DataSource source = text("One two three. Four five six seven. ".repeat(40));
        Path data = folder.resolve("data");
        DataBuilder.with(tokenizer)
                .add(source)
                .split(new SplitRule.Tail(0.1))
                .shardTokens(100)
                .build(data)
                .close();
        Path first = data.resolve("train-00000.tokens");
        Path second = data.resolve("train-00001.tokens");
        byte[] one = Files.readAllBytes(first);
        Files.write(first, Files.readAllBytes(second));
        Files.write(second, one);
        try (DataSet set = DataSet.open(data)) {
            fails(set::verify, "train-00000.tokens has changed");
        }
    }

    @Test
    void aGeneratorThatFailsLeavesNothing() throws IOException {
        DataSource source =
                new DataSource.Generated("broken", "CC0-1.0", Json.object().build(), 1000, number -> {
                    if (number == 700) {
                        throw new GlassException("document 700 cannot be told.");
                    }
                    return List.of(TextPart.plain("Number " + number));
                });
        fails(() -> build(source), "In broken: document 700 cannot be told.");
        nothingIsLeft();
    }
}
