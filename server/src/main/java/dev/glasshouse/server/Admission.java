package dev.glasshouse.server;

import dev.glasshouse.engine.Cancellation;
import java.util.ArrayDeque;
import java.util.Deque;

/** Who computes now and who waits, first come first served, both bounded. */
final class Admission {
    private final int running;
    private final int waiting;
    private final Deque<Place> queue = new ArrayDeque<>();
    private int busy;

    Admission(int running, int waiting) {
        this.running = running;
        this.waiting = waiting;
    }

    /** A place, given back by {@link #close}. */
    final class Place implements AutoCloseable {
        private boolean admitted;
        private boolean closed;

        /** Waits for the turn; false if it was cancelled before. */
        boolean await(Cancellation cancellation) throws InterruptedException {
            synchronized (Admission.this) {
                while (!admitted) {
                    if (cancellation.cancelled()) {
                        return false;
                    }
                    Admission.this.wait(50);
                }
                return true;
            }
        }

        @Override
        public void close() {
            synchronized (Admission.this) {
                if (closed) {
                    return;
                }
                closed = true;
                if (admitted) {
                    busy--;
                    admitNext();
                } else {
                    queue.remove(this);
                }
            }
        }
    }

    /** @throws ApiException if as many as may are waiting already */
    synchronized Place enter() {
        Place place = new Place();
        if (busy < running && queue.isEmpty()) {
            busy++;
            place.admitted = true;
        } else if (queue.size() < waiting) {
            queue.add(place);
        } else {
            throw new ApiException(
                    ErrorCode.QUEUE_FULL,
                    "The server computes " + busy + " requests and " + queue.size()
                            + " wait: there is no place for one more. Try again in a few seconds.");
        }
        return place;
    }

    private void admitNext() {
        while (busy < running && !queue.isEmpty()) {
            busy++;
            queue.remove().admitted = true;
        }
        notifyAll();
    }

    synchronized int busy() {
        return busy;
    }

    synchronized int queued() {
        return queue.size();
    }
}
