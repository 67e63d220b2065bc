package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.KvLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of attention over arrays: lanes are positions in scores and values of the head in weighted sums, so that
 * each lane is one fma chain of the definition. Four vectors for two queries at a time: eight chains hide the latency of
 * fma, and each vector of keys or values is loaded once for both.
 */
final class AttentionKernels {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    private static final int BLOCK = KvLayout.BLOCK;
    /** Positions, or values of a head, that a kernel does at a time. */
    static final int STEP = 4 * LANES;

    private AttentionKernels() {}

    /** Scaled scores of positions p … p+STEP−1 for two queries, the second's BLOCK after the first's. */
    static void scoresOfTwo(
            float[] queries, int first, int second, int size, float[] keys, int p, float scale, float[] into) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        int at = p;
        for (int d = 0; d < size; d++) {
            FloatVector a = FloatVector.broadcast(FLOATS, queries[first + d]);
            FloatVector b = FloatVector.broadcast(FLOATS, queries[second + d]);
            FloatVector k0 = FloatVector.fromArray(FLOATS, keys, at);
            FloatVector k1 = FloatVector.fromArray(FLOATS, keys, at + LANES);
            FloatVector k2 = FloatVector.fromArray(FLOATS, keys, at + 2 * LANES);
            FloatVector k3 = FloatVector.fromArray(FLOATS, keys, at + 3 * LANES);
            a0 = a.fma(k0, a0);
            a1 = a.fma(k1, a1);
            a2 = a.fma(k2, a2);
            a3 = a.fma(k3, a3);
            b0 = b.fma(k0, b0);
            b1 = b.fma(k1, b1);
            b2 = b.fma(k2, b2);
            b3 = b.fma(k3, b3);
            at += BLOCK;
        }
        a0.mul(scale).intoArray(into, p);
        a1.mul(scale).intoArray(into, p + LANES);
        a2.mul(scale).intoArray(into, p + 2 * LANES);
        a3.mul(scale).intoArray(into, p + 3 * LANES);
        b0.mul(scale).intoArray(into, BLOCK + p);
        b1.mul(scale).intoArray(into, BLOCK + p + LANES);
        b2.mul(scale).intoArray(into, BLOCK + p + 2 * LANES);
        b3.mul(scale).intoArray(into, BLOCK + p + 3 * LANES);
    }

    /** Scaled scores of positions p … p+STEP−1 for one query. */
    static void scoresOfOne(float[] queries, int first, int size, float[] keys, int p, float scale, float[] into) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        int at = p;
        for (int d = 0; d < size; d++) {
            FloatVector a = FloatVector.broadcast(FLOATS, queries[first + d]);
            a0 = a.fma(FloatVector.fromArray(FLOATS, keys, at), a0);
            a1 = a.fma(FloatVector.fromArray(FLOATS, keys, at + LANES), a1);
            a2 = a.fma(FloatVector.fromArray(FLOATS, keys, at + 2 * LANES), a2);
            a3 = a.fma(FloatVector.fromArray(FLOATS, keys, at + 3 * LANES), a3);
            at += BLOCK;
        }
        a0.mul(scale).intoArray(into, p);
        a1.mul(scale).intoArray(into, p + LANES);
        a2.mul(scale).intoArray(into, p + 2 * LANES);
        a3.mul(scale).intoArray(into, p + 3 * LANES);
    }

    /** Weighted sums of STEP values of the head for two queries, whose weights are BLOCK apart. */
    static void sumsOfTwo(
            float[] weights, int from, int to, float[] values, int value, int stride, float[] into, int first) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        int at = from * stride + value;
        for (int p = from; p < to; p++) {
            FloatVector a = FloatVector.broadcast(FLOATS, weights[p]);
            FloatVector b = FloatVector.broadcast(FLOATS, weights[BLOCK + p]);
            FloatVector v0 = FloatVector.fromArray(FLOATS, values, at);
            FloatVector v1 = FloatVector.fromArray(FLOATS, values, at + LANES);
            FloatVector v2 = FloatVector.fromArray(FLOATS, values, at + 2 * LANES);
            FloatVector v3 = FloatVector.fromArray(FLOATS, values, at + 3 * LANES);
            a0 = a.fma(v0, a0);
            a1 = a.fma(v1, a1);
            a2 = a.fma(v2, a2);
            a3 = a.fma(v3, a3);
            b0 = b.fma(v0, b0);
            b1 = b.fma(v1, b1);
            b2 = b.fma(v2, b2);
            b3 = b.fma(v3, b3);
            at += stride;
        }
        int second = first + stride;
        a0.intoArray(into, first + value);
        a1.intoArray(into, first + value + LANES);
        a2.intoArray(into, first + value + 2 * LANES);
        a3.intoArray(into, first + value + 3 * LANES);
        b0.intoArray(into, second + value);
        b1.intoArray(into, second + value + LANES);
        b2.intoArray(into, second + value + 2 * LANES);
        b3.intoArray(into, second + value + 3 * LANES);
    }

    /** Weighted sums of STEP values of the head for one query, whose weights start at {@code weight}. */
    static void sumsOfOne(
            float[] weights,
            int weight,
            int from,
            int to,
            float[] values,
            int value,
            int stride,
            float[] into,
            int first) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        int at = from * stride + value;
        for (int p = from; p < to; p++) {
            FloatVector a = FloatVector.broadcast(FLOATS, weights[weight + p]);
            a0 = a.fma(FloatVector.fromArray(FLOATS, values, at), a0);
            a1 = a.fma(FloatVector.fromArray(FLOATS, values, at + LANES), a1);
            a2 = a.fma(FloatVector.fromArray(FLOATS, values, at + 2 * LANES), a2);
            a3 = a.fma(FloatVector.fromArray(FLOATS, values, at + 3 * LANES), a3);
            at += stride;
        }
        a0.intoArray(into, first + value);
        a1.intoArray(into, first + value + LANES);
        a2.intoArray(into, first + value + 2 * LANES);
        a3.intoArray(into, first + value + 3 * LANES);
    }

    /** Weighted sums of one vector of values of the head: what STEP leaves over. */
    static void sumsOfRest(
            float[] weights,
            int weight,
            int from,
            int to,
            float[] values,
            int value,
            int stride,
            float[] into,
            int first) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int at = from * stride + value;
        for (int p = from; p < to; p++) {
            sum = FloatVector.broadcast(FLOATS, weights[weight + p])
                    .fma(FloatVector.fromArray(FLOATS, values, at), sum);
            at += stride;
        }
        sum.intoArray(into, first + value);
    }

    /** {@code state = fma(fresh, part, old·state)} over {@code count} values. */
    static void merge(float old, float fresh, float[] state, int at, float[] part, int partAt, int count) {
        FloatVector oldFactor = FloatVector.broadcast(FLOATS, old);
        FloatVector freshFactor = FloatVector.broadcast(FLOATS, fresh);
        for (int i = 0; i < count; i += LANES) {
            freshFactor
                    .fma(
                            FloatVector.fromArray(FLOATS, part, partAt + i),
                            FloatVector.fromArray(FLOATS, state, at + i).mul(oldFactor))
                    .intoArray(state, at + i);
        }
    }

    /** {@code values = values / divisor} over {@code count} values. */
    static void divide(float[] values, int at, int count, float divisor) {
        for (int i = at; i < at + count; i += LANES) {
            FloatVector.fromArray(FLOATS, values, i).div(divisor).intoArray(values, i);
        }
    }
}
