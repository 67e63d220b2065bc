package dev.glasshouse.network;

/** Hears how far the loading of a model is. */
@FunctionalInterface
public interface LoadListener {
    /** Hears nothing. */
    LoadListener SILENT = (done, total) -> {};

    /** {@code done} of {@code total} bytes of weights have been read. */
    void loaded(long done, long total);
}
