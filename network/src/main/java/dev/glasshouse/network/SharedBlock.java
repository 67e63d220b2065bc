package dev.glasshouse.network;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** A piece of a {@link BlockSource}'s memory that several states hold. Written by a sole holder only. */
final class SharedBlock {
    private final BlockSource.Slab slab;
    private final MemorySegment bytes;
    private final AtomicInteger holders = new AtomicInteger(1);

    SharedBlock(BlockSource.Slab slab, MemorySegment bytes) {
        this.slab = slab;
        this.bytes = bytes;
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

    void release() {
        if (holders.decrementAndGet() == 0) {
            slab.release();
        }
    }
}
