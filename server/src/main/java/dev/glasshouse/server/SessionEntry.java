package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A session of a client. */
final class SessionEntry {
    /** Runs whose events can be read again; older ones are forgotten, their tokens stay in the session. */
    private static final int RUNS = 16;

    private final String id;
    private final int holder;
    private final LoadedModel loaded;
    private final Session session;
    private final Map<Integer, RunLog> runs = new LinkedHashMap<>();
    private int lastRun;
    private int users;
    private long lastUse = System.nanoTime();
    private volatile long bytes;

    SessionEntry(String id, int holder, LoadedModel loaded, Session session) {
        this.id = id;
        this.holder = holder;
        this.loaded = loaded;
        this.session = session;
    }

    String id() {
        return id;
    }

    boolean heldBy(int other) {
        return holder == other;
    }

    LoadedModel loaded() {
        return loaded;
    }

    Model model() {
        return loaded.model().orElseThrow();
    }

    Session session() {
        return session;
    }

    synchronized RunLog newRun(int from) {
        RunLog run = new RunLog(++lastRun, from);
        runs.put(run.number(), run);
        if (runs.size() > RUNS) {
            runs.values().stream()
                    .filter(old -> !old.running())
                    .findFirst()
                    .ifPresent(old -> runs.remove(old.number()));
        }
        return run;
    }

    /** A run that could not be started. */
    synchronized void forget(RunLog run) {
        runs.remove(run.number());
    }

    synchronized Optional<RunLog> run(int number) {
        return Optional.ofNullable(runs.get(number));
    }

    synchronized List<RunLog> runs() {
        return List.copyOf(runs.values());
    }

    synchronized void use() {
        users++;
    }

    /** Ends a use and takes the measure of the session. */
    void leave() {
        bytes = session.bytes();
        synchronized (this) {
            users--;
            lastUse = System.nanoTime();
        }
    }

    synchronized boolean idle() {
        return users == 0;
    }

    synchronized long idleNanos() {
        return users > 0 ? 0 : System.nanoTime() - lastUse;
    }

    /** Bytes of the heap when it was last used. */
    long bytes() {
        return bytes;
    }

    void release() {
        session.release();
        bytes = session.bytes();
    }

    void close() {
        runs().forEach(RunLog::cancel);
        session.close();
    }
}
