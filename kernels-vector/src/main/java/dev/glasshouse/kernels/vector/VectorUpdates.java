package dev.glasshouse.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.AdamWStep;
import dev.glasshouse.kernels.Lanes;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Shapes;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * An optimiser's maths, bit for bit as the scalar room defines it. Values come in pieces into arrays that are a whole number of
 * vectors, so that the last piece needs no code of its own.
 */
final class VectorUpdates {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    private static final VectorSpecies<Double> DOUBLES =
            DoubleVector.SPECIES_128.withShape(VectorShape.forBitSize(Width.BITS));
    /** As many floats as there are lanes of doubles. */
    private static final VectorSpecies<Float> HALF =
            FloatVector.SPECIES_128.withShape(VectorShape.forBitSize(Width.BITS / 2));
    /** Values of a piece. */
    private static final int PIECE = 1024;
    /** Pieces that one thread does at least. */
    private static final int GRAIN = 8;

    private final Workers workers;
    private final Room[] rooms;
    private double[] sums = new double[0];

    private static final class Room {
        private final float[] first = new float[PIECE];
        private final float[] second = new float[PIECE];
        private final float[] third = new float[PIECE];
        private final float[] fourth = new float[PIECE];
        private final double[] lanes = new double[Lanes.COUNT];
        private float[] row = new float[0];
    }

    /** Work on one piece of {@code count} values. */
    private interface Piece {
        void run(Room room, long at, int count);
    }

    VectorUpdates(Workers workers) {
        this.workers = workers;
        rooms = new Room[workers.threads()];
        Arrays.setAll(rooms, i -> new Room());
    }

    private void pieces(Matrix x, Piece piece) {
        long values = (long) x.rows() * x.cols();
        int count = Math.toIntExact((values + PIECE - 1) / PIECE);
        workers.bands(count, GRAIN, (worker, from, to) -> {
            for (int i = from; i < to; i++) {
                long at = (long) i * PIECE;
                piece.run(rooms[worker], at, (int) Math.min(PIECE, values - at));
            }
        });
    }

    private static void read(Matrix x, long at, int count, float[] to) {
        MemorySegment.copy(x.data(), JAVA_FLOAT, 4 * at, to, 0, count);
    }

    private static void write(float[] from, Matrix x, long at, int count) {
        MemorySegment.copy(from, 0, x.data(), JAVA_FLOAT, 4 * at, count);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    double sumOfSquares(Matrix x) {
        if (sums.length < x.rows()) {
            sums = new double[x.rows()];
        }
        int grain = Math.max(1, GRAIN * PIECE / Math.max(1, x.cols()));
        workers.bands(x.rows(), grain, (worker, from, to) -> {
            for (int row = from; row < to; row++) {
                sums[row] = squares(rooms[worker], x, row);
            }
        });
        double total = 0;
        for (int row = 0; row < x.rows(); row++) {
            total += sums[row];
        }
        return total;
    }

    private static double squares(Room room, Matrix x, int row) {
        int padded = VectorMaths.padded(x.cols());
        if (room.row.length < padded) {
            room.row = new float[padded];
        }
        read(x, (long) row * x.cols(), x.cols(), room.row);
        Arrays.fill(room.row, x.cols(), padded, 0);
        for (int lane = 0; lane < Lanes.COUNT; lane += LANES) {
            squares(room.row, lane, padded, room.lanes);
        }
        return Lanes.sum(room.lanes);
    }

    /** A square of a float is exact in double, so that fma rounds as an addition does. */
    private static void squares(float[] values, int lane, int count, double[] lanes) {
        DoubleVector low = DoubleVector.zero(DOUBLES);
        DoubleVector high = DoubleVector.zero(DOUBLES);
        for (int i = lane; i < count; i += Lanes.COUNT) {
            DoubleVector a = wide(values, i);
            DoubleVector b = wide(values, i + LANES / 2);
            low = a.fma(a, low);
            high = b.fma(b, high);
        }
        low.intoArray(lanes, lane);
        high.intoArray(lanes, lane + LANES / 2);
    }

    private static DoubleVector wide(float[] values, int at) {
        return (DoubleVector) FloatVector.fromArray(HALF, values, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    void adamW(Matrix w, Matrix g, Matrix m, Matrix v, AdamWStep step) {
        Shapes.same(w, g, m);
        Shapes.same(w, v, v);
        pieces(w, (room, at, count) -> {
            read(g, at, count, room.first);
            read(m, at, count, room.second);
            read(v, at, count, room.third);
            read(w, at, count, room.fourth);
            moments(room.first, room.second, room.third, count, step);
            weights(room.fourth, room.second, room.third, count, step);
            write(room.second, m, at, count);
            write(room.third, v, at, count);
            write(room.fourth, w, at, count);
        });
    }

    private static void moments(float[] grad, float[] mean, float[] square, int count, AdamWStep step) {
        FloatVector rest1 = all(1 - step.beta1());
        FloatVector rest2 = all(1 - step.beta2());
        FloatVector clip = all(step.clip());
        FloatVector beta2 = all(step.beta2());
        for (int i = 0; i < count; i += LANES) {
            FloatVector d = FloatVector.fromArray(FLOATS, grad, i).mul(clip);
            FloatVector m = FloatVector.fromArray(FLOATS, mean, i);
            FloatVector v = FloatVector.fromArray(FLOATS, square, i);
            rest1.fma(d.sub(m), m).intoArray(mean, i);
            rest2.mul(d).fma(d, v.mul(beta2)).intoArray(square, i);
        }
    }

    private static void weights(float[] weight, float[] mean, float[] square, int count, AdamWStep step) {
        FloatVector root = all(step.root());
        FloatVector epsilon = all(step.epsilon());
        FloatVector rate = all(-step.rate());
        FloatVector keep = all(step.keep());
        for (int i = 0; i < count; i += LANES) {
            FloatVector below =
                    FloatVector.fromArray(FLOATS, square, i).sqrt().div(root).add(epsilon);
            FloatVector change = FloatVector.fromArray(FLOATS, mean, i).div(below);
            FloatVector w = FloatVector.fromArray(FLOATS, weight, i).mul(keep);
            rate.fma(change, w).intoArray(weight, i);
        }
    }

    void nesterov(Matrix g, float clip, float mu, Matrix momentum, Matrix update) {
        Shapes.same(g, momentum, update);
        pieces(g, (room, at, count) -> {
            read(g, at, count, room.first);
            read(momentum, at, count, room.second);
            nesterov(room.first, room.second, count, clip, mu);
            write(room.second, momentum, at, count);
            write(room.first, update, at, count);
        });
    }

    private static void nesterov(float[] grad, float[] momentum, int count, float clip, float mu) {
        FloatVector rest = all(1 - mu);
        FloatVector share = all(mu);
        for (int i = 0; i < count; i += LANES) {
            FloatVector d = FloatVector.fromArray(FLOATS, grad, i).mul(clip);
            FloatVector old = FloatVector.fromArray(FLOATS, momentum, i);
            FloatVector speed = rest.fma(d.sub(old), old);
            speed.intoArray(momentum, i);
            share.fma(speed.sub(d), d).intoArray(grad, i);
        }
    }

    void combine(float a, Matrix x, float b, Matrix y, Matrix out) {
        Shapes.same(x, y, out);
        pieces(x, (room, at, count) -> {
            read(x, at, count, room.first);
            read(y, at, count, room.second);
            combine(a, room.first, b, room.second, count);
            write(room.first, out, at, count);
        });
    }

    private static void combine(float a, float[] x, float b, float[] y, int count) {
        FloatVector first = all(a);
        FloatVector second = all(b);
        for (int i = 0; i < count; i += LANES) {
            FloatVector rest = second.mul(FloatVector.fromArray(FLOATS, y, i));
            first.fma(FloatVector.fromArray(FLOATS, x, i), rest).intoArray(x, i);
        }
    }
}
