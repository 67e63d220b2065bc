package dev.glasshouse.engine;

import dev.glasshouse.sampling.StepRecord;
import java.util.List;
import java.util.Optional;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester")
public final class Run implements AutoCloseable {
    private final Request request;

    Run(Request request) {
        this.request = request;
    }

    /**
     * Generates at most so many tokens more, from where it paused.
     *
     * @return why it ended, for good but for CANCELLED; MAX_TOKENS where it only paused
     */
    public FinishReason advance(int most, GenerationListener listener, Cancellation cancellation) {
        throw unfinished();
    }

    /** Takes this id as the user's pick at the next step. */
    public void pick(int id) {
        throw unfinished();
    }

    /** What the next step would do, with so many candidates; nothing is taken. */
    public StepRecord peek(int top) {
        throw unfinished();
    }

    /** The tokens generated so far. */
    public List<Integer> ids() {
        throw unfinished();
    }

    /** Their text, as if the generation ended here. */
    public String text() {
        throw unfinished();
    }

    /** The record so far, if asked for. */
    public Optional<Trace> trace() {
        throw unfinished();
    }

    /** Bytes of the heap that it holds, about. */
    public long bytes() {
        throw unfinished();
    }

    private RuntimeException unfinished() {
        return new UnsupportedOperationException("unfinished for " + request);
    }

    @Override
    public void close() {}
}
