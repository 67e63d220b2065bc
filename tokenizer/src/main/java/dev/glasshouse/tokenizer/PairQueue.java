package dev.glasshouse.tokenizer;

import java.util.Arrays;

/**
 * Pairs waiting to be merged, with the words each is to be merged in. The first is the one with the highest count; among equals the one
 * with the smallest left id, then right id; then the one that waits longest.
 */
final class PairQueue {
    private int[][] words = new int[1 << 12][];
    private int[] numbers = new int[1 << 12];
    private int entries;

    private long[] counts = new long[1 << 12];
    private long[] pairs = new long[1 << 12];
    private int[] heap = new int[1 << 12];
    private int size;

    /** Adds a pair. {@code number}: its number in {@link PairCounts}; {@code in}: the words that it may be in. */
    void push(long count, long pair, int number, int[] in) {
        if (entries == words.length) {
            words = Arrays.copyOf(words, Math.multiplyExact(entries, 2));
            numbers = Arrays.copyOf(numbers, words.length);
        }
        words[entries] = in;
        numbers[entries] = number;
        insert(count, pair, entries++);
    }

    private void insert(long count, long pair, int entry) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.multiplyExact(size, 2));
            counts = Arrays.copyOf(counts, heap.length);
            pairs = Arrays.copyOf(pairs, heap.length);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!before(count, pair, entry, parent)) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        set(at, count, pair, entry);
    }

    boolean isEmpty() {
        return size == 0;
    }

    long count() {
        return counts[0];
    }

    long pair() {
        return pairs[0];
    }

    int number() {
        return numbers[heap[0]];
    }

    /** Gives the first pair another count, which moves it to its new place. */
    void recount(long count) {
        settle(count, pairs[0], heap[0]);
    }

    /** Takes the first pair out and returns its words. */
    int[] pop() {
        int entry = heap[0];
        int[] in = words[entry];
        words[entry] = new int[0];
        size--;
        if (size > 0) {
            settle(counts[size], pairs[size], heap[size]);
        }
        return in;
    }

    /** Puts an entry in the place of the first one and lets it sink. */
    private void settle(long count, long pair, int entry) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(counts[child + 1], pairs[child + 1], heap[child + 1], child)) {
                child++;
            }
            if (before(count, pair, entry, child)) {
                break;
            }
            move(child, at);
            at = child;
        }
        set(at, count, pair, entry);
    }

    private boolean before(long count, long pair, int entry, int place) {
        if (count != counts[place]) {
            return count > counts[place];
        }
        return pair != pairs[place] ? pair < pairs[place] : entry < heap[place];
    }

    private void move(int from, int to) {
        set(to, counts[from], pairs[from], heap[from]);
    }

    private void set(int at, long count, long pair, int entry) {
        counts[at] = count;
        pairs[at] = pair;
        heap[at] = entry;
    }
}
