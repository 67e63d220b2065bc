package dev.glasshouse.tokenizer;

import java.util.Arrays;

/** How often each pair of neighbouring ids occurs; pairs are numbered in the order they are first seen. */
final class PairCounts {
    private static final long FREE = -1;

    private long[] keys = new long[1 << 14];
    private int[] numbers = new int[1 << 14];
    private long[] pairs = new long[1 << 12];
    private long[] counts = new long[1 << 12];
    private int size;

    PairCounts() {
        Arrays.fill(keys, FREE);
    }

    /** The number of a pair ({@code left << 32 | right}), new ones with count 0. */
    int number(long pair) {
        int slot = slot(pair);
        while (keys[slot] != FREE) {
            if (keys[slot] == pair) {
                return numbers[slot];
            }
            slot = (slot + 1) & (keys.length - 1);
        }
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, Math.multiplyExact(size, 2));
            counts = Arrays.copyOf(counts, pairs.length);
        }
        keys[slot] = pair;
        numbers[slot] = size;
        pairs[size] = pair;
        size++;
        if (2 * size > keys.length) {
            grow();
        }
        return size - 1;
    }

    private void grow() {
        keys = new long[Math.multiplyExact(keys.length, 4)];
        numbers = new int[keys.length];
        Arrays.fill(keys, FREE);
        for (int i = 0; i < size; i++) {
            int slot = slot(pairs[i]);
            while (keys[slot] != FREE) {
                slot = (slot + 1) & (keys.length - 1);
            }
            keys[slot] = pairs[i];
            numbers[slot] = i;
        }
    }

    private int slot(long key) {
        long hash = key * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 32 ^ hash >>> 47) & (keys.length - 1);
    }

    void add(int number, long count) {
        counts[number] += count;
    }

    long count(int number) {
        return counts[number];
    }

    long pair(int number) {
        return pairs[number];
    }

    int size() {
        return size;
    }
}
