package dev.glasshouse.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that work on one thing together. {@link #run} hands a task to all of them, takes part itself and
 * returns when all are done: one barrier, no queue, no allocation. What a task writes is seen by whoever called run.
 *
 * <p>Waiting threads spin for a bounded time, because the next task mostly comes within microseconds and waking a parked
 * thread takes tens of them; then they park, because on a busy machine a spinning thread takes the time from the one
 * it waits for.
 *
 * <p>One caller at a time; a task must not call run of its own workers. The threads are daemons, and live until close.
 */
public final class Workers implements AutoCloseable {
    /** How long a waiting thread spins before it parks. */
    private static final long SPIN_NANOS = 100_000;

    private static final int SPINS_PER_LOOK = 32;

    /** What the threads do together. */
    @FunctionalInterface
    public interface Task {
        /** Worker {@code worker}'s share; called once for each of 0 … workers−1, at the same time. */
        void run(int worker, int workers);
    }

    /** Work on a contiguous range. */
    @FunctionalInterface
    public interface Band {
        /** Does from … to−1, which is not empty. */
        void run(int worker, int from, int to);
    }

    private final Helper[] helpers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicInteger remaining = new AtomicInteger();
    private final Bands bands = new Bands();
    private final @Nullable Throwable[] failures;
    private final Condition done = () -> remaining.get() == 0;
    private @Nullable Task task;
    private long rounds;
    private volatile long round;
    private volatile boolean closed;
    private volatile @Nullable Thread waiting;

    /** Starts {@code threads − 1} threads; the caller of run is the other one. */
    public Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads: at least one is needed");
        }
        failures = new Throwable[threads];
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
            helpers[i].start();
        }
    }

    /** Threads that share the work, the caller's included. */
    public int threads() {
        return helpers.length + 1;
    }

    /**
     * Runs {@code task} on all threads and waits for all. If a share throws, the others still end, then what the first
     * of them (by number) threw is thrown here.
     *
     * @throws IllegalStateException if these workers are closed, or busy with another task
     */
    public void run(Task task) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("these workers have a task already; a task must not start another");
        }
        try {
            if (closed) {
                throw new IllegalStateException("these workers are closed");
            }
            this.task = task;
            remaining.set(helpers.length);
            round = ++rounds;
            for (Helper helper : helpers) {
                if (helper.parked) {
                    LockSupport.unpark(helper);
                }
            }
            share(task, 0);
            awaitHelpers();
            this.task = null;
            throwFailure();
        } finally {
            busy.set(false);
        }
    }

    /**
     * Cuts 0 … count−1 into contiguous bands, one a thread, each but the last a multiple of {@code grain}; with too
     * little for two threads the caller does it alone.
     */
    public void bands(int count, int grain, Band band) {
        if (helpers.length == 0 || count <= grain) {
            if (count > 0) {
                band.run(0, 0, count);
            }
            return;
        }
        bands.band = band;
        bands.count = count;
        bands.grain = grain;
        run(bands);
        bands.band = null;
    }

    private void share(Task task, int worker) {
        try {
            task.run(worker, helpers.length + 1);
        } catch (Throwable e) {
            failures[worker] = e;
        }
    }

    private void awaitHelpers() {
        if (spin(done)) {
            return;
        }
        boolean interrupted = false;
        waiting = Thread.currentThread();
        while (remaining.get() != 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        waiting = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() {
        Throwable first = null;
        for (int i = 0; i < failures.length; i++) {
            if (first == null) {
                first = failures[i];
            }
            failures[i] = null;
        }
        if (first instanceof RuntimeException e) {
            throw e;
        } else if (first instanceof Error e) {
            throw e;
        } else if (first != null) {
            throw new IllegalStateException(first);
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static boolean spin(Condition condition) {
        long start = System.nanoTime();
        do {
            for (int i = 0; i < SPINS_PER_LOOK; i++) {
                if (condition.holds()) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < SPIN_NANOS);
        return false;
    }

    /** Ends the threads and waits until they have ended. */
    @Override
    public void close() {
        closed = true;
        for (Helper helper : helpers) {
            LockSupport.unpark(helper);
        }
        boolean interrupted = false;
        for (Helper helper : helpers) {
            while (helper.isAlive()) {
                try {
                    helper.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Bands implements Task {
        private @Nullable Band band;
        private int count;
        private int grain;

        @Override
        public void run(int worker, int workers) {
            long grains = (count + (long) grain - 1) / grain;
            int from = (int) Math.min(count, grains * worker / workers * grain);
            int to = (int) Math.min(count, grains * (worker + 1) / workers * grain);
            Band work = band;
            if (from < to && work != null) {
                work.run(worker, from, to);
            }
        }
    }

    private final class Helper extends Thread {
        private final int worker;
        private volatile boolean parked;
        private long seen;
        private final Condition moved = () -> round != seen || closed;

        Helper(int worker) {
            super("glasshouse-kernels-" + worker);
            this.worker = worker;
            setDaemon(true);
        }

        @Override
        public void run() {
            while (awaitTask()) {
                Task current = task;
                if (current != null) {
                    share(current, worker);
                }
                if (remaining.decrementAndGet() == 0) {
                    Thread caller = waiting;
                    if (caller != null) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }

        /** False when the workers are closed. */
        private boolean awaitTask() {
            if (!spin(moved)) {
                parked = true;
                while (!moved.holds()) {
                    LockSupport.park(this);
                    Thread.interrupted();
                }
                parked = false;
            }
            if (round == seen) {
                return false;
            }
            seen++;
            return true;
        }
    }
}
