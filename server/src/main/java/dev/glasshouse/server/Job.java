package dev.glasshouse.server;

import dev.glasshouse.engine.Cancellation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Something that computes for a client: it waits for its turn and can be stopped.
 *
 * @param <T> its result
 */
final class Job<T> {
    /** What computes. */
    @FunctionalInterface
    interface Task<T> {
        T run(Cancellation cancellation) throws Exception;
    }

    private final Cancellation cancellation = new Cancellation();
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final long start = System.nanoTime();
    private final long nanos;
    private volatile boolean expired;

    Job(Duration limit) {
        nanos = limit.toNanos();
    }

    Cancellation cancellation() {
        return cancellation;
    }

    CompletableFuture<T> result() {
        return result;
    }

    /** Why it failed; empty where it did not. Only once it has ended. */
    Optional<Throwable> failure() {
        if (result.isCancelled()) {
            return Optional.of(new CancellationException());
        }
        return result.isCompletedExceptionally() ? Optional.of(result.exceptionNow()) : Optional.empty();
    }

    void cancel() {
        cancellation.cancel();
    }

    /** Stops it if it has computed for too long. Called by a timer. */
    void checkTime() {
        if (System.nanoTime() - start > nanos) {
            expired = true;
            cancel();
        }
    }

    /** Whether it was stopped since it took too long. */
    boolean expired() {
        return expired;
    }
}
