package dev.glasshouse.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.Lanes;
import dev.glasshouse.kernels.Maths;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.TrainingShapes;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Gradients of norms, and sums over rows. What is a sum over rows is shared by columns, so that each sum is one chain down
 * the rows whatever the threads; the rest is shared by rows.
 */
final class VectorNorms {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    /** Values that one thread does at least. */
    private static final int GRAIN = 1 << 12;

    private final Workers workers;
    private final Room[] rooms;
    private float[] means = new float[0];
    private float[] factors = new float[0];

    private static final class Room {
        private final float[] lanes = new float[Lanes.COUNT];
        private float[] values = new float[0];
        private float[] grads = new float[0];
        private float[] third = new float[0];
        private float[] fourth = new float[0];

        private void grow(int cols) {
            int padded = VectorMaths.padded(cols);
            if (values.length < padded) {
                values = new float[padded];
                grads = new float[padded];
                third = new float[padded];
                fourth = new float[padded];
            }
        }
    }

    VectorNorms(Workers workers) {
        this.workers = workers;
        rooms = new Room[workers.threads()];
        Arrays.setAll(rooms, i -> new Room());
    }

    private static void read(Matrix x, int row, int from, int to, float[] into) {
        MemorySegment.copy(x.data(), JAVA_FLOAT, 4 * ((long) row * x.cols() + from), into, 0, to - from);
    }

    private static void write(float[] values, Matrix x, int row, int from, int to) {
        MemorySegment.copy(values, 0, x.data(), JAVA_FLOAT, 4 * ((long) row * x.cols() + from), to - from);
    }

    /** Rows for a thread. */
    private static int rowGrain(Matrix x) {
        return Math.max(1, GRAIN / Math.max(1, x.cols()));
    }

    /** Columns for a thread: whole cache lines. */
    private static int columnGrain(Matrix x) {
        return Math.max(1, GRAIN / Math.max(1, x.rows()) / 16) * 16;
    }

    private static FloatVector at(float[] values, int i) {
        return FloatVector.fromArray(FLOATS, values, i);
    }

    private static void add(float[] values, float[] sums, int count) {
        for (int i = 0; i < count; i += LANES) {
            at(sums, i).add(at(values, i)).intoArray(sums, i);
        }
    }

    void addRows(Matrix x, Matrix sums) {
        TrainingShapes.sums(x, sums);
        workers.bands(x.cols(), columnGrain(x), (worker, from, to) -> {
            Room room = rooms[worker];
            room.grow(x.cols());
            read(sums, 0, from, to, room.third);
            for (int row = 0; row < x.rows(); row++) {
                read(x, row, from, to, room.values);
                add(room.values, room.third, to - from);
            }
            write(room.third, sums, 0, from, to);
        });
    }

    void gather(Matrix table, int[] ids, Matrix out) {
        TrainingShapes.ids(table, ids, out);
        workers.bands(ids.length, rowGrain(out), (worker, from, to) -> {
            for (int i = from; i < to; i++) {
                out.setRow(i, table, ids[i]);
            }
        });
    }

    void scatter(Matrix x, int[] ids, Matrix table) {
        TrainingShapes.ids(table, ids, x);
        workers.bands(x.cols(), columnGrain(x), (worker, from, to) -> {
            Room room = rooms[worker];
            room.grow(x.cols());
            for (int i = 0; i < ids.length; i++) {
                read(x, i, from, to, room.values);
                read(table, ids[i], from, to, room.third);
                add(room.values, room.third, to - from);
                write(room.third, table, ids[i], from, to);
            }
        });
    }

    void rmsNorm(Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw) {
        TrainingShapes.norm(x, weight, dy, dx, dw);
        reserve(x.rows());
        workers.bands(x.rows(), rowGrain(x), (worker, from, to) -> factors(rooms[worker], x, eps, false, from, to));
        workers.bands(x.cols(), columnGrain(x), (worker, from, to) -> weights(rooms[worker], x, dy, dw, from, to));
        workers.bands(x.rows(), rowGrain(x), (worker, from, to) -> {
            for (int row = from; row < to; row++) {
                rmsNorm(rooms[worker], x, weight, dy, onto, dx, row);
            }
        });
    }

    void layerNorm(Matrix x, float[] weight, float eps, Matrix dy, boolean onto, Matrix dx, Matrix dw, Matrix db) {
        TrainingShapes.norm(x, weight, dy, dx, dw);
        reserve(x.rows());
        workers.bands(x.rows(), rowGrain(x), (worker, from, to) -> factors(rooms[worker], x, eps, true, from, to));
        workers.bands(x.cols(), columnGrain(x), (worker, from, to) -> weights(rooms[worker], x, dy, dw, from, to));
        addRows(dy, db);
        workers.bands(x.rows(), rowGrain(x), (worker, from, to) -> {
            for (int row = from; row < to; row++) {
                layerNorm(rooms[worker], x, weight, dy, onto, dx, row);
            }
        });
    }

    private void reserve(int rows) {
        if (factors.length < rows) {
            factors = new float[rows];
            means = new float[rows];
        }
    }

    /** The row, zeros after it. */
    private static void load(Matrix x, int row, float[] into) {
        read(x, row, 0, x.cols(), into);
        Arrays.fill(into, x.cols(), VectorMaths.padded(x.cols()), 0);
    }

    private void factors(Room room, Matrix x, float eps, boolean centred, int from, int to) {
        int cols = x.cols();
        int padded = VectorMaths.padded(cols);
        room.grow(cols);
        for (int row = from; row < to; row++) {
            load(x, row, room.values);
            means[row] = 0;
            if (centred) {
                means[row] = VectorMaths.sum(room.values, 0, padded, room.lanes) / cols;
                VectorMaths.subtract(room.values, 0, padded, means[row]);
                Arrays.fill(room.values, cols, padded, 0);
            }
            factors[row] = Maths.normFactor(VectorMaths.sumOfSquares(room.values, padded, room.lanes), cols, eps);
        }
    }

    /** Columns from … to−1 of the gradient of the weight. */
    private void weights(Room room, Matrix x, Matrix dy, Matrix dw, int from, int to) {
        room.grow(x.cols());
        read(dw, 0, from, to, room.third);
        for (int row = 0; row < x.rows(); row++) {
            read(x, row, from, to, room.values);
            read(dy, row, from, to, room.grads);
            weights(room.values, room.grads, means[row], factors[row], room.third, to - from);
        }
        write(room.third, dw, 0, from, to);
    }

    private static void weights(float[] x, float[] dy, float mean, float factor, float[] sums, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector hat = at(x, i).sub(mean).mul(factor);
            at(dy, i).fma(hat, at(sums, i)).intoArray(sums, i);
        }
    }

    /** Into third the gradient times the weight, into fourth that times the value. */
    private static void products(Room room, float[] weight, int cols) {
        int whole = cols - cols % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector g = at(room.grads, i).mul(at(weight, i));
            g.intoArray(room.third, i);
            g.mul(at(room.values, i)).intoArray(room.fourth, i);
        }
        for (int i = whole; i < cols; i++) {
            room.third[i] = room.grads[i] * weight[i];
            room.fourth[i] = room.third[i] * room.values[i];
        }
        int padded = VectorMaths.padded(cols);
        Arrays.fill(room.third, cols, padded, 0);
        Arrays.fill(room.fourth, cols, padded, 0);
    }

    private void rmsNorm(Room room, Matrix x, float[] weight, Matrix dy, boolean onto, Matrix dx, int row) {
        int cols = x.cols();
        int padded = VectorMaths.padded(cols);
        float factor = factors[row];
        room.grow(cols);
        load(x, row, room.values);
        load(dy, row, room.grads);
        products(room, weight, cols);
        float back = -(VectorMaths.sum(room.fourth, 0, padded, room.lanes) / cols * (factor * factor * factor));
        for (int i = 0; i < cols; i += LANES) {
            FloatVector own = at(room.third, i).mul(factor);
            at(room.values, i).fma(FloatVector.broadcast(FLOATS, back), own).intoArray(room.third, i);
        }
        put(room, onto, dx, row);
    }

    private void layerNorm(Room room, Matrix x, float[] weight, Matrix dy, boolean onto, Matrix dx, int row) {
        int cols = x.cols();
        int padded = VectorMaths.padded(cols);
        float factor = factors[row];
        room.grow(cols);
        load(x, row, room.values);
        load(dy, row, room.grads);
        for (int i = 0; i < cols; i += LANES) {
            at(room.values, i).sub(means[row]).mul(factor).intoArray(room.values, i);
        }
        products(room, weight, cols);
        float level = VectorMaths.sum(room.third, 0, padded, room.lanes) / cols;
        float back = -(VectorMaths.sum(room.fourth, 0, padded, room.lanes) / cols);
        FloatVector slope = FloatVector.broadcast(FLOATS, back);
        for (int i = 0; i < cols; i += LANES) {
            FloatVector own = at(room.third, i).sub(level);
            at(room.values, i).fma(slope, own).mul(factor).intoArray(room.third, i);
        }
        put(room, onto, dx, row);
    }

    private static void put(Room room, boolean onto, Matrix dx, int row) {
        if (onto) {
            read(dx, row, 0, dx.cols(), room.fourth);
            add(room.fourth, room.third, dx.cols());
        }
        write(room.third, dx, row, 0, dx.cols());
    }
}
