package dev.glasshouse.hub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/** Tells a listener how a transfer comes along: at most ten times a second, the rate over the last five seconds. */
final class Meter {
    private static final long BETWEEN = 100_000_000L;
    private static final long WINDOW = 5_000_000_000L;

    private record Mark(long time, long done) {}

    private final PullListener listener;
    private final String file;
    private final long total;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long told = Long.MIN_VALUE;

    Meter(PullListener listener, String file, long total, long already) {
        this.listener = listener;
        this.file = file;
        this.total = total;
        marks.add(new Mark(System.nanoTime(), already));
    }

    void at(long done) {
        long now = System.nanoTime();
        boolean last = done == total;
        if (told != Long.MIN_VALUE && now - told < BETWEEN && !last) return;
        told = now;
        while (marks.size() > 1 && now - marks.getFirst().time() > WINDOW) marks.removeFirst();
        Mark first = marks.getFirst();
        marks.addLast(new Mark(now, done));
        double seconds = (now - first.time()) / 1e9;
        double rate = seconds > 0.05 ? Math.max(0, done - first.done()) / seconds : 0;
        OptionalLong left = rate > 0 ? OptionalLong.of(Math.round((total - done) / rate)) : OptionalLong.empty();
        listener.on(new PullEvent.Progress(file, done, total, rate, left));
    }
}
