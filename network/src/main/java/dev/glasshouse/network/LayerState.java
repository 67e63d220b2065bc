package dev.glasshouse.network;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * What one layer remembers of one sequence, outside the heap: a key–value cache, or a recurrent state that only knows
 * where it is. Whoever wants to reuse a prefix or to take back a guess asks {@link #canTruncate}; where the answer is
 * no, it goes back to a {@link #fork} made earlier and reads on from there.
 *
 * <p>One thread at a time. Closing twice does nothing; any other use after {@link #close} is an
 * {@link IllegalStateException}.
 */
public interface LayerState extends AutoCloseable {
    /** Positions that it has taken in: 0 … length − 1. */
    int length();

    /**
     * Makes room for {@code rows} positions after {@link #length}; memory shared with a fork is copied first, so that
     * it can be written.
     */
    void reserve(int rows);

    /** Counts {@code rows} positions, which have been written since {@link #reserve}, as taken in. */
    void advance(int rows);

    /** Whether {@link #truncate} to this length is possible. Always so for 0 and for the present length. */
    boolean canTruncate(int length);

    /**
     * Forgets all positions from {@code length} on.
     *
     * @throws IllegalStateException where {@link #canTruncate} says no
     */
    void truncate(int length);

    /**
     * Another state with the same content that goes its own way from here. Nothing is copied until one of both writes;
     * a fork that nobody writes to is a snapshot. To be closed by itself.
     */
    LayerState fork();

    /**
     * Becomes what {@code snapshot} is, as its fork; the snapshot stays usable.
     *
     * @throws IllegalArgumentException if it is a state of another kind or shape
     */
    void restore(LayerState snapshot);

    /** Writes the content. */
    void save(WritableByteChannel channel) throws IOException;

    /**
     * Replaces the content by what {@link #save} wrote.
     *
     * @param length the length it must have
     * @throws dev.glasshouse.weights.GlassException if it was written by a state of another shape, or is damaged
     */
    void load(ReadableByteChannel channel, int length) throws IOException;

    /** Bytes of memory held, blocks shared with forks included. */
    long bytes();

    @Override
    void close();
}
