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

import dev.glasshouse.kernels.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What causal attention does between its products, tile by tile. Exponents are never above 0 but for a rounding, so that
 * the forward pass looks only for the lower end of {@link dev.glasshouse.kernels.Maths#exp}; NaN stays NaN by itself.
 */
final class CausalMaths {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    private static final int TILE = CausalKernels.TILE;
    /** 0, 1, 2, … */
    private static final FloatVector COUNT = FloatVector.zero(FLOATS).addIndex(1);

    private CausalMaths() {}

    /**
     * The largest of each lane's scores, scaled. All lanes see the first {@code seen} keys; of the others lane i sees those
     * up to seen − 1 + i.
     */
    static void largest(float[] s, int seen, int keys, float scale, float[] max) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        FloatVector a = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int j = 0;
        for (; j < seen - 1; j += 2) {
            a = a.max(FloatVector.fromArray(FLOATS, s, j * TILE).mul(factor));
            b = b.max(FloatVector.fromArray(FLOATS, s, j * TILE + LANES).mul(factor));
            c = c.max(FloatVector.fromArray(FLOATS, s, j * TILE + TILE).mul(factor));
            d = d.max(FloatVector.fromArray(FLOATS, s, j * TILE + TILE + LANES).mul(factor));
        }
        a = a.max(c);
        b = b.max(d);
        for (; j < keys; j++) {
            float hidden = j - seen + 1;
            FloatVector first = FloatVector.fromArray(FLOATS, s, j * TILE).mul(factor);
            FloatVector second =
                    FloatVector.fromArray(FLOATS, s, j * TILE + LANES).mul(factor);
            a = a.blend(a.max(first), COUNT.compare(VectorOperators.GE, hidden));
            b = b.blend(b.max(second), COUNT.compare(VectorOperators.GE, hidden - LANES));
        }
        a.intoArray(max, 0);
        b.intoArray(max, LANES);
    }

    /** Scores of some keys become e to the scaled score less the lane's largest. */
    static void weights(float[] s, int lane, int keys, float scale, float[] max) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        FloatVector largest = FloatVector.fromArray(FLOATS, max, lane);
        FloatVector magic = FloatVector.broadcast(FLOATS, MAGIC);
        FloatVector log2e = FloatVector.broadcast(FLOATS, LOG2_E);
        FloatVector high = FloatVector.broadcast(FLOATS, -LN2_HIGH);
        FloatVector low = FloatVector.broadcast(FLOATS, -LN2_LOW);
        FloatVector lowest = FloatVector.broadcast(FLOATS, EXP_LOWEST);
        for (int j = lane; j < lane + keys * TILE; j += TILE) {
            FloatVector x = FloatVector.fromArray(FLOATS, s, j).mul(factor).sub(largest);
            FloatVector shifted = x.fma(log2e, magic);
            FloatVector n = shifted.sub(magic);
            FloatVector r = n.fma(low, n.fma(high, x));
            FloatVector p = r.fma(FloatVector.broadcast(FLOATS, EXP_4), FloatVector.broadcast(FLOATS, EXP_3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, EXP_2));
            p = p.fma(r, FloatVector.broadcast(FLOATS, EXP_1));
            p = p.fma(r, FloatVector.broadcast(FLOATS, EXP_0));
            FloatVector e = p.fma(r.mul(r), r).add(1);
            e = e.reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats();
            e.blend(0f, x.compare(VectorOperators.LT, lowest)).intoArray(s, j);
        }
    }

    /** Of keys from {@code seen} on, lane i sees those up to seen − 1 + i; the weights of others become 0. */
    static void hide(float[] s, int lane, int seen, int keys) {
        for (int j = seen; j < keys; j++) {
            VectorMask<Float> sees = COUNT.compare(VectorOperators.GE, (float) (j - seen + 1 - lane));
            FloatVector.zero(FLOATS)
                    .blend(FloatVector.fromArray(FLOATS, s, j * TILE + lane), sees)
                    .intoArray(s, j * TILE + lane);
        }
    }

    /** The sums of 64 weights of each lane, in the order of {@link Lanes}; work has room for 16 × TILE. */
    static void sums(float[] s, int lane, float[] work, float[] sums) {
        for (int j = lane; j < lane + Lanes.COUNT * TILE; j += TILE) {
            FloatVector.fromArray(FLOATS, s, j)
                    .add(FloatVector.fromArray(FLOATS, s, j + Lanes.COUNT * TILE))
                    .add(FloatVector.fromArray(FLOATS, s, j + 2 * Lanes.COUNT * TILE))
                    .add(FloatVector.fromArray(FLOATS, s, j + 3 * Lanes.COUNT * TILE))
                    .intoArray(work, j);
        }
        for (int step = Lanes.COUNT / 2 * TILE; step >= TILE; step /= 2) {
            for (int j = lane; j < lane + step; j += TILE) {
                FloatVector.fromArray(FLOATS, work, j)
                        .add(FloatVector.fromArray(FLOATS, work, j + step))
                        .intoArray(work, j);
            }
        }
        FloatVector.fromArray(FLOATS, work, lane).intoArray(sums, lane);
    }

    /** What the merge of two states multiplies each by; the larger maximum goes to {@code max}, the sum to {@code sum}. */
    static void factors(float[] max, float[] sum, float[] partMax, float[] partSum, float[] old, float[] fresh) {
        for (int lane = 0; lane < TILE; lane += LANES) {
            FloatVector before = FloatVector.fromArray(FLOATS, max, lane);
            FloatVector part = FloatVector.fromArray(FLOATS, partMax, lane);
            FloatVector both = before.max(part);
            both.intoArray(max, lane);
            before.sub(both).intoArray(old, lane);
            part.sub(both).intoArray(fresh, lane);
        }
        VectorMaths.exp(old, 0, TILE);
        VectorMaths.exp(fresh, 0, TILE);
        merge(old, fresh, sum, partSum, 1);
    }

    /** {@code state = fma(fresh, part, old·state)} of {@code size} values of each lane. */
    static void merge(float[] old, float[] fresh, float[] state, float[] part, int size) {
        for (int lane = 0; lane < TILE; lane += LANES) {
            FloatVector oldFactor = FloatVector.fromArray(FLOATS, old, lane);
            FloatVector freshFactor = FloatVector.fromArray(FLOATS, fresh, lane);
            for (int d = lane; d < lane + size * TILE; d += TILE) {
                freshFactor
                        .fma(
                                FloatVector.fromArray(FLOATS, part, d),
                                FloatVector.fromArray(FLOATS, state, d).mul(oldFactor))
                        .intoArray(state, d);
            }
        }
    }

    /** {@code state = state / sum} of {@code size} values of each lane. */
    static void divide(float[] state, float[] sum, int size) {
        for (int lane = 0; lane < TILE; lane += LANES) {
            FloatVector divisor = FloatVector.fromArray(FLOATS, sum, lane);
            for (int d = lane; d < lane + size * TILE; d += TILE) {
                FloatVector.fromArray(FLOATS, state, d).div(divisor).intoArray(state, d);
            }
        }
    }

    /**
     * Scores become weights P, and their gradients dP those of the scores, P·(dP − D); lanes are keys here.
     *
     * @param facts of row r at 3·(at + r): largest score, 1 / sum, D
     */
    static void gradients(float[] s, float[] ds, int lane, int rows, float scale, float[] facts, int at) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        FloatVector magic = FloatVector.broadcast(FLOATS, MAGIC);
        FloatVector log2e = FloatVector.broadcast(FLOATS, LOG2_E);
        FloatVector high = FloatVector.broadcast(FLOATS, -LN2_HIGH);
        FloatVector low = FloatVector.broadcast(FLOATS, -LN2_LOW);
        FloatVector lowest = FloatVector.broadcast(FLOATS, EXP_LOWEST);
        FloatVector highest = FloatVector.broadcast(FLOATS, EXP_HIGHEST);
        int fact = 3 * at;
        for (int j = lane; j < lane + rows * TILE; j += TILE) {
            FloatVector x =
                    FloatVector.fromArray(FLOATS, s, j).fma(factor, FloatVector.broadcast(FLOATS, -facts[fact]));
            FloatVector shifted = x.fma(log2e, magic);
            FloatVector n = shifted.sub(magic);
            FloatVector r = n.fma(low, n.fma(high, x));
            FloatVector p = r.fma(FloatVector.broadcast(FLOATS, EXP_4), FloatVector.broadcast(FLOATS, EXP_3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, EXP_2));
            p = p.fma(r, FloatVector.broadcast(FLOATS, EXP_1));
            p = p.fma(r, FloatVector.broadcast(FLOATS, EXP_0));
            FloatVector e = p.fma(r.mul(r), r).add(1);
            e = e.reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats();
            // Half a unit of the largest score is above exp's upper end once scores reach 2³¹.
            e = e.blend(0f, x.compare(VectorOperators.LT, lowest))
                    .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, highest))
                    .mul(FloatVector.broadcast(FLOATS, facts[fact + 1]));
            e.intoArray(s, j);
            FloatVector.fromArray(FLOATS, ds, j)
                    .sub(FloatVector.broadcast(FLOATS, facts[fact + 2]))
                    .mul(e)
                    .intoArray(ds, j);
            fact += 3;
        }
    }

    /** Lane i of row r becomes 0 where i > first + r: its key isn't seen. */
    static void hideLanes(float[] s, int lane, int rows, int first) {
        for (int r = 0; r < rows; r++) {
            VectorMask<Float> sees = COUNT.compare(VectorOperators.LE, (float) (first + r - lane));
            FloatVector.zero(FLOATS)
                    .blend(FloatVector.fromArray(FLOATS, s, r * TILE + lane), sees)
                    .intoArray(s, r * TILE + lane);
        }
    }

    /** Σ x·y of {@code count} values in the order of {@link Lanes}. */
    static float dot(float[] x, int xAt, float[] y, int yAt, int count, float[] lanes) {
        int whole = count / Lanes.COUNT * Lanes.COUNT;
        for (int lane = 0; lane < Lanes.COUNT; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < whole; i += Lanes.COUNT) {
                sum = FloatVector.fromArray(FLOATS, x, xAt + i).fma(FloatVector.fromArray(FLOATS, y, yAt + i), sum);
            }
            sum.intoArray(lanes, lane);
        }
        for (int i = whole; i < count; i++) {
            lanes[i - whole] = Math.fma(x[xAt + i], y[yAt + i], lanes[i - whole]);
        }
        // The tree of Lanes.sum, written out: here it's called for each row.
        float even =
                ((lanes[0] + lanes[8]) + (lanes[4] + lanes[12])) + ((lanes[2] + lanes[10]) + (lanes[6] + lanes[14]));
        float odd =
                ((lanes[1] + lanes[9]) + (lanes[5] + lanes[13])) + ((lanes[3] + lanes[11]) + (lanes[7] + lanes[15]));
        return even + odd;
    }
}
