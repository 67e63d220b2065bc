package dev.glasshouse.tokenizer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Trains by hand and writes tokenizer.json, to compare with another trainer in result and time:
 * {@code java -cp … dev.glasshouse.tokenizer.BpeTraining TEXT VOCABULARY gpt2|llama3 MINIMUM whole|lines THREADS OUT}.
 */
final class BpeTraining {
    private BpeTraining() {}

    public static void main(String[] arguments) throws Exception {
        String text = Files.readString(Path.of(arguments[0]), StandardCharsets.UTF_8);
        WordSplit split = arguments[2].equals("gpt2") ? WordSplit.GPT2 : WordSplit.LLAMA3;
        BpeOptions options = new BpeOptions(
                Integer.parseInt(arguments[1]),
                split,
                List.of("<|end|>", "<|user|>", "<|assistant|>"),
                Long.parseLong(arguments[3]),
                java.util.Optional.of("<|end|>"),
                java.util.Optional.empty());
        Stream<String> texts = arguments[4].equals("whole") ? Stream.of(text) : lines(text);
        TrainedTokenizer trained = BpeTrainer.trainOnTexts(options, texts, Integer.parseInt(arguments[5]));
        Files.writeString(Path.of(arguments[6]), trained.tokenizerJson().write());
    }

    /** Lines with their ends, which is how Hugging Face's trainer reads files. */
    static Stream<String> lines(String text) {
        int[] at = {0};
        return Stream.generate(() -> {
                    int end = text.indexOf('\n', at[0]) + 1;
                    end = end == 0 ? text.length() : end;
                    String line = text.substring(at[0], end);
                    at[0] = end;
                    return line;
                })
                .takeWhile(line -> !line.isEmpty());
    }
}
