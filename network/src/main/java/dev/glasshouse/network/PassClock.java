package dev.glasshouse.network;

import java.util.Optional;

/** Takes the times of a pass; one that is off reads no clock. */
final class PassClock {
    private final boolean on;
    private final long[] attention;
    private final long[] mlp;
    private final long start;
    private long embedding;
    private long head;
    private long mark;
    private long aside;

    PassClock(boolean on, int layers) {
        this.on = on;
        attention = new long[on ? layers : 0];
        mlp = new long[on ? layers : 0];
        start = on ? System.nanoTime() : 0;
        mark = start;
    }

    /** What came since the last call was the embedding; likewise the others. */
    void embedding() {
        if (on) {
            embedding += lap();
        }
    }

    void attention(int layer) {
        if (on) {
            attention[layer] += lap();
        }
    }

    void mlp(int layer) {
        if (on) {
            mlp[layer] += lap();
        }
    }

    void head() {
        if (on) {
            head += lap();
        }
    }

    /** What came since the last call is no part of a pass. */
    void aside() {
        if (on) {
            aside += lap();
        }
    }

    Optional<PassTimes> times() {
        return on
                ? Optional.of(new PassTimes(embedding, attention, mlp, head, System.nanoTime() - start - aside))
                : Optional.empty();
    }

    private long lap() {
        long now = System.nanoTime();
        long nanos = now - mark;
        mark = now;
        return nanos;
    }
}
