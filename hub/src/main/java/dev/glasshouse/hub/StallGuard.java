package dev.glasshouse.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A response body whose reads fail when the sender stays silent: a watcher closes the stream under a read that waits too long. */
final class StallGuard extends FilterInputStream {
    private static final long IDLE = Long.MIN_VALUE;

    private final long limit;
    private final Thread watcher;
    private volatile long waitingSince = IDLE;
    private volatile boolean stalled;

    StallGuard(InputStream in, Duration limit) {
        super(in);
        this.limit = limit.toNanos();
        this.watcher = Thread.ofVirtual().name("glasshouse-stall").unstarted(this::watch);
        watcher.start();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(Duration.ofNanos(Math.max(1_000_000, limit / 4)));
                long since = waitingSince;
                if (since != IDLE && System.nanoTime() - since > limit) {
                    stalled = true;
                    in.close();
                    return;
                }
            }
        } catch (InterruptedException | IOException e) {
            // closed: nothing left to watch
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        waitingSince = System.nanoTime();
        int count;
        try {
            count = in.read(into, offset, length);
        } catch (IOException e) {
            throw stalled ? silence(e) : e;
        } finally {
            waitingSince = IDLE;
        }
        if (stalled) throw silence(null);
        return count;
    }

    private IOException silence(@org.jspecify.annotations.Nullable IOException cause) {
        return new IOException("nothing arrived for " + limit / 1_000_000_000 + " seconds", cause);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    /** Reads what is skipped, so that a sender who stays silent is noticed here too. */
    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[Math.clamp(count, 0, 1 << 16)];
        return skipped.length == 0 ? 0 : Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public void close() throws IOException {
        watcher.interrupt();
        super.close();
    }
}
