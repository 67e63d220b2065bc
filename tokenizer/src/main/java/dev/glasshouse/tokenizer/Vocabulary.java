package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The entries of a tokenizer: for each id its name in the file, the bytes it stands for, its kind and its score. Finding the id of some
 * bytes goes over the entries that are text (normal, user-defined, unused ones where the caller says so), so that no text can become a
 * control token by this way.
 */
final class Vocabulary {
    private final String[] names;
    private final byte[] blob;
    private final int[] offsets;
    private final TokenKind[] kinds;
    private final float[] scores;
    /** Open addressing over the bytes; -1 is free. */
    private final int[] slots;

    private final int[] byteIds = new int[256];
    private final int longest;
    private volatile Map<String, Integer> idsByName = Map.of();

    /**
     * @param names the entries as the file spells them
     * @param raw the bytes each one stands for
     * @param searchable which of them are found by their bytes
     * @param byteIds the id for each byte value, -1 where there is none
     */
    Vocabulary(String[] names, byte[][] raw, TokenKind[] kinds, float[] scores, boolean[] searchable, int[] byteIds) {
        int size = names.length;
        if (size == 0) {
            throw new GlassException("The tokenizer has no vocabulary.");
        }
        this.names = names;
        this.kinds = kinds;
        this.scores = scores;
        System.arraycopy(byteIds, 0, this.byteIds, 0, 256);
        this.offsets = new int[size + 1];
        long total = 0;
        for (int id = 0; id < size; id++) {
            total += raw[id].length;
            if (total > Integer.MAX_VALUE - 8) {
                throw new GlassException("The tokenizer's vocabulary holds more than 2 GiB of text.");
            }
            offsets[id + 1] = (int) total;
        }
        this.blob = new byte[(int) total];
        this.slots = new int[Integer.highestOneBit(Math.max(size, 8)) * 4];
        Arrays.fill(slots, -1);
        int longestSearchable = 1;
        for (int id = 0; id < size; id++) {
            System.arraycopy(raw[id], 0, blob, offsets[id], raw[id].length);
            if (searchable[id] && raw[id].length > 0) {
                insert(id);
                longestSearchable = Math.max(longestSearchable, raw[id].length);
            }
        }
        this.longest = longestSearchable;
    }

    private void insert(int id) {
        int slot = slot(blob, offsets[id], offsets[id + 1]);
        while (slots[slot] >= 0) {
            if (equal(slots[slot], blob, offsets[id], offsets[id + 1])) {
                return;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = id;
    }

    /** The id of the entry that stands for {@code text[from, to)}, or -1. */
    int find(byte[] text, int from, int to) {
        if (to - from > longest) {
            return -1;
        }
        int slot = slot(text, from, to);
        while (slots[slot] >= 0) {
            if (equal(slots[slot], text, from, to)) {
                return slots[slot];
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return -1;
    }

    private int slot(byte[] text, int from, int to) {
        int hash = 0x811C9DC5;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (text[i] & 0xFF)) * 0x01000193;
        }
        hash ^= hash >>> 15;
        hash *= 0x2C1B3C6D;
        hash ^= hash >>> 13;
        return hash & (slots.length - 1);
    }

    private boolean equal(int id, byte[] text, int from, int to) {
        return Arrays.equals(blob, offsets[id], offsets[id + 1], text, from, to);
    }

    int size() {
        return names.length;
    }

    String name(int id) {
        return names[id];
    }

    TokenKind kind(int id) {
        return kinds[id];
    }

    float score(int id) {
        return scores[id];
    }

    /** The length of the longest entry that can be found, in bytes. */
    int longest() {
        return longest;
    }

    int byteId(int value) {
        return byteIds[value & 0xFF];
    }

    byte[] bytes(int id) {
        return Arrays.copyOfRange(blob, offsets[id], offsets[id + 1]);
    }

    int length(int id) {
        return offsets[id + 1] - offsets[id];
    }

    byte byteAt(int id, int index) {
        return blob[offsets[id] + index];
    }

    /** The id of the entry with this name; the lowest where several share it. */
    OptionalInt idOf(String name) {
        Map<String, Integer> map = idsByName;
        if (map.isEmpty()) {
            map = HashMap.newHashMap(names.length);
            for (int id = 0; id < names.length; id++) {
                map.putIfAbsent(names[id], id);
            }
            idsByName = map;
        }
        Integer id = map.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
