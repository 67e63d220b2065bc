package dev.glasshouse.training.data;

/** A set of hashes of 128 bits; 16 to 64 bytes each. Two texts share one with a probability below 2⁻⁶⁰ even among billions. */
final class HashSet128 {
    private long[] table = new long[1 << 12];
    private int size;
    private boolean hasZero;

    /** Adds one; false if it was there. */
    boolean add(long high, long low) {
        if (high == 0 && low == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        if (4L * size >= table.length) {
            grow();
        }
        if (!insert(high, low)) {
            return false;
        }
        size++;
        return true;
    }

    private boolean insert(long high, long low) {
        int mask = table.length - 1;
        int at = (int) low << 1 & mask;
        while (table[at] != 0 || table[at + 1] != 0) {
            if (table[at] == high && table[at + 1] == low) {
                return false;
            }
            at = at + 2 & mask;
        }
        table[at] = high;
        table[at + 1] = low;
        return true;
    }

    private void grow() {
        long[] old = table;
        table = new long[Math.multiplyExact(old.length, 2)];
        for (int at = 0; at < old.length; at += 2) {
            if (old[at] != 0 || old[at + 1] != 0) {
                insert(old[at], old[at + 1]);
            }
        }
    }
}
