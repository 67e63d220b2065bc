package dev.glasshouse.tokenizer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Trains byte-level BPE vocabularies (Sennrich et al. 2016; GPT-2's bytes). The merges equal those of Hugging Face's {@code BpeTrainer} with
 * {@code initial_alphabet = ByteLevel.alphabet()} on the same texts.
 */
public final class BpeTrainer {
    /** Characters that a thread counts at a time. */
    private static final int PIECE = 1 << 19;

    private BpeTrainer() {}

    /**
     * Trains on texts.
     *
     * @param texts each is cut into words by itself. In parts that may hold control tokens, the special tokens are taken out first. Memory
     *     grows with the different words, not with the texts; the stream is not closed
     * @param threads threads that count words, at least 1; the result does not depend on it
     */
    public static TrainedTokenizer train(BpeOptions options, Stream<List<TextPart>> texts, int threads) {
        PairLearner.Result result = new PairLearner(count(options, texts, threads), options).learn();
        return TrainedTokenizer.bytePair(options, result);
    }

    /** Trains on texts in which no special token counts. */
    public static TrainedTokenizer trainOnTexts(BpeOptions options, Stream<String> texts, int threads) {
        return train(options, texts.map(text -> List.of(TextPart.plain(text))), threads);
    }

    /**
     * The vocabulary without merges: one entry for each different byte of the texts, in the order of the bytes (for ASCII: one for each
     * character, as nanoGPT numbers them), then the special tokens. What the texts do not hold cannot be expressed.
     */
    public static TrainedTokenizer bytesOf(
            Stream<List<TextPart>> texts, List<String> specialTokens, Optional<String> end, int threads) {
        BpeOptions options =
                new BpeOptions(256 + specialTokens.size(), WordSplit.GPT2, specialTokens, 0, end, Optional.empty());
        return TrainedTokenizer.bytes(options, count(options, texts, threads));
    }

    private static WordCounter count(BpeOptions options, Stream<List<TextPart>> texts, int threads) {
        AddedTokens special = specialTokens(options.specialTokens());
        Iterator<List<TextPart>> all = texts.flatMap(BpeTrainer::pieces).iterator();
        if (threads <= 1) {
            WordCounter counter = new WordCounter(options.split(), special);
            while (all.hasNext()) {
                counter.count(all.next());
            }
            return counter;
        }
        Deque<WordCounter> idle = new ArrayDeque<>();
        List<WordCounter> counters = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            counters.add(new WordCounter(options.split(), special));
        }
        idle.addAll(counters);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Deque<Future<WordCounter>> running = new ArrayDeque<>();
            while (all.hasNext()) {
                List<List<TextPart>> piece = new ArrayList<>();
                long size = 0;
                while (size < PIECE && all.hasNext()) {
                    List<TextPart> text = all.next();
                    piece.add(text);
                    for (TextPart part : text) {
                        size += part.text().length();
                    }
                }
                if (idle.isEmpty()) {
                    idle.add(result(running.removeFirst()));
                }
                WordCounter counter = idle.removeFirst();
                running.add(pool.submit(() -> {
                    piece.forEach(counter::count);
                    return counter;
                }));
            }
            while (!running.isEmpty()) {
                result(running.removeFirst());
            }
        } finally {
            pool.shutdownNow();
        }
        // Which counter got which text is chance; the sums are not, and the merges do not hang on the order of words.
        WordCounter sum = counters.getFirst();
        counters.subList(1, counters.size()).forEach(sum::add);
        return sum;
    }

    /** A long text as several, which saves memory and lets the threads share it. */
    private static Stream<List<TextPart>> pieces(List<TextPart> text) {
        if (text.size() != 1
                || text.getFirst().control()
                || text.getFirst().text().length() <= PIECE) {
            return Stream.of(text);
        }
        return WordSplit.pieces(text.getFirst().text(), PIECE).stream().map(piece -> List.of(TextPart.plain(piece)));
    }

    private static WordCounter result(Future<WordCounter> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    static AddedTokens specialTokens(List<String> names) {
        List<AddedTokens.Entry> entries = new ArrayList<>();
        for (String name : names) {
            entries.add(new AddedTokens.Entry(entries.size(), name, true, false, false, false));
        }
        return new AddedTokens(entries);
    }
}
