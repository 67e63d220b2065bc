package dev.glasshouse.stories;

/** Random numbers as a pure function of a key (SplitMix64). */
final class Draw {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    Draw(long seed, long stream, long index, long attempt) {
        state = mix(mix(mix(mix(seed + GOLDEN) ^ stream) + GOLDEN ^ index) + GOLDEN ^ attempt);
    }

    /** At least 0, below 1. */
    double next() {
        state += GOLDEN;
        return (mix(state) >>> 11) * 0x1.0p-53;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
