package dev.glasshouse.tokenizer;

import java.util.Arrays;

/** Pairs of ids to the rank of their merge and the id it gives; open addressing. */
final class PairTable {
    private static final long FREE = -1;
    private long[] keys;
    private long[] values;
    private int size;

    PairTable(int expected) {
        keys = new long[Integer.highestOneBit(Math.max(expected, 8)) * 4];
        values = new long[keys.length];
        Arrays.fill(keys, FREE);
    }

    /** Adds a merge unless the pair has one already. */
    void add(int left, int right, int rank, int merged) {
        if (size * 2 > keys.length) {
            throw new IllegalStateException("more merges than announced");
        }
        long key = (long) left << 32 | right;
        int slot = slot(key);
        while (keys[slot] != FREE) {
            if (keys[slot] == key) {
                return;
            }
            slot = (slot + 1) & (keys.length - 1);
        }
        keys[slot] = key;
        values[slot] = (long) rank << 32 | merged;
        size++;
    }

    /** {@code rank << 32 | merged id}, or -1. */
    long find(int left, int right) {
        if (left < 0 || right < 0) {
            return -1;
        }
        long key = (long) left << 32 | right;
        int slot = slot(key);
        while (keys[slot] != FREE) {
            if (keys[slot] == key) {
                return values[slot];
            }
            slot = (slot + 1) & (keys.length - 1);
        }
        return -1;
    }

    private int slot(long key) {
        long hash = key * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 32 ^ hash >>> 47) & (keys.length - 1);
    }
}
