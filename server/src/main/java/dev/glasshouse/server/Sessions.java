package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.Session;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions of all clients, bounded by number, memory and idle time. An id cannot be guessed, and works only with the key
 * that it was made with.
 */
final class Sessions implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, SessionEntry> entries = new ConcurrentHashMap<>();
    private final Limits limits;

    Sessions(Limits limits) {
        this.limits = limits;
    }

    /** Keeps a new session. @throws ApiException if there is no room, all others being in use */
    synchronized SessionEntry add(int holder, LoadedModel loaded, Session session) {
        while (entries.size() >= limits.sessions()) {
            drop(longestUnused()
                    .orElseThrow(() -> new ApiException(
                            ErrorCode.QUEUE_FULL, "All " + entries.size() + " sessions are in use. Try again later.")));
        }
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        SessionEntry entry = new SessionEntry(HexFormat.of().formatHex(random), holder, loaded, session);
        entries.put(entry.id(), entry);
        return entry;
    }

    /** A client's session. @throws ApiException if there is none (any more), or it is another client's */
    SessionEntry find(String id, int holder) {
        return Optional.ofNullable(entries.get(id))
                .filter(entry -> entry.heldBy(holder))
                .orElseThrow(Sessions::gone);
    }

    static ApiException gone() {
        return new ApiException(
                ErrorCode.NO_SESSION, "There is no such session (any more): it was closed, or unused for too long.");
    }

    private Optional<SessionEntry> longestUnused() {
        return entries.values().stream()
                .filter(SessionEntry::idle)
                .max(Comparator.comparingLong(SessionEntry::idleNanos));
    }

    void drop(SessionEntry entry) {
        if (entries.remove(entry.id(), entry)) {
            entry.close();
        }
    }

    /** Drops the sessions of a model that is about to be closed. */
    void dropOf(Model model) {
        List.copyOf(entries.values()).stream()
                .filter(entry ->
                        entry.loaded().model().filter(each -> each == model).isPresent())
                .forEach(this::drop);
    }

    /** Cancels runs that nobody hears, drops what is too old or too much. Called by a timer. */
    void sweep() {
        long idle = limits.sessionIdle().toNanos();
        long linger = limits.linger().toNanos();
        for (SessionEntry entry : List.copyOf(entries.values())) {
            for (RunLog run : entry.runs()) {
                if (run.running() && run.feed().unheardNanos() > linger) {
                    run.cancel();
                }
            }
            if (entry.idleNanos() > idle) {
                drop(entry);
            }
        }
        shrink();
    }

    /** First what can be recomputed is dropped, then whole sessions, those unused for longest first. */
    private void shrink() {
        if (bytes() <= limits.sessionBytes()) {
            return;
        }
        List<SessionEntry> unused = entries.values().stream()
                .filter(SessionEntry::idle)
                .sorted(Comparator.comparingLong(SessionEntry::idleNanos).reversed())
                .toList();
        for (SessionEntry entry : unused) {
            if (bytes() > limits.sessionBytes()) {
                entry.release();
            }
        }
        for (SessionEntry entry : unused) {
            if (bytes() > limits.sessionBytes()) {
                drop(entry);
            }
        }
    }

    long bytes() {
        return entries.values().stream().mapToLong(SessionEntry::bytes).sum();
    }

    int count() {
        return entries.size();
    }

    @Override
    public void close() {
        List.copyOf(entries.values()).forEach(this::drop);
    }
}
