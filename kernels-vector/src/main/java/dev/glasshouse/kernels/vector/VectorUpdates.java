package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Pieces.read;
import static dev.glasshouse.kernels.vector.Pieces.write;

import dev.glasshouse.kernels.AdamWStep;
import dev.glasshouse.kernels.Lanes;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Shapes;
import dev.glasshouse.kernels.Workers;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * An optimiser's maths, bit for bit as the scalar room defines it.
 */
final class VectorUpdates {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    private static final VectorSpecies<Double> DOUBLES =
            DoubleVector.SPECIES_128.withShape(VectorShape.forBitSize(Width.BITS));
    /** As many floats as there are lanes of doubles. */
    private static final VectorSpecies<Float> HALF =
            FloatVector.SPECIES_128.withShape(VectorShape.forBitSize(Width.BITS / 2));

    private final Pieces pieces;
    private final Row[] rows;
    private double[] sums = new double[0];

    /** A thread's copy of a row, and its sums by lane. */
    private static final class Row {
        private final double[] lanes = new double[Lanes.COUNT];
        private float[] values = new float[0];
    }

    VectorUpdates(Workers workers) {
        pieces = new Pieces(workers);
        rows = new Row[workers.threads()];
        Arrays.setAll(rows, i -> new Row());
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    double sumOfSquares(Matrix x) {
        if (sums.length < x.rows()) {
            sums = new double[x.rows()];
        }
        pieces.rows(x, (worker, from, to) -> {
            for (int row = from; row < to; row++) {
                sums[row] = squares(rows[worker], x, row);
            }
        });
        double total = 0;
        for (int row = 0; row < x.rows(); row++) {
            total += sums[row];
        }
        return total;
    }

    private static double squares(Row own, Matrix x, int row) {
        int padded = VectorMaths.padded(x.cols());
        if (own.values.length < padded) {
            own.values = new float[padded];
        }
        read(x, (long) row * x.cols(), x.cols(), own.values);
        Arrays.fill(own.values, x.cols(), padded, 0);
        for (int lane = 0; lane < Lanes.COUNT; lane += LANES) {
            squares(own.values, lane, padded, own.lanes);
        }
        return Lanes.sum(own.lanes);
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
        pieces.each(w, (room, at, count) -> {
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
        pieces.each(g, (room, at, count) -> {
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
        pieces.each(x, (room, at, count) -> {
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
