package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.LANES;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.PackedWeight;
import dev.glasshouse.kernels.Product;
import dev.glasshouse.kernels.Products;
import dev.glasshouse.kernels.QuantFormat;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Matrix products. The products of a call become {@link Job}s whose groups of rows lie one after the other in one count,
 * cut into a band a thread. With few rows of input each group meets each row at once ({@link DecodeJobs}); with more,
 * two groups at a time are unpacked into a thread's {@link Tile} and meet panels of input rows ({@link TileJobs}).
 */
final class VectorProducts {
    /** From this many rows of input on, unpacking the weights first pays. */
    static final int MANY = 4;

    /** Rows of input in a panel. */
    static final int TOKENS = 4;

    private final ScalarKernels scalar;
    private final Job.Queue queue = new Job.Queue();
    private final DecodeJobs decode;
    private final TileJobs tiles;

    VectorProducts(Workers workers, ScalarKernels scalar) {
        this.scalar = scalar;
        decode = new DecodeJobs(workers, queue);
        tiles = new TileJobs(workers, queue);
    }

    void multiply(Matrix x, Product... products) {
        for (Product product : products) {
            Products.check(x, product.weight(), product.y());
        }
        if (x.rows() == 0) {
            return;
        }
        queue.clear(x);
        for (Product product : products) {
            if (product.weight() instanceof VectorWeight weight) {
                queue.add(weight, product.y(), 0, x.rows());
            } else {
                scalar.multiply(x, product);
            }
        }
        run(x.rows());
    }

    void multiplyGrouped(Matrix x, List<? extends PackedWeight> experts, int[] ends, Matrix y) {
        Products.checkGrouped(x, experts, ends, y);
        queue.clear(x);
        for (int e = 0, from = 0; e < ends.length; from = ends[e++]) {
            int count = ends[e] - from;
            if (count > 0 && !(experts.get(e) instanceof VectorWeight)) {
                scalar.multiply(x.rows(from, count), new Product(experts.get(e), y.rows(from, count)));
            } else if (count > 0 && count < MANY && experts.get(e) instanceof VectorWeight weight) {
                queue.add(weight, y, from, count);
            }
        }
        run(1);
        for (int e = 0, from = 0; e < ends.length; from = ends[e++]) {
            int count = ends[e] - from;
            if (count >= MANY && experts.get(e) instanceof VectorWeight weight) {
                queue.clear(x);
                queue.add(weight, y, from, count);
                run(count);
            }
        }
    }

    private void run(int rows) {
        if (queue.jobs() == 0) {
            return;
        }
        if (rows < MANY) {
            decode.run();
        } else {
            tiles.run();
        }
    }

    void lookup(PackedWeight table, int[] ids, Matrix out) {
        if (!(table instanceof VectorWeight weight)) {
            scalar.lookup(table, ids, out);
            return;
        }
        Products.checkLookup(table, ids, out);
        float[] values = new float[weight.cols()];
        for (int i = 0; i < ids.length; i++) {
            long group = ids[i] / LANES * weight.groupBytes();
            int lane = ids[i] % LANES;
            if (weight.quant().isPresent()) {
                QuantLayout layout = weight.quant().get();
                QuantFormat.Row row = new QuantFormat.Row(layout.format(), weight.cols());
                layout.read(weight.data(), group, lane, row);
                layout.format().values(row, values);
            } else {
                weight.floats().read(weight.data(), group, lane, values);
            }
            out.setRow(i, values);
        }
    }

    /** Whether any of the jobs of a queue has quantised ({@code true}) or float weights. */
    static boolean any(Job.Queue queue, boolean quantised) {
        for (int j = 0; j < queue.jobs(); j++) {
            if (queue.job(j).weight().quant().isPresent() == quantised) {
                return true;
            }
        }
        return false;
    }

    /** Copies {@code cols} columns of one result from a thread's room to y. */
    static void copy(MemorySegment from, long at, Matrix y, int row, int col, int cols) {
        MemorySegment.copy(from, at, y.data(), 4L * ((long) row * y.cols() + col), 4L * cols);
    }
}
