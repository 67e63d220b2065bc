package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.VectorProducts.TOKENS;
import static dev.glasshouse.kernels.vector.Width.LANES;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.MemorySegment;

/**
 * Products with many rows of input. All rows of a call's input are prepared in panels of {@link VectorProducts#TOKENS};
 * then each thread unpacks two groups of weight rows, {@link Tile#DEPTH} values deep, and takes them past all panels.
 */
final class TileJobs {
    private final Workers workers;
    private final Job.Queue queue;
    private final Workers.Band quantise = this::quantise;
    private final Workers.Band spread = this::spread;
    private final Workers.Band multiply = this::multiply;
    private final Tile[] rooms;
    private MemorySegment quants = MemorySegment.NULL;
    private MemorySegment floats = MemorySegment.NULL;
    private int first;
    private int count;

    TileJobs(Workers workers, Job.Queue queue) {
        this.workers = workers;
        this.queue = queue;
        rooms = new Tile[workers.threads()];
        for (int i = 0; i < rooms.length; i++) {
            rooms[i] = new Tile();
        }
    }

    /** Runs the jobs of the queue, which all have the same rows of input. */
    void run() {
        first = queue.job(0).first();
        count = queue.job(0).count();
        int cols = queue.x().cols();
        if (VectorProducts.any(queue, true)) {
            quants = Tile.grown(quants, panels() * VectorInput.panelBytes(cols, TOKENS));
            workers.bands(panels(), 1, quantise);
        }
        if (VectorProducts.any(queue, false)) {
            floats = Tile.grown(floats, 4L * panels() * TOKENS * cols);
            workers.bands(panels(), 1, spread);
        }
        workers.bands(queue.number(2), 1, multiply);
    }

    private int panels() {
        return (count + TOKENS - 1) / TOKENS;
    }

    /** Places of the last panel that no row fills keep what an earlier call left there: their results go nowhere. */
    private void quantise(int worker, int from, int to) {
        Matrix x = queue.x();
        MemorySegment row = rooms[worker].row(x.cols());
        long panelBytes = VectorInput.panelBytes(x.cols(), TOKENS);
        for (int i = from * TOKENS; i < Math.min(count, to * TOKENS); i++) {
            long at = 4L * (first + i) * x.cols();
            VectorInput.quantisePanel(
                    x.data(), at, x.cols() / 32, row, quants, i / TOKENS * panelBytes, TOKENS, i % TOKENS);
        }
    }

    private void spread(int worker, int from, int to) {
        Matrix x = queue.x();
        long panelBytes = 4L * TOKENS * x.cols();
        for (int i = from * TOKENS; i < Math.min(count, to * TOKENS); i++) {
            long at = 4L * (first + i) * x.cols();
            VectorInput.spread(x.data(), at, x.cols(), floats, i / TOKENS * panelBytes, TOKENS, i % TOKENS);
        }
    }

    private void multiply(int worker, int from, int to) {
        Tile tile = rooms[worker];
        tile.reserve(queue.x().cols(), panels() * TOKENS);
        int unit = from;
        for (int j = queue.jobOf(from); unit < to; j++) {
            Job job = queue.job(j);
            int start = queue.start(j);
            int last = Math.min(to, queue.end(j));
            for (; unit < last; unit++) {
                int group = 2 * (unit - start);
                if (job.weight().quant().isPresent()) {
                    quantised(job.weight(), job.weight().quant().get(), group, tile);
                } else {
                    floats(job.weight(), group, tile);
                }
                int cols = Math.min(2 * LANES, job.weight().rows() - group * LANES);
                for (int i = 0; i < count; i++) {
                    VectorProducts.copy(tile.results(), Tile.ROW * i, job.y(), first + i, group * LANES, cols);
                }
            }
        }
    }

    private void quantised(VectorWeight weight, QuantLayout layout, int group, Tile tile) {
        long panelBytes = VectorInput.panelBytes(weight.cols(), TOKENS);
        int halves = Math.min(2, weight.groups() - group);
        long scales = 4L * TOKENS * weight.cols();
        begin(weight, layout, group, halves, tile);
        for (int b = 0; b < layout.blocks(); b += Tile.DEPTH / 32) {
            int blocks = Math.min(Tile.DEPTH / 32, layout.blocks() - b);
            for (int h = 0; h < halves; h++) {
                unpack(weight, layout, (group + h) * weight.groupBytes(), b, blocks, tile.weights(), Tile.HALF * h);
            }
            for (int p = 0; p < panels(); p++) {
                long q = p * panelBytes + 128L * TOKENS * b;
                long dx = p * panelBytes + scales + 4L * TOKENS * b;
                long at = Tile.ROW * TOKENS * p;
                TileKernels.blocks(tile.weights(), 0, Tile.SCALES, blocks, quants, q, dx, tile.results(), at);
            }
        }
    }

    /** The beginning of the chains: 0, or the minimum terms. */
    private void begin(VectorWeight weight, QuantLayout layout, int group, int halves, Tile tile) {
        if (!layout.format().minimum()) {
            tile.clear(panels() * TOKENS);
            return;
        }
        int blocks = layout.blocks();
        long factors = Tile.MINIMA + Tile.ROW * blocks;
        for (int h = 0; h < halves; h++) {
            long from = (group + h) * weight.groupBytes();
            UnpackScales.minima(layout, weight.data(), from, 0, blocks, tile.weights(), Tile.MINIMA + Tile.HALF * h);
            UnpackScales.scales(layout, weight.data(), from, 0, blocks, 16, tile.weights(), factors + Tile.HALF * h);
        }
        long panelBytes = VectorInput.panelBytes(weight.cols(), TOKENS);
        for (int i = 0; i < count; i++) {
            long dx = i / TOKENS * panelBytes + 4L * TOKENS * weight.cols() + 4L * (i % TOKENS);
            long sums = dx + 4L * TOKENS * blocks;
            TileKernels.minima(
                    tile.weights(),
                    Tile.MINIMA,
                    factors,
                    blocks,
                    quants,
                    sums,
                    dx,
                    4 * TOKENS,
                    tile.results(),
                    Tile.ROW * i);
        }
    }

    private static void unpack(
            VectorWeight weight, QuantLayout layout, long group, int first, int blocks, MemorySegment tile, long half) {
        MemorySegment w = weight.data();
        long from = group + 4L * LANES * layout.blockInts() * first;
        int offset = layout.format().offset();
        UnpackScales.scales(layout, w, group, first, blocks, 0, tile, Tile.SCALES + half);
        if (layout.blockInts() == 8) {
            UnpackQuants.q8(w, from, blocks, tile, half);
            return;
        }
        UnpackScales.subs(layout, w, group, first, blocks, tile, Tile.SUBS + half);
        switch (layout.blockInts()) {
            case 4 -> UnpackQuants.q4(w, from, blocks, offset, tile, half, Tile.SUBS + half);
            case 5 -> UnpackQuants.q5(w, from, blocks, offset, tile, half, Tile.SUBS + half);
            default -> UnpackQuants.q6(w, from, blocks, offset, tile, half, Tile.SUBS + half);
        }
    }

    private void floats(VectorWeight weight, int group, Tile tile) {
        int cols = weight.cols();
        int halves = Math.min(2, weight.groups() - group);
        tile.clear(panels() * TOKENS);
        for (int k = 0; k < cols; k += Tile.DEPTH) {
            int depth = Math.min(Tile.DEPTH, cols - k);
            for (int h = 0; h < halves; h++) {
                long from = (group + h) * weight.groupBytes();
                MemorySegment w = weight.data();
                switch (weight.stored()) {
                    case F16 -> UnpackFloats.f16(w, from + 2L * LANES * k, depth, tile.weights(), Tile.HALF * h);
                    case BF16 -> UnpackFloats.bf16(w, from + 2L * LANES * k, depth, tile.weights(), Tile.HALF * h);
                    default -> UnpackFloats.f32(w, from + 4L * LANES * k, depth, tile.weights(), Tile.HALF * h);
                }
            }
            for (int p = 0; p < panels(); p++) {
                long q = 4L * TOKENS * ((long) p * cols + k);
                TileKernels.plain(tile.weights(), 0, depth, floats, q, tile.results(), Tile.ROW * TOKENS * p);
            }
        }
    }
}
