package dev.glasshouse.server;

import java.util.ArrayList;
import java.util.List;

/**
 * What a computation tells, in order, for listeners that come and go. Telling never waits for a listener.
 *
 * @param <T> one thing told
 */
final class Feed<T> {
    private final List<T> told = new ArrayList<>();
    private boolean ended;
    private int listeners;
    private long unheardSince = System.nanoTime();

    synchronized void tell(T thing) {
        told.add(thing);
        notifyAll();
    }

    /** Nothing more will be told. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** What was told from {@code index} on, waiting for it at most so long; empty where nothing came. */
    synchronized List<T> from(int index, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        long left = millis;
        while (told.size() <= index && !ended && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
        return index >= told.size() ? List.of() : List.copyOf(told.subList(index, told.size()));
    }

    /** Whether all was told that will be, and {@code index} is behind it. */
    synchronized boolean over(int index) {
        return ended && index >= told.size();
    }

    synchronized boolean ended() {
        return ended;
    }

    synchronized void join() {
        listeners++;
    }

    synchronized void leave() {
        if (--listeners == 0) {
            unheardSince = System.nanoTime();
        }
    }

    /** For how long nobody has listened; 0 while somebody does. */
    synchronized long unheardNanos() {
        return listeners > 0 ? 0 : System.nanoTime() - unheardSince;
    }
}
