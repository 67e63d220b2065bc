package dev.glasshouse.engine;

import java.util.HashSet;
import java.util.Set;

/** Which threads are at work inside an engine, so that it is freed when none is. */
final class Occupancy {
    private final Runnable free;
    private final Set<Thread> inside = new HashSet<>();
    private final Set<Thread> closers = new HashSet<>();
    private volatile boolean closed;
    private boolean freed;

    /** @param free what to do once, when it is closed and empty */
    Occupancy(Runnable free) {
        this.free = free;
    }

    /** The calling thread begins to work. @throws IllegalStateException if closed, or it is inside already */
    synchronized void enter() {
        if (inside.contains(Thread.currentThread())) {
            throw new IllegalStateException("a listener called the engine that called it");
        }
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
        inside.add(Thread.currentThread());
    }

    /** The calling thread is done. */
    synchronized void leave() {
        inside.remove(Thread.currentThread());
        closers.remove(Thread.currentThread());
        if (inside.isEmpty()) {
            if (closed) {
                freeOnce();
            }
            notifyAll();
        }
    }

    /** Whether the calling thread must end because somebody else closed. */
    boolean ending() {
        return closed && closedByAnother();
    }

    private synchronized boolean closedByAnother() {
        return !closers.contains(Thread.currentThread());
    }

    /** Closes: waits for all inside, or, called by one of them, leaves the rest to the last. */
    synchronized void close() {
        closed = true;
        if (inside.contains(Thread.currentThread())) {
            closers.add(Thread.currentThread());
            return;
        }
        boolean interrupted = false;
        while (!inside.isEmpty()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        freeOnce();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void freeOnce() {
        if (!freed) {
            freed = true;
            free.run();
        }
    }
}
