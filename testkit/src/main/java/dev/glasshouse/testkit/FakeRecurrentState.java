package dev.glasshouse.testkit;

import dev.glasshouse.network.LayerState;
import dev.glasshouse.network.SequenceState;
import dev.glasshouse.weights.GlassException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands for a recurrent layer: one number that every position changes for good. It cannot be cut back, only started
 * again or put back to a snapshot.
 */
public final class FakeRecurrentState implements LayerState {
    private int length;
    private long memory = 1;
    private boolean closed;

    /** The state of a network with such a layer beside those that {@code state} has; it takes them over. */
    public static SequenceState beside(SequenceState state) {
        if (state.length() != 0) {
            throw new IllegalArgumentException("the state is not empty");
        }
        List<LayerState> layers = new ArrayList<>(state.layers());
        layers.add(new FakeRecurrentState());
        return new SequenceState(layers, state.capacity());
    }

    /** What it remembers: the same for the same number of positions, whatever was forgotten in between. */
    public long memory() {
        open();
        return memory;
    }

    @Override
    public int length() {
        open();
        return length;
    }

    @Override
    public void reserve(int rows) {
        open();
    }

    @Override
    public void advance(int rows) {
        open();
        for (int i = 0; i < rows; i++) {
            memory = memory * 6364136223846793005L + ++length;
        }
    }

    @Override
    public boolean canTruncate(int newLength) {
        open();
        return newLength == 0 || newLength == length;
    }

    @Override
    public void truncate(int newLength) {
        if (!canTruncate(newLength)) {
            throw new IllegalStateException("a recurrent state cannot be cut back");
        }
        if (newLength == 0) {
            length = 0;
            memory = 1;
        }
    }

    @Override
    public FakeRecurrentState fork() {
        open();
        FakeRecurrentState fork = new FakeRecurrentState();
        fork.restore(this);
        return fork;
    }

    @Override
    public void restore(LayerState snapshot) {
        open();
        if (!(snapshot instanceof FakeRecurrentState other)) {
            throw new IllegalArgumentException("a snapshot of another kind of state");
        }
        other.open();
        length = other.length;
        memory = other.memory;
    }

    @Override
    public void save(WritableByteChannel channel) throws IOException {
        open();
        ByteBuffer buffer = ByteBuffer.allocate(8).putLong(memory).flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void load(ReadableByteChannel channel, int newLength) throws IOException {
        open();
        ByteBuffer buffer = ByteBuffer.allocate(8);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new GlassException("The saved state is cut off.", new EOFException());
            }
        }
        length = newLength;
        memory = buffer.flip().getLong();
    }

    @Override
    public long bytes() {
        open();
        return Long.BYTES;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("the state is closed");
        }
    }
}
