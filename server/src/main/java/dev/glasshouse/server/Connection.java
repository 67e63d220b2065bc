package dev.glasshouse.server;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * One connection, as far as it needs watching: until when the client has to move, and whether it is still there. While a
 * request is answered nobody reads from the socket, so that a client's leaving would not be seen; a thread of its own then
 * reads ahead, and what it reads is the beginning of the next request.
 */
final class Connection implements Supplier<byte[]> {
    /** How long it is read on after an answer that ends it. */
    static final Duration LINGER = Duration.ofSeconds(2);

    private static final long NEVER = Long.MAX_VALUE;

    private final HelidonSocket socket;
    private final Connections all;
    private volatile long deadline = NEVER;
    private volatile boolean gone;
    /** Only used by the connection's thread. */
    private boolean lingering;

    private final long most;
    /** Bytes since the present request began. Only used by the connection's thread. */
    private long received;

    /** Only used by the connection's thread. */
    private Optional<CompletableFuture<Optional<byte[]>>> ahead = Optional.empty();

    /** @param most bytes that one request may have, its head and the lengths of its chunks included */
    Connection(HelidonSocket socket, Connections all, long most) {
        this.socket = socket;
        this.all = all;
        this.most = most;
    }

    /** A request begins. */
    void begins() {
        received = 0;
    }

    /** From now on the client has that long; then the connection is cut. */
    void limit(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
        all.watch(this);
    }

    /** The client did what was waited for. */
    void unlimited() {
        deadline = NEVER;
        all.unwatch(this);
    }

    boolean late(long now) {
        long until = deadline;
        return until != NEVER && now - until > 0;
    }

    /** The request has arrived: from now on the client's leaving is seen. */
    void listenForLeaving() {
        if (ahead.isPresent()) {
            return;
        }
        CompletableFuture<Optional<byte[]>> read = new CompletableFuture<>();
        ahead = Optional.of(read);
        Thread.ofVirtual().name("glass-ahead").start(() -> {
            try {
                Optional<byte[]> bytes = Optional.ofNullable(socket.get());
                gone = bytes.isEmpty();
                read.complete(bytes);
            } catch (RuntimeException e) {
                gone = true;
                read.complete(Optional.empty());
            }
        });
    }

    /** The next bytes of the client, null at their end: what Helidon's reader asks for. */
    @Override
    @SuppressWarnings("NullAway") // Helidon's word for the end of the data
    public byte[] get() {
        try {
            if (ahead.isPresent()) {
                Optional<byte[]> read = ahead.get().get();
                ahead = Optional.empty();
                return read.orElse(null);
            }
            checkReceived();
            byte[] read = socket.get();
            gone = read == null;
            received += gone ? 0 : read.length;
            return read;
        } catch (InterruptedException | ExecutionException | RuntimeException e) {
            gone = true;
            throw new CloseConnectionException("the connection ended", e);
        }
    }

    /** Helidon gathers lines and chunks without a bound of its own. */
    private void checkReceived() {
        if (received > most && !lingering) {
            throw new CloseConnectionException("the request has too many bytes");
        }
    }

    /** Whether the client has left, as far as was seen. */
    boolean gone() {
        return gone;
    }

    /** The client is still sending what nobody will read. */
    void lingers() {
        lingering = true;
    }

    /** The connection's thread has ended. */
    void ended() {
        if (lingering) {
            limit(LINGER);
            discard();
        }
        gone = true;
        unlimited();
    }

    /** Reads on for a moment: a socket that is closed with bytes unread takes the answer with it. */
    private void discard() {
        try {
            while (!gone) {
                get();
            }
        } catch (CloseConnectionException cut) {
            // that was all
        }
    }

    /** Cuts it: whoever reads from it or writes to it fails. */
    void cut() {
        gone = true;
        try {
            socket.close();
        } catch (RuntimeException alreadyClosed) {
            // what was wanted
        }
    }
}
