package dev.glasshouse.hub;

/** Hears what a pull does. Called on the pulling thread; an exception from it ends the pull, losing nothing. */
@FunctionalInterface
public interface PullListener {
    void on(PullEvent event);

    /** Hears nothing. */
    static PullListener silent() {
        return event -> {};
    }
}
