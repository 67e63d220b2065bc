package dev.glasshouse.network;

import java.util.Optional;

/** Takes the times of a pass; one that is off reads no clock. */
final class PassClock {
    private final boolean on;
    private final long[] attention;
    private final long[] mlp;
    private long embedding;
    private long head;
    private long mark;

    PassClock(boolean on, int layers) {
        this.on = on;
        attention = new long[on ? layers : 0];
        mlp = new long[on ? layers : 0];
        mark = on ? System.nanoTime() : 0;
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
            lap();
        }
    }

    Optional<PassTimes> times() {
        return on ? Optional.of(new PassTimes(embedding, attention, mlp, head)) : Optional.empty();
    }

    private long lap() {
        long before = mark;
        mark = System.nanoTime();
        return mark - before;
    }
}
