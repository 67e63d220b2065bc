package dev.glasshouse.server;

import dev.glasshouse.engine.Cancellation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

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
    private volatile boolean drained;

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

    /** Stops it since the server ends. */
    void drain() {
        drained = true;
        cancel();
    }

    /** Whether it was stopped since the server ends. */
    boolean drained() {
        return drained;
    }

    /** Waits until it has ended, whatever became of it. */
    void awaitEnd() throws InterruptedException {
        try {
            result.get();
        } catch (ExecutionException | CancellationException e) {
            // nobody is left to be told
        }
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
