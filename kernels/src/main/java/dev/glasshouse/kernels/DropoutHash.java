package dev.glasshouse.kernels;

/**
 * Which values dropout keeps: a hash of the row's key and the column, 32 bits at a time so that every vector unit can
 * follow. The key is spread over 64 bits first (the finaliser of SplitMix64, Steele et al. 2014); its low half starts a
 * counter that the golden ratio steps through the columns, the rest is a 32-bit finaliser (C. Wellons, "lowbias32",
 * improved constants) with the key's high half between its two multiplications. The highest 24 bits decide.
 */
public final class DropoutHash {
    /** 2³² over the golden ratio: from column to column. */
    public static final int STEP = 0x9E3779B9;
    /** First factor. */
    public static final int FACTOR_1 = 0x21F0AAAD;
    /** Second factor. */
    public static final int FACTOR_2 = 0x735A2D97;

    private DropoutHash() {}

    /** A row's key, spread: low half start of the counter, high half the second part. */
    public static long spread(long key) {
        long z = (key ^ (key >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** 24 bits of column {@code col} under a spread key. */
    public static int bits(long spread, int col) {
        int h = (int) spread + col * STEP;
        h = (h ^ (h >>> 16)) * FACTOR_1;
        h ^= (int) (spread >>> 32);
        h = (h ^ (h >>> 15)) * FACTOR_2;
        return (h ^ (h >>> 15)) >>> 8;
    }

    /** A value is dropped if its bits are below this. */
    public static int threshold(float rate) {
        return Math.round(rate * 0x1p24f);
    }
}
