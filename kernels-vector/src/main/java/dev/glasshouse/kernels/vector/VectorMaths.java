package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.Maths.EXP_0;
import static dev.glasshouse.kernels.Maths.EXP_1;
import static dev.glasshouse.kernels.Maths.EXP_2;
import static dev.glasshouse.kernels.Maths.EXP_3;
import static dev.glasshouse.kernels.Maths.EXP_4;
import static dev.glasshouse.kernels.Maths.EXP_HIGHEST;
import static dev.glasshouse.kernels.Maths.EXP_LOWEST;
import static dev.glasshouse.kernels.Maths.LN2_HIGH;
import static dev.glasshouse.kernels.Maths.LN2_LOW;
import static dev.glasshouse.kernels.Maths.LOG2_E;
import static dev.glasshouse.kernels.Maths.MAGIC;
import static dev.glasshouse.kernels.Maths.TANH_0;
import static dev.glasshouse.kernels.Maths.TANH_1;
import static dev.glasshouse.kernels.Maths.TANH_2;
import static dev.glasshouse.kernels.Maths.TANH_3;
import static dev.glasshouse.kernels.Maths.TANH_4;
import static dev.glasshouse.kernels.Maths.TANH_SMALL;

import dev.glasshouse.kernels.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link dev.glasshouse.kernels.Maths} and {@link Lanes} over pieces of arrays. Ranges are whole vectors: {@code count}
 * is a multiple of the lanes (16 always is). Arrays go in and out, not vectors, so that no compiler decision can box one.
 */
final class VectorMaths {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;

    private VectorMaths() {}

    /** {@code count} rounded up to the 16 virtual lanes. */
    static int padded(int count) {
        return (count + Lanes.COUNT - 1) / Lanes.COUNT * Lanes.COUNT;
    }

    /** Each value x becomes e to the x. */
    static void exp(float[] values, int from, int count) {
        FloatVector magic = FloatVector.broadcast(FLOATS, MAGIC);
        FloatVector log2e = FloatVector.broadcast(FLOATS, LOG2_E);
        FloatVector high = FloatVector.broadcast(FLOATS, -LN2_HIGH);
        FloatVector low = FloatVector.broadcast(FLOATS, -LN2_LOW);
        for (int i = from; i < from + count; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, values, i);
            FloatVector shifted = x.fma(log2e, magic);
            FloatVector n = shifted.sub(magic);
            FloatVector r = n.fma(low, n.fma(high, x));
            FloatVector p = r.fma(FloatVector.broadcast(FLOATS, EXP_4), FloatVector.broadcast(FLOATS, EXP_3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, EXP_2));
            p = p.fma(r, FloatVector.broadcast(FLOATS, EXP_1));
            p = p.fma(r, FloatVector.broadcast(FLOATS, EXP_0));
            FloatVector e = p.fma(r.mul(r), r).add(1);
            IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            e = e.reinterpretAsInts().add(power).reinterpretAsFloats();
            e = e.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, EXP_HIGHEST));
            e = e.blend(0f, x.compare(VectorOperators.LT, EXP_LOWEST));
            e.blend(Float.NaN, x.compare(VectorOperators.NE, x)).intoArray(values, i);
        }
    }

    /** Each value x becomes cap·tanh(x/cap); {@code work} has room for {@code count}. */
    static void softcap(float cap, float[] values, int from, int count, float[] work) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector size =
                    FloatVector.fromArray(FLOATS, values, from + i).div(cap).abs();
            size.mul(2).intoArray(work, i);
        }
        exp(work, 0, count);
        for (int i = 0; i < count; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, values, from + i).div(cap);
            FloatVector size = x.abs();
            FloatVector z = x.mul(x);
            FloatVector p = z.fma(FloatVector.broadcast(FLOATS, TANH_4), FloatVector.broadcast(FLOATS, TANH_3));
            p = p.fma(z, FloatVector.broadcast(FLOATS, TANH_2));
            p = p.fma(z, FloatVector.broadcast(FLOATS, TANH_1));
            p = p.fma(z, FloatVector.broadcast(FLOATS, TANH_0));
            FloatVector small = p.fma(z.mul(size), size);
            FloatVector e = FloatVector.fromArray(FLOATS, work, i).add(1);
            FloatVector large = FloatVector.broadcast(FLOATS, 1)
                    .sub(FloatVector.broadcast(FLOATS, 2).div(e));
            VectorMask<Float> isSmall = size.compare(VectorOperators.LE, TANH_SMALL);
            IntVector sign = x.reinterpretAsInts().and(0x80000000);
            IntVector magnitude =
                    large.blend(small, isSmall).reinterpretAsInts().and(0x7FFFFFFF);
            magnitude.or(sign).reinterpretAsFloats().mul(cap).intoArray(values, from + i);
        }
    }

    /** The sum in the order of {@link Lanes}. */
    static float sum(float[] values, int from, int count, float[] lanes) {
        for (int lane = 0; lane < Lanes.COUNT; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = from + lane; i < from + count; i += Lanes.COUNT) {
                sum = sum.add(FloatVector.fromArray(FLOATS, values, i));
            }
            sum.intoArray(lanes, lane);
        }
        return Lanes.sum(lanes);
    }

    /** The sum of the squares in the order of {@link Lanes}. */
    static float sumOfSquares(float[] values, int count, float[] lanes) {
        for (int lane = 0; lane < Lanes.COUNT; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < count; i += Lanes.COUNT) {
                FloatVector x = FloatVector.fromArray(FLOATS, values, i);
                sum = x.fma(x, sum);
            }
            sum.intoArray(lanes, lane);
        }
        return Lanes.sum(lanes);
    }

    /** The largest value, NaN if one is. */
    static float max(float[] values, int from, int count, float[] lanes) {
        FloatVector max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = from; i < from + count; i += LANES) {
            max = max.max(FloatVector.fromArray(FLOATS, values, i));
        }
        max.intoArray(lanes, 0);
        return Lanes.max(lanes, LANES);
    }

    /** Each value less {@code amount}. */
    static void subtract(float[] values, int from, int count, float amount) {
        for (int i = from; i < from + count; i += LANES) {
            FloatVector.fromArray(FLOATS, values, i).sub(amount).intoArray(values, i);
        }
    }

    /** Each value divided by {@code amount}. */
    static void divide(float[] values, int count, float amount) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector.fromArray(FLOATS, values, i).div(amount).intoArray(values, i);
        }
    }
}
