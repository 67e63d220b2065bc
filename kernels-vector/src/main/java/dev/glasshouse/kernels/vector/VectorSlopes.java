package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.Maths.GELU_CUBIC;
import static dev.glasshouse.kernels.Maths.GELU_LINEAR;
import static dev.glasshouse.kernels.vector.Pieces.read;
import static dev.glasshouse.kernels.vector.Pieces.write;

import dev.glasshouse.kernels.DropoutHash;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Shapes;
import dev.glasshouse.kernels.TrainingShapes;
import dev.glasshouse.kernels.Workers;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Gradients of activations, and dropout: value by value, in pieces that are a whole number of vectors. */
final class VectorSlopes {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    private static final IntVector COLUMNS =
            IntVector.zero(Width.INTS).addIndex(1).mul(DropoutHash.STEP);
    private static final float GELU_SLOPE = 3 * GELU_CUBIC;

    private final Pieces pieces;

    VectorSlopes(Workers workers) {
        pieces = new Pieces(workers);
    }

    private static int whole(int count) {
        return (count + LANES - 1) / LANES * LANES;
    }

    void swiglu(Matrix gate, Matrix up, Matrix dOut, Matrix dGate, Matrix dUp) {
        Shapes.same(gate, up, dOut);
        Shapes.same(gate, dGate, dUp);
        pieces.each(gate, (room, at, count) -> {
            read(gate, at, count, room.first);
            read(up, at, count, room.second);
            read(dOut, at, count, room.third);
            swiglu(room, whole(count));
            write(room.second, dGate, at, count);
            write(room.third, dUp, at, count);
        });
    }

    private static void swiglu(Pieces.Room room, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector.fromArray(FLOATS, room.first, i).neg().intoArray(room.fourth, i);
        }
        VectorMaths.exp(room.fourth, 0, count);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < count; i += LANES) {
            FloatVector g = FloatVector.fromArray(FLOATS, room.first, i);
            FloatVector u = FloatVector.fromArray(FLOATS, room.second, i);
            FloatVector d = FloatVector.fromArray(FLOATS, room.third, i);
            FloatVector below = FloatVector.fromArray(FLOATS, room.fourth, i).add(one);
            FloatVector s = one.div(below);
            FloatVector slope = s.mul(g.fma(one.sub(s), one));
            d.mul(u).mul(slope).intoArray(room.second, i);
            d.mul(g.div(below)).intoArray(room.third, i);
        }
    }

    void gelu(Matrix x, Matrix dy, Matrix dx) {
        Shapes.same(x, dy, dx);
        pieces.each(x, (room, at, count) -> {
            read(x, at, count, room.first);
            read(dy, at, count, room.second);
            gelu(room, whole(count));
            write(room.second, dx, at, count);
        });
    }

    private static void gelu(Pieces.Room room, int count) {
        FloatVector linear = FloatVector.broadcast(FLOATS, GELU_LINEAR);
        FloatVector cubic = FloatVector.broadcast(FLOATS, GELU_CUBIC);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, room.first, i);
            v.mul(v.mul(v).fma(cubic, linear)).intoArray(room.fourth, i);
        }
        VectorMaths.exp(room.fourth, 0, count);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector three = FloatVector.broadcast(FLOATS, GELU_SLOPE);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, room.first, i);
            FloatVector s =
                    one.div(FloatVector.fromArray(FLOATS, room.fourth, i).add(one));
            FloatVector inner = v.mul(v).fma(three, linear);
            FloatVector slope = v.mul(one.sub(s)).neg().fma(inner, one);
            FloatVector.fromArray(FLOATS, room.second, i).mul(s.mul(slope)).intoArray(room.second, i);
        }
    }

    void dropout(Matrix x, float rate, long[] rowKeys) {
        TrainingShapes.dropout(x, rate, rowKeys);
        int threshold = DropoutHash.threshold(rate);
        float factor = 1 / (1 - rate);
        pieces.rows(x, (worker, from, to) -> {
            float[] values = pieces.room(worker).first;
            for (int row = from; row < to; row++) {
                long key = DropoutHash.spread(rowKeys[row]);
                for (int col = 0; col < x.cols(); col += Pieces.SIZE) {
                    int count = Math.min(Pieces.SIZE, x.cols() - col);
                    long at = (long) row * x.cols() + col;
                    read(x, at, count, values);
                    dropout(values, count, key, col, threshold, factor);
                    write(values, x, at, count);
                }
            }
        });
    }

    private static void dropout(float[] values, int count, long key, int first, int threshold, float factor) {
        IntVector start = COLUMNS.add((int) key);
        int high = (int) (key >>> 32);
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; i < count; i += LANES) {
            IntVector h = start.add((first + i) * DropoutHash.STEP);
            h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16))
                    .mul(DropoutHash.FACTOR_1);
            h = h.lanewise(VectorOperators.XOR, high);
            h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 15))
                    .mul(DropoutHash.FACTOR_2);
            h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 15))
                    .lanewise(VectorOperators.LSHR, 8);
            FloatVector.fromArray(FLOATS, values, i)
                    .mul(factor)
                    .blend(zero, h.compare(VectorOperators.LT, threshold).cast(FLOATS))
                    .intoArray(values, i);
        }
    }
}
