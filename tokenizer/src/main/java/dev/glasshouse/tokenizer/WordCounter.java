package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import java.util.List;

/** Counts the words of texts; one per thread. A word is kept as its UTF-8 bytes. */
final class WordCounter extends RunSplitter {
    private static final int MAXIMUM_BYTES = Integer.MAX_VALUE - 8;

    private final Scanner scanner;
    private char[] characters = new char[1 << 12];
    private byte[] word = new byte[1 << 10];

    /** The bytes of word i are blob[offsets[i] … offsets[i + 1]). */
    private byte[] blob = new byte[1 << 16];

    private int[] offsets = new int[1 << 12];
    private int[] hashes = new int[1 << 12];
    private long[] counts = new long[1 << 12];
    private int size;
    /** Open addressing; 0 is free, else the word's number plus one. */
    private int[] slots = new int[1 << 14];

    WordCounter(WordSplit split, AddedTokens specialTokens) {
        super(specialTokens);
        this.scanner = split.scanner();
    }

    void count(List<TextPart> parts) {
        split(parts);
    }

    @Override
    void added(int id) {}

    @Override
    void run(String run) {
        String text = Utf8.repair(run);
        int length = text.length();
        if (characters.length < length) {
            characters = new char[Math.max(length, 2 * characters.length)];
        }
        text.getChars(0, length, characters, 0);
        for (int at = 0; at < length; ) {
            int end = scanner.next(characters, at, length);
            if (word.length / 3 < end - at) {
                word = new byte[Math.multiplyExact(end - at, 3)];
            }
            add(word, 0, Utf8.encode(characters, at, end, word), 1);
            at = end;
        }
    }

    /** Adds the words of another counter. */
    void add(WordCounter other) {
        for (int i = 0; i < other.size; i++) {
            add(other.blob, other.offsets[i], other.offsets[i + 1], other.counts[i]);
        }
    }

    private void add(byte[] bytes, int from, int to, long count) {
        int hash = 0x811C9DC5;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i]) * 0x01000193;
        }
        hash ^= hash >>> 15;
        int slot = hash & (slots.length - 1);
        while (slots[slot] != 0) {
            int found = slots[slot] - 1;
            if (hashes[found] == hash && Arrays.equals(blob, offsets[found], offsets[found + 1], bytes, from, to)) {
                counts[found] += count;
                return;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        int start = offsets[size];
        long end = (long) start + to - from;
        if (end > MAXIMUM_BYTES) {
            throw new GlassException(
                    "The text has more than 2 GiB of different words; train the tokenizer on a part of it.");
        }
        if (end > blob.length) {
            blob = Arrays.copyOf(blob, (int) Math.min(MAXIMUM_BYTES, Math.max(end, 2L * blob.length)));
        }
        System.arraycopy(bytes, from, blob, start, to - from);
        if (size + 2 > offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
            hashes = Arrays.copyOf(hashes, 2 * hashes.length);
            counts = Arrays.copyOf(counts, 2 * counts.length);
        }
        hashes[size] = hash;
        counts[size] = count;
        offsets[++size] = (int) end;
        slots[slot] = size;
        if (2 * size > slots.length) {
            grow();
        }
    }

    private void grow() {
        slots = new int[Math.multiplyExact(slots.length, 4)];
        for (int i = 0; i < size; i++) {
            int slot = hashes[i] & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = i + 1;
        }
    }

    /** The number of different words. */
    int size() {
        return size;
    }

    long count(int index) {
        return counts[index];
    }

    int length(int index) {
        return offsets[index + 1] - offsets[index];
    }

    int byteAt(int index, int at) {
        return blob[offsets[index] + at] & 0xFF;
    }

    /** Bytes of all different words. */
    int bytes() {
        return offsets[size];
    }
}
