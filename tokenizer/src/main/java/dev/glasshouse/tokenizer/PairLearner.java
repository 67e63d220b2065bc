package dev.glasshouse.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the merges of counted words: again and again the pair of neighbours that occurs most often becomes one symbol. The result is that
 * of Hugging Face's {@code BpeTrainer} (tokenizers 0.23, {@code models/bpe/trainer.rs}), in its corners too:
 *
 * <ul>
 *   <li>counts are brought up to date only when a pair comes to the front of the queue;
 *   <li>two ways to the same text give the same entry, so a pair can come up again after it was merged. It then waits a second time, for
 *       the words it is new in, with a count that still holds what was merged before; of two merges of one pair the later counts.
 * </ul>
 */
final class PairLearner {
    /** The merges, best first, as {@code left << 32 | right}; entries from the first special token to the last merge. */
    record Result(List<String> names, long[] merges) {}

    private final WordCounter words;
    private final BpeOptions options;
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();

    /** Symbols of word i: symbols[starts[i] … starts[i] + lengths[i]). */
    private final int[] symbols;

    private final int[] starts;
    private final int[] lengths;
    private final PairCounts pairs = new PairCounts();
    private final PairQueue queue = new PairQueue();

    /** Per pair that has come up in this step, the words it is new in. */
    private @Nullable IntList[] newIn = new IntList[1 << 12];

    private final IntList fresh = new IntList();

    PairLearner(WordCounter words, BpeOptions options) {
        this.words = words;
        this.options = options;
        this.symbols = new int[words.bytes()];
        this.starts = new int[words.size()];
        this.lengths = new int[words.size()];
    }

    Result learn() {
        options.specialTokens().forEach(this::id);
        int[] byteIds = new int[256];
        for (int value : ByteLevel.alphabet()) {
            byteIds[value] = id(String.valueOf(ByteLevel.character(value)));
        }
        int at = 0;
        for (int word = 0; word < words.size(); word++) {
            starts[word] = at;
            lengths[word] = words.length(word);
            for (int i = 0; i < words.length(word); i++) {
                symbols[at++] = byteIds[words.byteAt(word, i)];
            }
        }
        countPairs();
        Map<Long, Integer> lastRank = new HashMap<>();
        IntList left = new IntList();
        IntList right = new IntList();
        while (names.size() < options.vocabulary() && !queue.isEmpty()) {
            long count = pairs.count(queue.number());
            if (count != queue.count()) {
                queue.recount(count);
                continue;
            }
            if (count < Math.max(1, options.minimumCount())) {
                break;
            }
            long pair = queue.pair();
            int[] in = queue.pop();
            int merged = id(names.get((int) (pair >>> 32)) + names.get((int) pair));
            lastRank.put(pair, left.size());
            left.add((int) (pair >>> 32));
            right.add((int) pair);
            for (int word : in) {
                merge(word, (int) (pair >>> 32), (int) pair, merged);
            }
            queueFresh();
        }
        long[] merges = new long[lastRank.size()];
        int kept = 0;
        for (int rank = 0; rank < left.size(); rank++) {
            long pair = pair(left.get(rank), right.get(rank));
            if (lastRank.getOrDefault(pair, -1) == rank) {
                merges[kept++] = pair;
            }
        }
        return new Result(List.copyOf(names), merges);
    }

    private int id(String name) {
        Integer known = ids.putIfAbsent(name, names.size());
        if (known != null) {
            return known;
        }
        names.add(name);
        return names.size() - 1;
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    private void countPairs() {
        for (int word = 0; word < words.size(); word++) {
            int end = starts[word] + lengths[word] - 1;
            for (int i = starts[word]; i < end; i++) {
                change(symbols[i], symbols[i + 1], words.count(word), word);
            }
        }
        queueFresh();
    }

    private void merge(int word, int first, int second, int merged) {
        int from = starts[word];
        int to = from + lengths[word];
        long count = words.count(word);
        int out = from;
        for (int in = from; in < to; in++) {
            int symbol = symbols[in];
            if (symbol == first && in + 1 < to && symbols[in + 1] == second) {
                if (out > from) {
                    change(symbols[out - 1], first, -count, word);
                    change(symbols[out - 1], merged, count, word);
                }
                in++;
                if (in + 1 < to) {
                    change(second, symbols[in + 1], -count, word);
                    change(merged, symbols[in + 1], count, word);
                }
                symbol = merged;
            }
            symbols[out++] = symbol;
        }
        lengths[word] = out - from;
    }

    private void change(int left, int right, long count, int word) {
        int number = pairs.number(pair(left, right));
        pairs.add(number, count);
        if (count < 0) {
            return;
        }
        if (number >= newIn.length) {
            newIn = Arrays.copyOf(newIn, Math.max(number + 1, 2 * newIn.length));
        }
        IntList in = newIn[number];
        if (in == null) {
            in = new IntList(4);
            newIn[number] = in;
            fresh.add(number);
        }
        if (in.size() == 0 || in.get(in.size() - 1) != word) {
            in.add(word);
        }
    }

    private void queueFresh() {
        for (int i = 0; i < fresh.size(); i++) {
            int number = fresh.get(i);
            IntList in = Objects.requireNonNull(newIn[number]);
            newIn[number] = null;
            if (pairs.count(number) > 0) {
                queue.push(pairs.count(number), pairs.pair(number), number, in.toArray());
            }
        }
        fresh.truncate(0);
    }
}
