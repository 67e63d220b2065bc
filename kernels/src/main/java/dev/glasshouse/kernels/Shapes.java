package dev.glasshouse.kernels;

import java.lang.foreign.MemorySegment;

/** Checks that every implementation makes at the entry of everything but products, so that its loops need none. */
public final class Shapes {
    private Shapes() {}

    /** Sees that a norm's or bias's vectors fit the rows. */
    public static void norm(Matrix x, float[] weight, float[] bias, Matrix y) {
        same(x, y, y);
        if (weight.length != x.cols() || bias.length != x.cols()) {
            throw new IllegalArgumentException(
                    weight.length + " weights and " + bias.length + " biases for rows of " + x.cols());
        }
    }

    /** Sees that three matrices have one shape. */
    public static void same(Matrix a, Matrix b, Matrix c) {
        if (a.rows() != b.rows() || a.cols() != b.cols() || a.rows() != c.rows() || a.cols() != c.cols()) {
            throw new IllegalArgumentException(shape(a) + ", " + shape(b) + " and " + shape(c) + " should be the same");
        }
    }

    /** Sees that the angles fit the heads. */
    public static void rotate(Matrix x, int headSize, Matrix turns) {
        if (headSize < 1 || x.cols() % headSize != 0) {
            throw new IllegalArgumentException("rows of " + x.cols() + " are not heads of " + headSize);
        }
        if (turns.rows() != x.rows() || turns.cols() % 2 != 0 || turns.cols() > headSize) {
            throw new IllegalArgumentException(
                    "angles of " + shape(turns) + " for " + shape(x) + ", heads of " + headSize);
        }
    }

    /** Sees that keys and values fit the cache. */
    public static void store(KvLayout layout, Matrix k, Matrix v, MemorySegment[] blocks, int[] slots) {
        same(k, v, v);
        if (k.cols() != layout.kvHeads() * layout.headSize()) {
            throw new IllegalArgumentException(
                    "keys of " + shape(k) + " for a cache of " + layout.kvHeads() + " heads of " + layout.headSize());
        }
        if (blocks.length != k.rows() || slots.length != k.rows()) {
            throw new IllegalArgumentException(
                    k.rows() + " keys, " + blocks.length + " blocks and " + slots.length + " slots");
        }
        for (int row = 0; row < slots.length; row++) {
            if (slots[row] < 0 || slots[row] >= KvLayout.BLOCK) {
                throw new IllegalArgumentException("slot " + slots[row] + " of a block of " + KvLayout.BLOCK);
            }
            block(layout, blocks[row]);
        }
    }

    /** Sees that a block has the layout's size, and gives it back. */
    public static MemorySegment block(KvLayout layout, MemorySegment block) {
        if (block.byteSize() != layout.blockBytes()) {
            throw new IllegalArgumentException(
                    "a cache block of " + block.byteSize() + " bytes instead of " + layout.blockBytes());
        }
        return block;
    }

    /** Sees that all of a call to attention fits together, but for the size of each block. */
    public static void attention(Attention a) {
        same(a.q(), a.out(), a.out());
        KvLayout layout = a.layout();
        if (a.heads() < 1
                || layout.kvHeads() < 1
                || a.heads() % layout.kvHeads() != 0
                || a.q().cols() != (long) a.heads() * layout.headSize()) {
            throw new IllegalArgumentException("queries of " + shape(a.q()) + ", " + a.heads()
                    + " heads for a cache of " + layout.kvHeads() + " heads of " + layout.headSize());
        }
        int row = 0;
        for (int i = 0; i < a.spans().size(); i++) {
            Attention.Span span = a.spans().get(i);
            if (span.firstRow() != row || span.from().length != span.to().length) {
                throw new IllegalArgumentException("span " + i + " starts at row " + span.firstRow() + " instead of "
                        + row + ", with " + span.from().length + " starts and " + span.to().length + " ends");
            }
            long end = (long) span.blocks().size() * KvLayout.BLOCK;
            for (int j = 0; j < span.from().length; j++) {
                if (span.from()[j] < 0 || (span.to()[j] > end && span.to()[j] > span.from()[j])) {
                    throw new IllegalArgumentException("row " + (row + j) + " sees positions " + span.from()[j] + " to "
                            + span.to()[j] + " of a cache of " + end);
                }
            }
            row += span.from().length;
        }
        if (row != a.q().rows()) {
            throw new IllegalArgumentException("spans of " + row + " rows in all for " + a.q().rows() + " queries");
        }
    }

    private static String shape(Matrix x) {
        return x.rows() + " × " + x.cols();
    }
}
