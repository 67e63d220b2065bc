package dev.glasshouse.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Places that are taken for a moment and given back, first come, first served. Streams come before background work, which
 * goes where no stream wants a place, and at the latest after {@link #PATIENCE} turns of streams.
 */
final class Turns {
    /** Turns of streams that background work lets pass. */
    static final int PATIENCE = 16;

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A place that no stream has wanted for so long is no gap between two tokens. */
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    /** What a place is wanted for. */
    enum Kind {
        STREAM,
        BACKGROUND
    }

    private static final class Waiter {
        final Condition condition;
        boolean granted;

        Waiter(Condition condition) {
            this.condition = condition;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> streams = new ArrayDeque<>();
    private final Deque<Waiter> background = new ArrayDeque<>();
    private int free;
    private int running;
    private int passed;
    private long freeSince = System.nanoTime() - GAP_NANOS;

    Turns(int places) {
        free = places;
    }

    /** A stream begins that will come again and again: short gaps between its turns are left to it. */
    void begin() {
        lock.lock();
        try {
            running++;
        } finally {
            lock.unlock();
        }
    }

    /** It ends. */
    void end() {
        lock.lock();
        try {
            running--;
            grant();
        } finally {
            lock.unlock();
        }
    }

    /** How many wait at present. */
    int waiting() {
        lock.lock();
        try {
            return streams.size() + background.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a place; false if cancelled before. */
    boolean take(Kind kind, Cancellation cancellation) {
        lock.lock();
        try {
            if (kind == Kind.STREAM && free > 0 && streams.isEmpty() && background.isEmpty()) {
                free--;
                return true;
            }
            return await(kind == Kind.STREAM ? streams : background, cancellation);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a place whatever happens. */
    void takeSurely(Kind kind) {
        boolean interrupted = Thread.interrupted();
        while (!take(kind, new Cancellation())) {
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean await(Deque<Waiter> line, Cancellation cancellation) {
        Waiter waiter = new Waiter(lock.newCondition());
        line.add(waiter);
        grant();
        boolean interrupted = false;
        while (!waiter.granted && !interrupted && !cancellation.cancelled()) {
            try {
                long left = waiter.condition.awaitNanos(POLL_NANOS);
                if (left <= 0) {
                    grant();
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!waiter.granted) {
            line.remove(waiter);
            grant();
        }
        return waiter.granted;
    }

    /** Gives a place back. */
    void give() {
        lock.lock();
        try {
            free++;
            freeSince = System.nanoTime();
            grant();
        } finally {
            lock.unlock();
        }
    }

    /** Hands out what is free; with the lock. */
    private void grant() {
        while (free > 0) {
            boolean idle = running == 0 || System.nanoTime() - freeSince >= GAP_NANOS;
            boolean takeBackground = !background.isEmpty() && (passed >= PATIENCE || streams.isEmpty() && idle);
            Waiter next = takeBackground ? background.poll() : streams.poll();
            if (next == null) {
                return;
            }
            passed = takeBackground || background.isEmpty() ? 0 : passed + 1;
            free--;
            next.granted = true;
            next.condition.signal();
        }
    }
}
