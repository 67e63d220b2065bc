package dev.glasshouse.kernels;

import java.util.Optional;

/** A way to make {@link Kernels}, found with {@link java.util.ServiceLoader}. */
public interface KernelsProvider {
    /** What it makes, for people. */
    String name();

    /** The higher, the better; the scalar definition has 0. */
    int priority();

    /** Why it cannot run here, in a sentence that says what to do about it; empty where it can. */
    Optional<String> unavailable();

    /**
     * Makes kernels that share their work among {@code threads} threads, the caller's included.
     *
     * @throws IllegalStateException if it is unavailable
     */
    Kernels create(int threads);
}
