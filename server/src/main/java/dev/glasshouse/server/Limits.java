package dev.glasshouse.server;

import dev.glasshouse.weights.GlassException;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a server lets its clients take.
 *
 * @param running requests that compute at the same time, each of generations and of inspections
 * @param waiting requests that may wait for their turn; one more is refused with 429
 * @param connections connections open at the same time
 * @param bodyBytes bytes of a request's body: a trace of three thousand tokens is the largest that should pass
 * @param outputTokens the most tokens that one request may write; empty: until the context is full
 * @param request how long one request may compute
 * @param receive how long headers and body may take to arrive
 * @param stall how long a client may leave bytes of an answer unread
 * @param idle how long a connection without a request stays open
 * @param linger how long a run goes on that nobody listens to
 * @param drain how long answers in progress may go on after the server was told to end
 * @param models models loaded at the same time
 * @param sessions sessions at the same time
 * @param sessionBytes heap that all sessions take together
 * @param sessionIdle how long an unused session is kept
 */
public record Limits(
        int running,
        int waiting,
        int connections,
        int bodyBytes,
        OptionalInt outputTokens,
        Duration request,
        Duration receive,
        Duration stall,
        Duration idle,
        Duration linger,
        Duration drain,
        int models,
        int sessions,
        long sessionBytes,
        Duration sessionIdle) {
    /** For one person or a small group on one machine. */
    public static final Limits DEFAULT = new Limits(
            4,
            32,
            512,
            24 << 20,
            OptionalInt.empty(),
            Duration.ofMinutes(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(15),
            Duration.ofSeconds(20),
            2,
            64,
            256L << 20,
            Duration.ofMinutes(30));

    public Limits {
        positive("running", running);
        positive("connections", connections);
        positive("bodyBytes", bodyBytes);
        positive("models", models);
        positive("sessions", sessions);
        if (waiting < 0) {
            throw new GlassException("The number of requests that may wait must not be negative.");
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new GlassException("The limit " + name + " must be at least 1, not " + value + ".");
        }
    }

    /** These with other numbers of requests that compute and that wait. */
    public Limits withRequests(int newRunning, int newWaiting) {
        return new Limits(
                newRunning,
                newWaiting,
                connections,
                bodyBytes,
                outputTokens,
                request,
                receive,
                stall,
                idle,
                linger,
                drain,
                models,
                sessions,
                sessionBytes,
                sessionIdle);
    }

    /** These with a bound on the tokens that one request writes. */
    public Limits withOutputTokens(int most) {
        return new Limits(
                running,
                waiting,
                connections,
                bodyBytes,
                OptionalInt.of(most),
                request,
                receive,
                stall,
                idle,
                linger,
                drain,
                models,
                sessions,
                sessionBytes,
                sessionIdle);
    }

    /** These with other times: for one request, to receive it, for an unread answer, and for a run that nobody hears. */
    public Limits withTimes(Duration newRequest, Duration newReceive, Duration newStall, Duration newLinger) {
        return new Limits(
                running,
                waiting,
                connections,
                bodyBytes,
                outputTokens,
                newRequest,
                newReceive,
                newStall,
                idle,
                newLinger,
                drain,
                models,
                sessions,
                sessionBytes,
                sessionIdle);
    }

    /** These with another time for answers in progress at the end. */
    public Limits withDrain(Duration time) {
        return new Limits(
                running,
                waiting,
                connections,
                bodyBytes,
                outputTokens,
                request,
                receive,
                stall,
                idle,
                linger,
                time,
                models,
                sessions,
                sessionBytes,
                sessionIdle);
    }

    /** These with another number of loaded models. */
    public Limits withModels(int count) {
        return new Limits(
                running,
                waiting,
                connections,
                bodyBytes,
                outputTokens,
                request,
                receive,
                stall,
                idle,
                linger,
                drain,
                count,
                sessions,
                sessionBytes,
                sessionIdle);
    }

    /** These with other bounds of sessions. */
    public Limits withSessions(int count, long bytes, Duration unused) {
        return new Limits(
                running,
                waiting,
                connections,
                bodyBytes,
                outputTokens,
                request,
                receive,
                stall,
                idle,
                linger,
                drain,
                models,
                count,
                bytes,
                unused);
    }
}
