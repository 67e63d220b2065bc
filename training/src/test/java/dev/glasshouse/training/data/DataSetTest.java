package dev.glasshouse.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.tokenizer.BpeOptions;
import dev.glasshouse.tokenizer.BpeTrainer;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.tokenizer.WordSplit;
import dev.glasshouse.training.TokenBatch;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DataSetTest {
    @TempDir
    Path folder;

    static List<TextPart> chat(long number) {
        return List.of(
                TextPart.control("<|user|>"),
                TextPart.plain("Tell me of number " + number + ", and <|end|> is only text."),
                TextPart.control("<|end|><|assistant|>"),
                TextPart.plain(
                        "Number " + number + " was a fox. \uD83E\uDD8A It lived in house " + number * 7 % 13 + "."),
                TextPart.control("<|end|>"));
    }

    static TrainedTokenizer chatTokenizer() {
        return BpeTrainer.train(
                BpeOptions.of(320, WordSplit.GPT2, List.of("<|end|>", "<|user|>", "<|assistant|>"), "<|end|>"),
                Stream.iterate(0L, i -> i < 50, i -> i + 1).map(DataSetTest::chat),
                2);
    }

    static DataSource chats(long count) {
        return new DataSource.Generated(
                "chats", "CC0-1.0", Json.object().put("seed", 1).build(), count, DataSetTest::chat);
    }

    private static int[] all(DataSet data, Split split) {
        int[] ids = new int[(int) data.tokens(split)];
        data.read(split, 0, ids);
        return ids;
    }

    @Test
    void generatedDocumentsComeBackInOrder() {
        TrainedTokenizer tokenizer = chatTokenizer();
        try (DataSet data = DataBuilder.with(tokenizer)
                .add(chats(500))
                .split(new SplitRule.ByHash(0.2))
                .build(folder.resolve("data"))) {
            data.verify();
            assertThat(data.documents(Split.TRAIN) + data.documents(Split.VALIDATION))
                    .isEqualTo(500);
            assertThat(data.documents(Split.VALIDATION)).isBetween(60L, 140L);
            StringBuilder joined = new StringBuilder();
            for (Split split : Split.values()) {
                String text = tokenizer.tokenizer().decode(all(data, split), true);
                assertThat(text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                        .isEqualTo((int) data.bytes(split));
                joined.append(text);
                for (long i = 0; i < data.documents(split); i++) {
                    int[] first = new int[1];
                    data.read(split, data.documentStart(split, i), first);
                    assertThat(tokenizer.tokenizer().piece(first[0])).isEqualTo("<|user|>");
                }
            }
            for (long i = 0; i < 500; i++) {
                StringBuilder document = new StringBuilder();
                chat(i).forEach(part -> document.append(part.text()));
                assertThat(joined).contains(document);
            }
            // A name of a control token in plain text stays text: each document has exactly two ends.
            int end = tokenizer.tokenizer().eos().orElseThrow();
            long ends = Stream.of(Split.values())
                    .flatMapToInt(split -> java.util.Arrays.stream(all(data, split)))
                    .filter(id -> id == end)
                    .count();
            assertThat(ends).isEqualTo(1000);
        }
    }

    @Test
    void theSameDataForAnyThreadsAndShards() throws IOException {
        TrainedTokenizer tokenizer = chatTokenizer();
        List<String> hashes = new ArrayList<>();
        for (int threads : new int[] {1, 3}) {
            Path to = folder.resolve("t" + threads);
            try (DataSet data = DataBuilder.with(tokenizer)
                    .add(chats(2000))
                    .threads(threads)
                    .build(to)) {
                hashes.add(data.sha256());
                hashes.add(FileDigest.sha256(to.resolve("manifest.json"), read -> {}));
            }
        }
        assertThat(hashes.subList(2, 4)).isEqualTo(hashes.subList(0, 2));
        try (DataSet one = DataSet.open(folder.resolve("t1"));
                DataSet many = DataBuilder.with(tokenizer)
                        .add(chats(2000))
                        .shardTokens(1000)
                        .build(folder.resolve("many"))) {
            many.verify();
            assertThat(many.manifest().train().shards().size()).isGreaterThan(5);
            for (Split split : Split.values()) {
                assertThat(all(many, split)).isEqualTo(all(one, split));
            }
            // A sample that crosses shards.
            int[] piece = new int[2500];
            many.read(Split.TRAIN, 700, piece);
            assertThat(piece).isEqualTo(java.util.Arrays.copyOfRange(all(one, Split.TRAIN), 700, 3200));
        }
    }

    @Test
    void textFilesAndJsonLines() throws IOException {
        Path blank = folder.resolve("blank.txt");
        Files.writeString(blank, "\uFEFFOne two.\nThree.\n\n  \r\nFour five.\r\n\n\nSix seven eight.");
        Path marks = folder.resolve("marks.txt");
        Files.writeString(marks, "Nine.\n<|endoftext|>\nTen eleven.<|endoftext|><|endoftext|>\n\nOne two.\nThree.\n");
        Path lines = folder.resolve("lines.jsonl");
        Files.writeString(lines, "{\"text\":\"Twelve.\\nThirteen.\"}\n\n{\"id\":3,\"text\":\"Nine.\"}\n");
        TrainedTokenizer tokenizer = BpeTrainer.trainOnTexts(BpeOptions.of(260), Stream.of("One two two"), 1);
        try (DataSet data = DataBuilder.with(tokenizer)
                .add(new DataSource.TextFile(blank, DocumentRule.BLANK_LINES, "MIT"))
                .add(new DataSource.TextFile(marks, DocumentRule.END_MARK, "MIT"))
                .add(new DataSource.JsonLines(lines, "text", "MIT"))
                .split(new SplitRule.ByHash(0.4))
                .build(folder.resolve("data"))) {
            String text = tokenizer.tokenizer().decode(all(data, Split.TRAIN), true)
                    + tokenizer.tokenizer().decode(all(data, Split.VALIDATION), true);
            assertThat(text.split("<\\|endoftext\\|>"))
                    .containsExactlyInAnyOrder(
                            "One two.\nThree.",
                            "Four five.",
                            "Six seven eight.",
                            "Nine.",
                            "Ten eleven.",
                            "Twelve.\nThirteen.");
            assertThat(data.manifest().duplicates()).isEqualTo(2);
            assertThat(data.manifest().empty()).isEqualTo(1);
            assertThat(data.manifest().sources())
                    .extracting(Manifest.Source::sha256)
                    .containsExactly(
                            FileDigest.sha256(blank, read -> {}),
                            FileDigest.sha256(marks, read -> {}),
                            FileDigest.sha256(lines, read -> {}));
            assertThat(data.manifest().sources().getFirst().bytes()).isEqualTo(Files.size(blank));
            assertThat(Manifest.of(data.manifest().json())).isEqualTo(data.manifest());
        }
    }

    /**
     * A book of many lines with one mark behind it, and one line of many marks. Each character is looked at once: under a
     * second. Searching from the document's start at each line, or moving the rest at each mark, takes 10¹² steps and more.
     */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endMarksAreFoundInLinearTime() throws IOException {
        Path book = folder.resolve("book.txt");
        String line = "Of mice.\n";
        int lines = 2_000_000;
        Files.writeString(book, line.repeat(lines) + "<|endoftext|>The end.\n");
        try (Stream<List<TextPart>> documents = new DataSource.TextFile(book, DocumentRule.END_MARK, "MIT").open()) {
            assertThat(documents.mapToInt(parts -> parts.getFirst().text().length()))
                    .containsExactly(line.length() * lines - 1, "The end.".length());
        }
        Path marks = folder.resolve("marks.txt");
        int count = 1_500_000;
        Files.writeString(marks, "x<|endoftext|>".repeat(count));
        try (Stream<List<TextPart>> documents = new DataSource.TextFile(marks, DocumentRule.END_MARK, "MIT").open()) {
            assertThat(documents
                            .filter(parts -> parts.getFirst().text().equals("x"))
                            .count())
                    .isEqualTo(count);
        }
    }

    @Test
    void oneLongTextKeepsItsEndForValidation() throws IOException {
        Path file = folder.resolve("long.txt");
        String text = "abcdefghij".repeat(100);
        Files.writeString(file, text);
        TrainedTokenizer tokenizer =
                BpeTrainer.bytesOf(Stream.of(List.of(TextPart.plain(text))), List.of(), Optional.empty(), 1);
        assertThat(tokenizer.size()).isEqualTo(10);
        try (DataSet data = DataBuilder.with(tokenizer)
                .add(new DataSource.TextFile(file, DocumentRule.FILE, "MIT"))
                .split(new SplitRule.Tail(0.1))
                .build(folder.resolve("data"))) {
            assertThat(data.tokens(Split.TRAIN)).isEqualTo(900);
            assertThat(data.tokens(Split.VALIDATION)).isEqualTo(100);
            assertThat(data.tokenizer().size()).isEqualTo(10);

            assertThat(Batches.validationSamples(data, 64)).isEqualTo(2);
            TokenBatch whole = Batches.validation(data, 0, 2, 64);
            assertThat(whole.counted()).isEqualTo(99);
            for (int i = 0; i < 99; i++) {
                assertThat(whole.ids()[i]).isEqualTo(i % 10);
                assertThat(whole.targets()[i]).isEqualTo((i + 1) % 10);
            }
            assertThat(whole.targets()[99]).isEqualTo(-1);

            SampleOrder order = SampleOrder.of(data, 1, 4, 64);
            assertThat(order).isInstanceOf(SampleOrder.Windows.class);
            TokenBatch batch = Batches.batch(data, order, 5, 1, 4, 64);
            assertThat(batch.samples()).containsExactly(21, 22, 23);
            for (int i = 0; i < batch.ids().length; i++) {
                assertThat(batch.ids()[i]).isEqualTo((int) ((order.start(5, 1 + i / 64) + i % 64) % 10));
                assertThat(batch.targets()[i]).isEqualTo((batch.ids()[i] + 1) % 10);
            }
        }
    }

    @Test
    void aTextLongerThanAPiece() throws IOException {
        Path file = folder.resolve("long.txt");
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < 2_500_000; i++) {
            text.append("Line ").append(i).append(" of a long, long text.\n");
        }
        Files.writeString(file, text);
        DataSource source = new DataSource.TextFile(file, DocumentRule.FILE, "MIT");
        TrainedTokenizer tokenizer;
        try (Stream<List<TextPart>> documents = source.open()) {
            tokenizer = BpeTrainer.train(BpeOptions.of(400), documents, 2);
        }
        assertThat(tokenizer.tokenizerJson().write())
                .isEqualTo(BpeTrainer.trainOnTexts(BpeOptions.of(400), Stream.of(text.toString()), 1)
                        .tokenizerJson()
                        .write());
        try (DataSet data = DataBuilder.with(tokenizer)
                .add(source)
                .split(new SplitRule.Tail(0.1))
                .endsDocuments(false)
                .build(folder.resolve("data"))) {
            int cut = (int) (text.length() * 0.9);
            assertThat(all(data, Split.TRAIN)).isEqualTo(tokenizer.tokenizer().encode(text.substring(0, cut), false));
            assertThat(all(data, Split.VALIDATION))
                    .isEqualTo(tokenizer.tokenizer().encode(text.substring(cut), false));
        }
    }

    @Test
    void everyDocumentBeginsOneSampleOfAnEpoch() {
        try (DataSet data = DataBuilder.with(chatTokenizer()).add(chats(300)).build(folder.resolve("data"))) {
            SampleOrder order = SampleOrder.of(data, 9, 8, 512);
            assertThat(order).isInstanceOf(SampleOrder.Documents.class);
            long documents = data.documents(Split.TRAIN);
            List<Long> first = new ArrayList<>();
            List<Long> second = new ArrayList<>();
            for (long number = 0; number < 2 * documents; number++) {
                (number < documents ? first : second).add(order.start(number / 8, (int) (number % 8)));
            }
            List<Long> starts = new ArrayList<>();
            for (long i = 0; i < documents; i++) {
                starts.add(data.documentStart(Split.TRAIN, i));
            }
            assertThat(first).containsExactlyInAnyOrderElementsOf(starts);
            assertThat(second).containsExactlyInAnyOrderElementsOf(starts);
            assertThat(second).isNotEqualTo(first);
            // The last document's sample goes on with the first document.
            TokenBatch batch = Batches.batch(data, order, first.indexOf(starts.getLast()) / 8, 0, 8, 512);
            int row = first.indexOf(starts.getLast()) % 8 * 512;
            int left = (int) (data.tokens(Split.TRAIN) - starts.getLast());
            int[] begin = new int[10];
            data.read(Split.TRAIN, 0, begin);
            assertThat(java.util.Arrays.copyOfRange(batch.ids(), row + left, row + left + 10))
                    .isEqualTo(begin);
        }
    }
}
