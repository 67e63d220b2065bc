package dev.glasshouse.network;

import dev.glasshouse.weights.GlassException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** Memory with an arena of its own that several states hold and the last one frees. Written by a sole holder only. */
final class SharedBlock {
    private final Arena arena;
    private final MemorySegment bytes;
    private final AtomicInteger holders = new AtomicInteger(1);

    private SharedBlock(Arena arena, MemorySegment bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    @SuppressWarnings("MustBeClosedChecker")
    static SharedBlock allocate(long size) {
        Arena arena = Arena.ofShared();
        try {
            return new SharedBlock(arena, arena.allocate(size, 64));
        } catch (OutOfMemoryError e) {
            arena.close();
            throw new GlassException(
                    "There is no memory left for the KV cache: choose a smaller context or a smaller cache type.", e);
        }
    }

    MemorySegment bytes() {
        return bytes;
    }

    SharedBlock retain() {
        holders.incrementAndGet();
        return this;
    }

    boolean hasOtherHolders() {
        return holders.get() > 1;
    }

    SharedBlock copy() {
        SharedBlock copy = allocate(bytes.byteSize());
        copy.bytes.copyFrom(bytes);
        return copy;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            arena.close();
        }
    }
}
