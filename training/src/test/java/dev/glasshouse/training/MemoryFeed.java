package dev.glasshouse.training;

import dev.glasshouse.tokenizer.BpeOptions;
import dev.glasshouse.tokenizer.BpeTrainer;
import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.tokenizer.WordSplit;
import dev.glasshouse.weights.Json;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Samples of a text in memory; its last tenth is for validation. */
final class MemoryFeed implements DataFeed {
    static final String TEXT =
            "One two three four five six seven eight nine ten.\nTen nine eight seven six five four three"
                    + " two one.\n";

    private final TrainedTokenizer tokenizer;
    private final int[] train;
    private final int[] validation;
    private final TrainingConfig config;

    MemoryFeed(TrainingConfig config, TrainedTokenizer tokenizer) {
        this.config = config;
        this.tokenizer = tokenizer;
        int[] ids = tokenizer.tokenizer().encode(TEXT.repeat(20), false);
        train = Arrays.copyOf(ids, ids.length * 9 / 10);
        validation = Arrays.copyOfRange(ids, train.length, ids.length);
    }

    static TrainedTokenizer letters() {
        return BpeTrainer.trainOnTexts(
                BpeOptions.of(270, WordSplit.GPT2, List.of("<|end|>"), "<|end|>"), Stream.of(TEXT), 1);
    }

    @Override
    public int vocabulary() {
        return tokenizer.size();
    }

    @Override
    public TokenBatch batch(long step) {
        int length = config.length();
        int[] ids = new int[config.batch() * length];
        int[] targets = new int[ids.length];
        long[] samples = new long[config.batch()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = step * samples.length + i;
            int at = (int) Long.remainderUnsigned(Keys.of(config.seed(), samples[i]), train.length - length - 1);
            System.arraycopy(train, at, ids, i * length, length);
            System.arraycopy(train, at + 1, targets, i * length, length);
        }
        return new TokenBatch(length, ids, targets, samples);
    }

    @Override
    public long validationWindows() {
        return (validation.length - 1L) / config.length();
    }

    @Override
    public TokenBatch validation(long from, int count) {
        int length = config.length();
        int at = Math.toIntExact(from) * length;
        return new TokenBatch(
                length,
                Arrays.copyOfRange(validation, at, at + count * length),
                Arrays.copyOfRange(validation, at + 1, at + 1 + count * length),
                new long[count]);
    }

    @Override
    public double validationBytesPerToken() {
        return 1.5;
    }

    @Override
    public String sha256() {
        return "a".repeat(64);
    }

    @Override
    public void verify() {}

    @Override
    public Json.ObjectValue manifest() {
        return Json.object().build();
    }

    @Override
    public TokenizerFiles tokenizer() {
        return TokenizerFiles.of(tokenizer, Optional.empty());
    }

    @Override
    public Optional<Path> folder() {
        return Optional.empty();
    }

    @Override
    public String where(long step) {
        return "samples from " + step * config.batch();
    }
}
