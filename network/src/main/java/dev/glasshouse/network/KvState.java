package dev.glasshouse.network;

import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The keys and values of one attention layer, in blocks of {@link KvLayout#BLOCK} positions. A layer with a window
 * gives blocks back once no later row can see them; it keeps {@link #SLACK} positions more than it must, so that a few
 * positions can always be taken back.
 */
public final class KvState implements LayerState {
    /** Positions behind the window that are kept at least. */
    static final int SLACK = 64;

    private static final int KIND = 1;
    private static final int BLOCK = KvLayout.BLOCK;

    private final KvLayout layout;
    private final int window;
    private final BlockSource source;
    private final List<SharedBlock> held = new ArrayList<>();
    private final List<MemorySegment> blocks = new ArrayList<>();
    private final List<MemorySegment> view = Collections.unmodifiableList(blocks);
    private int dropped;
    private int length;
    private boolean closed;

    /**
     * An empty state.
     *
     * @param window positions that a row sees, its own included; 0 for all
     */
    public KvState(KvLayout layout, int window) {
        this(layout, window, new BlockSource(layout.blockBytes(), 1));
    }

    /** An empty state that shares its source of memory with others. */
    KvState(KvLayout layout, int window, BlockSource source) {
        if (window < 0) {
            throw new IllegalArgumentException("a window of " + window);
        }
        this.layout = layout;
        this.window = window;
        this.source = source.retain();
    }

    public KvLayout layout() {
        return layout;
    }

    /** Positions that a row sees, its own included; 0 for all. */
    public int window() {
        return window;
    }

    /** A view of the blocks: entry i holds positions 64i … 64i+63, {@link MemorySegment#NULL} where given back. */
    public List<MemorySegment> blocks() {
        open();
        return view;
    }

    @Override
    public int length() {
        open();
        return length;
    }

    @Override
    public void reserve(int rows) {
        open();
        int first = length / BLOCK;
        if (rows > 0 && length % BLOCK != 0 && held.get(first - dropped).hasOtherHolders()) {
            SharedBlock shared = held.get(first - dropped);
            SharedBlock copy = source.allocate();
            copy.bytes().copyFrom(shared.bytes());
            held.set(first - dropped, copy);
            blocks.set(first, copy.bytes());
            shared.release();
        }
        int wanted = blocksFor(Math.addExact(length, rows));
        while (blocks.size() < wanted) {
            add(source.allocate());
        }
    }

    @Override
    public void advance(int rows) {
        open();
        if (rows < 0 || blocksFor(length + rows) > blocks.size()) {
            throw new IllegalStateException(rows + " positions were not reserved");
        }
        length += rows;
        while (dropped < firstNeeded(length - SLACK) / BLOCK) {
            held.removeFirst().release();
            blocks.set(dropped++, MemorySegment.NULL);
        }
    }

    @Override
    public boolean canTruncate(int newLength) {
        open();
        return newLength == 0 || newLength > 0 && newLength <= length && firstNeeded(newLength) >= dropped * BLOCK;
    }

    @Override
    public void truncate(int newLength) {
        if (!canTruncate(newLength)) {
            throw new IllegalStateException("a cache of " + length + " positions, the first " + dropped * BLOCK
                    + " given back, cannot be cut to " + newLength);
        }
        length = newLength;
        if (length == 0) {
            clear(0);
        }
        dropUnused();
    }

    @Override
    public KvState fork() {
        open();
        KvState fork = new KvState(layout, window, source);
        fork.restore(this);
        return fork;
    }

    @Override
    public void restore(LayerState snapshot) {
        open();
        if (!(snapshot instanceof KvState other) || !other.layout.equals(layout) || other.window != window) {
            throw new IllegalArgumentException("a snapshot of another kind of state");
        }
        other.open();
        if (other == this) {
            return;
        }
        List<SharedBlock> taken = other.held.stream().map(SharedBlock::retain).toList();
        clear(other.dropped);
        taken.forEach(this::add);
        length = other.length;
        dropUnused();
    }

    @Override
    public void save(WritableByteChannel channel) throws IOException {
        open();
        int last = blocksFor(length);
        StateChannel.writeInts(
                channel, KIND, code(layout.type()), layout.kvHeads(), layout.headSize(), window, dropped);
        for (int i = dropped; i < last; i++) {
            StateChannel.write(channel, blocks.get(i));
        }
    }

    @Override
    public void load(ReadableByteChannel channel, int newLength) throws IOException {
        open();
        clear(0);
        length = 0;
        int[] head = StateChannel.readInts(channel, 6);
        KvType type = layout.type();
        if (head[0] != KIND
                || head[1] != code(type)
                || head[2] != layout.kvHeads()
                || head[3] != layout.headSize()
                || head[4] != window) {
            throw new GlassException("The saved state was made by another model or with another cache type than " + type
                    + ": read the prompt again.");
        }
        int last = blocksFor(newLength);
        if (head[5] < 0 || head[5] > last || head[5] * (long) BLOCK > firstNeeded(newLength)) {
            throw new GlassException("The saved state is damaged: positions that are needed are missing.");
        }
        clear(head[5]);
        for (int i = dropped; i < last; i++) {
            add(source.allocate());
            StateChannel.read(channel, blocks.get(i));
        }
        length = newLength;
    }

    @Override
    public long bytes() {
        open();
        return held.size() * layout.blockBytes();
    }

    @Override
    public void close() {
        if (!closed) {
            clear(0);
            source.release();
            closed = true;
        }
    }

    /** The first position that the row at {@code position} sees. */
    private int firstNeeded(int position) {
        return window == 0 ? 0 : Math.max(0, position - window + 1);
    }

    private static int blocksFor(int positions) {
        return (int) (((long) positions + BLOCK - 1) / BLOCK);
    }

    private static int code(KvType type) {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case Q8_0 -> 2;
        };
    }

    private void dropUnused() {
        int used = Math.max(dropped, blocksFor(length));
        while (blocks.size() > used) {
            blocks.removeLast();
            held.removeLast().release();
        }
    }

    private void add(SharedBlock block) {
        held.add(block);
        blocks.add(block.bytes());
    }

    private void clear(int newDropped) {
        held.forEach(SharedBlock::release);
        held.clear();
        blocks.clear();
        blocks.addAll(Collections.nCopies(newDropped, MemorySegment.NULL));
        dropped = newDropped;
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("the state is closed");
        }
    }
}
