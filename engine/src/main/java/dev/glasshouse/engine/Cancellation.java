package dev.glasshouse.engine;

/** Lets one thread stop what another computes: within one token, or one chunk of a prompt. */
public final class Cancellation {
    private volatile boolean cancelled;

    /** Stops it. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether it was stopped, or the calling thread interrupted. */
    public boolean cancelled() {
        return cancelled || Thread.currentThread().isInterrupted();
    }
}
