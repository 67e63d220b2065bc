package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.Attention;
import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.Shapes;
import dev.glasshouse.kernels.Workers;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Attention, bit for bit as the scalar room defines it, shared by the threads in one of two ways. Mostly each takes
 * tiles (some rows × one key head), one after the other as it gets done, and does them from the first block to the output.
 * Where there are too few tiles (one row, long context), the threads share the blocks of all tiles, keep the part that
 * each gives, and then merge them tile by tile in the order of the blocks. Who does what changes no bit.
 */
final class VectorAttention implements Workers.Task {
    private static final int BLOCK = KvLayout.BLOCK;
    /** Queries in a tile, about. */
    private static final int TILE = 64;
    /** Multiplications below which the caller is alone. */
    private static final long SHARED = 1 << 17;
    /** Floats of parts that may be kept. */
    private static final long KEPT = 1 << 23;

    private enum Stage {
        TILES,
        BLOCKS,
        MERGE
    }

    private final Workers workers;
    private final AttentionTile[] tiles;
    private final AttentionParts parts = new AttentionParts();
    private final AtomicInteger next = new AtomicInteger();
    private @Nullable Attention attention;
    private Stage stage = Stage.TILES;

    /** Tile i: span, key head, first row, rows, first block, block after the last; then where its parts start. */
    private int[] plan = new int[0];

    private static final int ENTRY = 7;
    private int tileCount;
    private int blockCount;

    VectorAttention(Workers workers) {
        this.workers = workers;
        tiles = new AttentionTile[workers.threads()];
        Arrays.setAll(tiles, i -> new AttentionTile());
    }

    void attend(Attention task) {
        Shapes.attention(task);
        int group = task.heads() / task.layout().kvHeads();
        long queries = plan(task, Math.max(1, TILE / group), group);
        int stride = VectorMaths.padded(task.layout().headSize());
        attention = task;
        boolean alone = workers.threads() == 1 || queries * stride * BLOCK * 2 < SHARED;
        boolean split = tileCount < 4 * workers.threads() && blockCount > tileCount && queries * stride <= KEPT;
        if (alone || !split) {
            start(Stage.TILES, alone);
        } else {
            parts.clear((int) queries, stride);
            start(Stage.BLOCKS, false);
            start(Stage.MERGE, false);
        }
        attention = null;
    }

    private void start(Stage what, boolean alone) {
        stage = what;
        next.set(0);
        if (alone) {
            run(0, 1);
        } else {
            workers.run(this);
        }
    }

    /** Writes the plan; gives the parts that all blocks of all tiles would yield. */
    private long plan(Attention task, int rowsOfTile, int group) {
        tileCount = 0;
        blockCount = 0;
        long queries = 0;
        for (int i = 0; i < task.spans().size(); i++) {
            Attention.Span span = task.spans().get(i);
            for (int first = 0; first < span.from().length; first += rowsOfTile) {
                int rows = Math.min(rowsOfTile, span.from().length - first);
                int from = Integer.MAX_VALUE;
                int to = 0;
                for (int row = first; row < first + rows; row++) {
                    if (span.from()[row] < span.to()[row]) {
                        from = Math.min(from, span.from()[row] / BLOCK);
                        to = Math.max(to, (span.to()[row] + BLOCK - 1) / BLOCK);
                    }
                }
                from = Math.min(from, to);
                for (int kvHead = 0; kvHead < task.layout().kvHeads(); kvHead++) {
                    add(i, kvHead, first, rows, from, to, (int) Math.min(queries, Integer.MAX_VALUE));
                    queries += (long) rows * group * (to - from);
                }
            }
        }
        return queries;
    }

    private void add(int span, int kvHead, int first, int rows, int from, int to, int part) {
        int at = tileCount * ENTRY;
        if (plan.length < at + ENTRY) {
            plan = Arrays.copyOf(plan, 2 * (at + ENTRY));
        }
        plan[at] = span;
        plan[at + 1] = kvHead;
        plan[at + 2] = first;
        plan[at + 3] = rows;
        plan[at + 4] = from;
        plan[at + 5] = to;
        plan[at + 6] = part;
        tileCount++;
        blockCount += to - from;
    }

    @Override
    public void run(int worker, int count) {
        Attention task = attention;
        if (task == null) {
            return;
        }
        AttentionTile tile = tiles[worker];
        if (stage == Stage.BLOCKS) {
            blocks(task, tile);
            return;
        }
        for (int i = next.getAndIncrement(); i < tileCount; i = next.getAndIncrement()) {
            int at = (tileCount - 1 - i) * ENTRY; // the last rows see the most: the big ones first
            open(task, tile, at);
            if (stage == Stage.TILES) {
                tile.attend(task, plan[at + 4], plan[at + 5]);
            } else {
                tile.merge(task, parts, plan[at + 6], plan[at + 5] - plan[at + 4]);
            }
        }
    }

    private void open(Attention task, AttentionTile tile, int at) {
        tile.open(task, task.spans().get(plan[at]), plan[at + 1], plan[at + 2], plan[at + 3]);
    }

    private void blocks(Attention task, AttentionTile tile) {
        int group = task.heads() / task.layout().kvHeads();
        int at = 0;
        int before = 0; // blocks of the tiles before the one at `at`
        int opened = -1;
        for (int i = next.getAndIncrement(); i < blockCount; i = next.getAndIncrement()) {
            while (i - before >= plan[at + 5] - plan[at + 4]) {
                before += plan[at + 5] - plan[at + 4];
                at += ENTRY;
            }
            if (opened != at) {
                open(task, tile, at);
                opened = at;
            }
            int index = i - before;
            tile.block(task, plan[at + 4] + index, parts, plan[at + 6] + index * plan[at + 3] * group);
        }
    }
}
