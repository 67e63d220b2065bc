package dev.glasshouse.engine;

/** Adds up where the time of a generation goes. */
final class Clock {
    private long promptNanos;
    private long generationNanos;
    private long waitNanos;

    void start(Timings timings) {
        promptNanos = timings.promptNanos();
        generationNanos = timings.generationNanos();
        waitNanos = timings.waitNanos();
    }

    void computed(long nanos, boolean prompt) {
        if (prompt) {
            promptNanos += nanos;
        } else {
            generationNanos += nanos;
        }
    }

    void sampled(long nanos) {
        generationNanos += nanos;
    }

    void waited(long nanos) {
        waitNanos += nanos;
    }

    Timings timings(int promptTokens, int reused, int generated) {
        return new Timings(promptTokens, reused, promptNanos, generated, generationNanos, waitNanos);
    }
}
