package dev.glasshouse.network;

import dev.glasshouse.weights.GlassException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory for the cache blocks of one sequence and its forks, a slab for as many layers at a time as grow together:
 * freeing memory that several threads may read costs a handshake with all of them, a tenth of a millisecond. A slab is
 * freed when the last of its blocks is.
 */
final class BlockSource {
    private final long blockBytes;
    private final int blocksPerSlab;
    private final AtomicInteger users = new AtomicInteger();
    private Optional<Slab> current = Optional.empty();

    BlockSource(long blockBytes, int blocksPerSlab) {
        this.blockBytes = blockBytes;
        this.blocksPerSlab = blocksPerSlab;
    }

    /** A block of zeros. @throws GlassException if there is no memory left */
    synchronized SharedBlock allocate() {
        Slab slab = current.orElseGet(() -> new Slab(blockBytes * blocksPerSlab));
        SharedBlock block = slab.next(blockBytes);
        current = slab.isUsedUp(blockBytes) ? Optional.empty() : Optional.of(slab);
        if (current.isEmpty()) {
            slab.release();
        }
        return block;
    }

    /** Counts a state that takes blocks from here. */
    BlockSource retain() {
        users.incrementAndGet();
        return this;
    }

    /** Takes a state off the count; without any, what is left of the current slab is given back. */
    synchronized void release() {
        if (users.decrementAndGet() == 0) {
            current.ifPresent(Slab::release);
            current = Optional.empty();
        }
    }

    /** Memory with an arena of its own, held by its blocks and by the source while there are blocks to give. */
    static final class Slab {
        private final Arena arena;
        private final MemorySegment memory;
        private final AtomicInteger holders = new AtomicInteger(1);
        private long given;

        @SuppressWarnings("MustBeClosedChecker")
        private Slab(long bytes) {
            arena = Arena.ofShared();
            try {
                memory = arena.allocate(bytes, 64);
            } catch (OutOfMemoryError e) {
                arena.close();
                throw new GlassException(
                        "There is no memory left for the KV cache: choose a smaller context or a smaller cache type.",
                        e);
            }
        }

        private SharedBlock next(long bytes) {
            holders.incrementAndGet();
            SharedBlock block = new SharedBlock(this, memory.asSlice(given, bytes, 64));
            given += bytes;
            return block;
        }

        private boolean isUsedUp(long bytes) {
            return given + bytes > memory.byteSize();
        }

        void release() {
            if (holders.decrementAndGet() == 0) {
                arena.close();
            }
        }
    }
}
