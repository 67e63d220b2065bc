package dev.glasshouse.network;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network remembers of one sequence: a state for each layer, all of the same length. One thread at a time.
 * Closing twice does nothing; any other use after {@link #close} is an {@link IllegalStateException}.
 */
public final class SequenceState implements AutoCloseable {
    private static final int MAGIC = 0x54534847; // "GHST"
    private static final int VERSION = 1;

    private final List<LayerState> layers;
    private final int capacity;
    private int length;
    private boolean closed;

    /**
     * An empty state.
     *
     * @param layers the layers' states, all empty; they belong to this object from now on
     * @param capacity the most positions it will take
     */
    public SequenceState(List<? extends LayerState> layers, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a capacity of " + capacity);
        }
        this.layers = List.copyOf(layers);
        this.capacity = capacity;
    }

    /** The states of the layers. */
    public List<LayerState> layers() {
        return layers;
    }

    /** Positions taken in. */
    public int length() {
        open();
        return length;
    }

    /** The most positions it takes. */
    public int capacity() {
        return capacity;
    }

    /**
     * Makes room for {@code rows} positions more; the forward pass does.
     *
     * @throws IllegalStateException beyond {@link #capacity}
     */
    public void reserve(int rows) {
        open();
        if (rows > capacity - length) {
            throw new IllegalStateException(
                    rows + " positions more than " + length + " do not fit a context of " + capacity);
        }
        for (LayerState layer : layers) {
            layer.reserve(rows);
        }
    }

    /** Counts {@code rows} positions as taken in, once all layers have written them; the forward pass does. */
    public void advance(int rows) {
        open();
        for (LayerState layer : layers) {
            layer.advance(rows);
        }
        length += rows;
    }

    /** Whether every layer can be cut back to this length. */
    public boolean canTruncate(int newLength) {
        open();
        if (newLength < 0 || newLength > length) {
            return false;
        }
        for (LayerState layer : layers) {
            if (!layer.canTruncate(newLength)) {
                return false;
            }
        }
        return true;
    }

    /** Forgets all positions from {@code newLength} on. @throws IllegalStateException where {@link #canTruncate} says no */
    public void truncate(int newLength) {
        if (!canTruncate(newLength)) {
            throw new IllegalStateException("a state of " + length + " positions cannot be cut to " + newLength);
        }
        for (LayerState layer : layers) {
            layer.truncate(newLength);
        }
        length = newLength;
    }

    /** A state with the same content that goes its own way; nothing is copied until one of both writes. */
    public SequenceState fork() {
        open();
        List<LayerState> forks = new ArrayList<>();
        for (LayerState layer : layers) {
            forks.add(layer.fork());
        }
        SequenceState fork = new SequenceState(forks, capacity);
        fork.length = length;
        return fork;
    }

    /** Becomes what {@code snapshot}, a {@link #fork} of a state of the same network, is. */
    public void restore(SequenceState snapshot) {
        open();
        snapshot.open();
        if (snapshot.layers.size() != layers.size() || snapshot.length > capacity) {
            throw new IllegalArgumentException("a snapshot of another network or of a longer sequence");
        }
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).restore(snapshot.layers.get(i));
        }
        length = snapshot.length;
    }

    /**
     * Writes the content. Which weights it was made with is the caller's to remember: it is of no use to others.
     *
     * @throws IOException if the channel fails
     */
    public void save(WritableByteChannel channel) throws IOException {
        open();
        StateChannel.writeInts(channel, MAGIC, VERSION, layers.size(), length);
        for (LayerState layer : layers) {
            layer.save(channel);
        }
    }

    /**
     * Replaces the content by what {@link #save} wrote. After an error the state is empty.
     *
     * @throws IOException if the channel fails
     * @throws GlassException if the content is damaged, longer than {@link #capacity}, or of another model's shape
     */
    public void load(ReadableByteChannel channel) throws IOException {
        open();
        boolean whole = false;
        try {
            int[] head = StateChannel.readInts(channel, 4);
            if (head[0] != MAGIC || head[1] != VERSION || head[2] != layers.size() || head[3] < 0) {
                throw new GlassException("This is no saved state of this model: read the prompt again.");
            }
            if (head[3] > capacity) {
                throw new GlassException("The saved state has " + head[3] + " positions, more than the context of "
                        + capacity + ": choose a larger context.");
            }
            for (LayerState layer : layers) {
                layer.load(channel, head[3]);
            }
            length = head[3];
            whole = true;
        } finally {
            if (!whole) {
                length = 0;
                layers.forEach(layer -> layer.truncate(0));
            }
        }
    }

    /** Bytes of memory held, blocks shared with forks included. */
    public long bytes() {
        open();
        return layers.stream().mapToLong(LayerState::bytes).sum();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            layers.forEach(LayerState::close);
        }
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("the state is closed");
        }
    }
}
