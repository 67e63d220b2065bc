package dev.glasshouse.training.data;

import dev.glasshouse.training.Keys;

/**
 * A permutation of 0 … size − 1 that is computed, not stored: a Feistel network of six rounds over the smallest even number of bits that
 * holds all, applied again until the result is below the size (cycle walking; Black and Rogaway 2002).
 */
final class Permutation {
    private static final int ROUNDS = 6;

    private final long size;
    private final long key;
    private final int half;

    Permutation(long size, long key) {
        this.size = size;
        this.key = key;
        this.half = Math.max(1, (64 - Long.numberOfLeadingZeros(size - 1) + 1) / 2);
    }

    long at(long index) {
        long value = index;
        do {
            value = once(value);
        } while (value >= size);
        return value;
    }

    private long once(long value) {
        long mask = (1L << half) - 1;
        long left = value >>> half;
        long right = value & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long next = left ^ (Keys.of(Keys.of(key, round), right) & mask);
            left = right;
            right = next;
        }
        return left << half | right;
    }
}
