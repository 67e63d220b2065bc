package dev.glasshouse.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products of causal attention and of its gradients over arrays. A tile is {@link #TILE} values wide, two vectors,
 * its lanes queries going forward and keys going backward; each lane is one fma chain of the definition. Values of a head
 * are taken eight at a time where there are 32 registers, else four, so that what stays the same over a loop stays in
 * registers: a chain that is cut so goes on from memory, which changes no bit.
 */
final class CausalKernels {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    /** Width of a tile. */
    static final int TILE = 2 * LANES;
    /** Whether there are registers for eight values of a head at a time. */
    static final boolean WIDE = Width.BITS == 512;
    /** 0, 1, 2, … */
    private static final FloatVector COUNT = FloatVector.zero(FLOATS).addIndex(1);

    private CausalKernels() {}

    /**
     * {@code s[r][lane] = Σ y[r][d]·x[d][lane]} of {@code rows} rows of y, d ascending from +0.
     *
     * @param x size × TILE
     * @param y rows of size values, without gaps
     * @param s rows × TILE, from 0
     */
    static void scores(float[] x, int xAt, float[] y, int yAt, int size, int rows, float[] s) {
        int d = 0;
        if (WIDE) {
            for (; d + 8 <= size; d += 8) {
                if (d == 0) {
                    scoresFirst8(x, xAt, y, yAt, size, rows, s);
                } else {
                    scoresNext8(x, xAt + d * TILE, y, yAt + d, size, rows, s);
                }
            }
        }
        for (; d + 4 <= size; d += 4) {
            if (d == 0) {
                scoresFirst4(x, xAt, y, yAt, size, rows, s);
            } else {
                scoresNext4(x, xAt + d * TILE, y, yAt + d, size, rows, s);
            }
        }
        if (d == 0) {
            Arrays.fill(s, 0, rows * TILE, 0);
        }
        for (; d < size; d++) {
            scoresNext1(x, xAt + d * TILE, y, yAt + d, size, rows, s);
        }
    }

    private static void scoresFirst8(float[] x, int xAt, float[] y, int yAt, int size, int rows, float[] s) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE);
        FloatVector b0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE + LANES);
        FloatVector a1 = FloatVector.fromArray(FLOATS, x, xAt + 1 * TILE);
        FloatVector b1 = FloatVector.fromArray(FLOATS, x, xAt + 1 * TILE + LANES);
        FloatVector a2 = FloatVector.fromArray(FLOATS, x, xAt + 2 * TILE);
        FloatVector b2 = FloatVector.fromArray(FLOATS, x, xAt + 2 * TILE + LANES);
        FloatVector a3 = FloatVector.fromArray(FLOATS, x, xAt + 3 * TILE);
        FloatVector b3 = FloatVector.fromArray(FLOATS, x, xAt + 3 * TILE + LANES);
        FloatVector a4 = FloatVector.fromArray(FLOATS, x, xAt + 4 * TILE);
        FloatVector b4 = FloatVector.fromArray(FLOATS, x, xAt + 4 * TILE + LANES);
        FloatVector a5 = FloatVector.fromArray(FLOATS, x, xAt + 5 * TILE);
        FloatVector b5 = FloatVector.fromArray(FLOATS, x, xAt + 5 * TILE + LANES);
        FloatVector a6 = FloatVector.fromArray(FLOATS, x, xAt + 6 * TILE);
        FloatVector b6 = FloatVector.fromArray(FLOATS, x, xAt + 6 * TILE + LANES);
        FloatVector a7 = FloatVector.fromArray(FLOATS, x, xAt + 7 * TILE);
        FloatVector b7 = FloatVector.fromArray(FLOATS, x, xAt + 7 * TILE + LANES);
        int at = yAt;
        for (int r = 0; r < rows; r++) {
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = a;
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a = y0.fma(a0, a);
            b = y0.fma(b0, b);
            FloatVector y1 = FloatVector.broadcast(FLOATS, y[at + 1]);
            a = y1.fma(a1, a);
            b = y1.fma(b1, b);
            FloatVector y2 = FloatVector.broadcast(FLOATS, y[at + 2]);
            a = y2.fma(a2, a);
            b = y2.fma(b2, b);
            FloatVector y3 = FloatVector.broadcast(FLOATS, y[at + 3]);
            a = y3.fma(a3, a);
            b = y3.fma(b3, b);
            FloatVector y4 = FloatVector.broadcast(FLOATS, y[at + 4]);
            a = y4.fma(a4, a);
            b = y4.fma(b4, b);
            FloatVector y5 = FloatVector.broadcast(FLOATS, y[at + 5]);
            a = y5.fma(a5, a);
            b = y5.fma(b5, b);
            FloatVector y6 = FloatVector.broadcast(FLOATS, y[at + 6]);
            a = y6.fma(a6, a);
            b = y6.fma(b6, b);
            FloatVector y7 = FloatVector.broadcast(FLOATS, y[at + 7]);
            a = y7.fma(a7, a);
            b = y7.fma(b7, b);
            a.intoArray(s, r * TILE);
            b.intoArray(s, r * TILE + LANES);
            at += size;
        }
    }

    private static void scoresNext8(float[] x, int xAt, float[] y, int yAt, int size, int rows, float[] s) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE);
        FloatVector b0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE + LANES);
        FloatVector a1 = FloatVector.fromArray(FLOATS, x, xAt + 1 * TILE);
        FloatVector b1 = FloatVector.fromArray(FLOATS, x, xAt + 1 * TILE + LANES);
        FloatVector a2 = FloatVector.fromArray(FLOATS, x, xAt + 2 * TILE);
        FloatVector b2 = FloatVector.fromArray(FLOATS, x, xAt + 2 * TILE + LANES);
        FloatVector a3 = FloatVector.fromArray(FLOATS, x, xAt + 3 * TILE);
        FloatVector b3 = FloatVector.fromArray(FLOATS, x, xAt + 3 * TILE + LANES);
        FloatVector a4 = FloatVector.fromArray(FLOATS, x, xAt + 4 * TILE);
        FloatVector b4 = FloatVector.fromArray(FLOATS, x, xAt + 4 * TILE + LANES);
        FloatVector a5 = FloatVector.fromArray(FLOATS, x, xAt + 5 * TILE);
        FloatVector b5 = FloatVector.fromArray(FLOATS, x, xAt + 5 * TILE + LANES);
        FloatVector a6 = FloatVector.fromArray(FLOATS, x, xAt + 6 * TILE);
        FloatVector b6 = FloatVector.fromArray(FLOATS, x, xAt + 6 * TILE + LANES);
        FloatVector a7 = FloatVector.fromArray(FLOATS, x, xAt + 7 * TILE);
        FloatVector b7 = FloatVector.fromArray(FLOATS, x, xAt + 7 * TILE + LANES);
        int at = yAt;
        for (int r = 0; r < rows; r++) {
            FloatVector a = FloatVector.fromArray(FLOATS, s, r * TILE);
            FloatVector b = FloatVector.fromArray(FLOATS, s, r * TILE + LANES);
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a = y0.fma(a0, a);
            b = y0.fma(b0, b);
            FloatVector y1 = FloatVector.broadcast(FLOATS, y[at + 1]);
            a = y1.fma(a1, a);
            b = y1.fma(b1, b);
            FloatVector y2 = FloatVector.broadcast(FLOATS, y[at + 2]);
            a = y2.fma(a2, a);
            b = y2.fma(b2, b);
            FloatVector y3 = FloatVector.broadcast(FLOATS, y[at + 3]);
            a = y3.fma(a3, a);
            b = y3.fma(b3, b);
            FloatVector y4 = FloatVector.broadcast(FLOATS, y[at + 4]);
            a = y4.fma(a4, a);
            b = y4.fma(b4, b);
            FloatVector y5 = FloatVector.broadcast(FLOATS, y[at + 5]);
            a = y5.fma(a5, a);
            b = y5.fma(b5, b);
            FloatVector y6 = FloatVector.broadcast(FLOATS, y[at + 6]);
            a = y6.fma(a6, a);
            b = y6.fma(b6, b);
            FloatVector y7 = FloatVector.broadcast(FLOATS, y[at + 7]);
            a = y7.fma(a7, a);
            b = y7.fma(b7, b);
            a.intoArray(s, r * TILE);
            b.intoArray(s, r * TILE + LANES);
            at += size;
        }
    }

    private static void scoresFirst4(float[] x, int xAt, float[] y, int yAt, int size, int rows, float[] s) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE);
        FloatVector b0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE + LANES);
        FloatVector a1 = FloatVector.fromArray(FLOATS, x, xAt + 1 * TILE);
        FloatVector b1 = FloatVector.fromArray(FLOATS, x, xAt + 1 * TILE + LANES);
        FloatVector a2 = FloatVector.fromArray(FLOATS, x, xAt + 2 * TILE);
        FloatVector b2 = FloatVector.fromArray(FLOATS, x, xAt + 2 * TILE + LANES);
        FloatVector a3 = FloatVector.fromArray(FLOATS, x, xAt + 3 * TILE);
        FloatVector b3 = FloatVector.fromArray(FLOATS, x, xAt + 3 * TILE + LANES);
        int at = yAt;
        for (int r = 0; r < rows; r++) {
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = a;
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a = y0.fma(a0, a);
            b = y0.fma(b0, b);
            FloatVector y1 = FloatVector.broadcast(FLOATS, y[at + 1]);
            a = y1.fma(a1, a);
            b = y1.fma(b1, b);
            FloatVector y2 = FloatVector.broadcast(FLOATS, y[at + 2]);
            a = y2.fma(a2, a);
            b = y2.fma(b2, b);
            FloatVector y3 = FloatVector.broadcast(FLOATS, y[at + 3]);
            a = y3.fma(a3, a);
            b = y3.fma(b3, b);
            a.intoArray(s, r * TILE);
            b.intoArray(s, r * TILE + LANES);
            at += size;
        }
    }

    private static void scoresNext4(float[] x, int xAt, float[] y, int yAt, int size, int rows, float[] s) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE);
        FloatVector b0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE + LANES);
        FloatVector a1 = FloatVector.fromArray(FLOATS, x, xAt + 1 * TILE);
        FloatVector b1 = FloatVector.fromArray(FLOATS, x, xAt + 1 * TILE + LANES);
        FloatVector a2 = FloatVector.fromArray(FLOATS, x, xAt + 2 * TILE);
        FloatVector b2 = FloatVector.fromArray(FLOATS, x, xAt + 2 * TILE + LANES);
        FloatVector a3 = FloatVector.fromArray(FLOATS, x, xAt + 3 * TILE);
        FloatVector b3 = FloatVector.fromArray(FLOATS, x, xAt + 3 * TILE + LANES);
        int at = yAt;
        for (int r = 0; r < rows; r++) {
            FloatVector a = FloatVector.fromArray(FLOATS, s, r * TILE);
            FloatVector b = FloatVector.fromArray(FLOATS, s, r * TILE + LANES);
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a = y0.fma(a0, a);
            b = y0.fma(b0, b);
            FloatVector y1 = FloatVector.broadcast(FLOATS, y[at + 1]);
            a = y1.fma(a1, a);
            b = y1.fma(b1, b);
            FloatVector y2 = FloatVector.broadcast(FLOATS, y[at + 2]);
            a = y2.fma(a2, a);
            b = y2.fma(b2, b);
            FloatVector y3 = FloatVector.broadcast(FLOATS, y[at + 3]);
            a = y3.fma(a3, a);
            b = y3.fma(b3, b);
            a.intoArray(s, r * TILE);
            b.intoArray(s, r * TILE + LANES);
            at += size;
        }
    }

    private static void scoresNext1(float[] x, int xAt, float[] y, int yAt, int size, int rows, float[] s) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE);
        FloatVector b0 = FloatVector.fromArray(FLOATS, x, xAt + 0 * TILE + LANES);
        int at = yAt;
        for (int r = 0; r < rows; r++) {
            FloatVector a = FloatVector.fromArray(FLOATS, s, r * TILE);
            FloatVector b = FloatVector.fromArray(FLOATS, s, r * TILE + LANES);
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a = y0.fma(a0, a);
            b = y0.fma(b0, b);
            a.intoArray(s, r * TILE);
            b.intoArray(s, r * TILE + LANES);
            at += size;
        }
    }

    /**
     * {@code sums[d][lane] = sums[d][lane] + Σ y[r][d]·p[r][lane]}, r ascending.
     *
     * @param sums size × TILE
     * @param y rows of size values, without gaps
     * @param p rows × TILE
     */
    static void addToColumns(float[] sums, int sumsAt, float[] y, int yAt, int size, float[] p, int pAt, int rows) {
        int d = 0;
        if (WIDE) {
            for (; d + 8 <= size; d += 8) {
                addToColumns8(sums, sumsAt + d * TILE, y, yAt + d, size, p, pAt, rows);
            }
        }
        for (; d + 4 <= size; d += 4) {
            addToColumns4(sums, sumsAt + d * TILE, y, yAt + d, size, p, pAt, rows);
        }
        for (; d < size; d++) {
            addToColumns1(sums, sumsAt + d * TILE, y, yAt + d, size, p, pAt, rows);
        }
    }

    private static void addToColumns8(
            float[] sums, int sumsAt, float[] y, int yAt, int size, float[] p, int pAt, int rows) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * TILE);
        FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * TILE + LANES);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * TILE);
        FloatVector b1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * TILE + LANES);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * TILE);
        FloatVector b2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * TILE + LANES);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * TILE);
        FloatVector b3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * TILE + LANES);
        FloatVector a4 = FloatVector.fromArray(FLOATS, sums, sumsAt + 4 * TILE);
        FloatVector b4 = FloatVector.fromArray(FLOATS, sums, sumsAt + 4 * TILE + LANES);
        FloatVector a5 = FloatVector.fromArray(FLOATS, sums, sumsAt + 5 * TILE);
        FloatVector b5 = FloatVector.fromArray(FLOATS, sums, sumsAt + 5 * TILE + LANES);
        FloatVector a6 = FloatVector.fromArray(FLOATS, sums, sumsAt + 6 * TILE);
        FloatVector b6 = FloatVector.fromArray(FLOATS, sums, sumsAt + 6 * TILE + LANES);
        FloatVector a7 = FloatVector.fromArray(FLOATS, sums, sumsAt + 7 * TILE);
        FloatVector b7 = FloatVector.fromArray(FLOATS, sums, sumsAt + 7 * TILE + LANES);
        int at = yAt;
        for (int r = 0; r < rows; r++) {
            FloatVector a = FloatVector.fromArray(FLOATS, p, pAt + r * TILE);
            FloatVector b = FloatVector.fromArray(FLOATS, p, pAt + r * TILE + LANES);
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a0 = y0.fma(a, a0);
            b0 = y0.fma(b, b0);
            FloatVector y1 = FloatVector.broadcast(FLOATS, y[at + 1]);
            a1 = y1.fma(a, a1);
            b1 = y1.fma(b, b1);
            FloatVector y2 = FloatVector.broadcast(FLOATS, y[at + 2]);
            a2 = y2.fma(a, a2);
            b2 = y2.fma(b, b2);
            FloatVector y3 = FloatVector.broadcast(FLOATS, y[at + 3]);
            a3 = y3.fma(a, a3);
            b3 = y3.fma(b, b3);
            FloatVector y4 = FloatVector.broadcast(FLOATS, y[at + 4]);
            a4 = y4.fma(a, a4);
            b4 = y4.fma(b, b4);
            FloatVector y5 = FloatVector.broadcast(FLOATS, y[at + 5]);
            a5 = y5.fma(a, a5);
            b5 = y5.fma(b, b5);
            FloatVector y6 = FloatVector.broadcast(FLOATS, y[at + 6]);
            a6 = y6.fma(a, a6);
            b6 = y6.fma(b, b6);
            FloatVector y7 = FloatVector.broadcast(FLOATS, y[at + 7]);
            a7 = y7.fma(a, a7);
            b7 = y7.fma(b, b7);
            at += size;
        }
        a0.intoArray(sums, sumsAt + 0 * TILE);
        b0.intoArray(sums, sumsAt + 0 * TILE + LANES);
        a1.intoArray(sums, sumsAt + 1 * TILE);
        b1.intoArray(sums, sumsAt + 1 * TILE + LANES);
        a2.intoArray(sums, sumsAt + 2 * TILE);
        b2.intoArray(sums, sumsAt + 2 * TILE + LANES);
        a3.intoArray(sums, sumsAt + 3 * TILE);
        b3.intoArray(sums, sumsAt + 3 * TILE + LANES);
        a4.intoArray(sums, sumsAt + 4 * TILE);
        b4.intoArray(sums, sumsAt + 4 * TILE + LANES);
        a5.intoArray(sums, sumsAt + 5 * TILE);
        b5.intoArray(sums, sumsAt + 5 * TILE + LANES);
        a6.intoArray(sums, sumsAt + 6 * TILE);
        b6.intoArray(sums, sumsAt + 6 * TILE + LANES);
        a7.intoArray(sums, sumsAt + 7 * TILE);
        b7.intoArray(sums, sumsAt + 7 * TILE + LANES);
    }

    private static void addToColumns4(
            float[] sums, int sumsAt, float[] y, int yAt, int size, float[] p, int pAt, int rows) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * TILE);
        FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * TILE + LANES);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * TILE);
        FloatVector b1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * TILE + LANES);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * TILE);
        FloatVector b2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * TILE + LANES);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * TILE);
        FloatVector b3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * TILE + LANES);
        int at = yAt;
        for (int r = 0; r < rows; r++) {
            FloatVector a = FloatVector.fromArray(FLOATS, p, pAt + r * TILE);
            FloatVector b = FloatVector.fromArray(FLOATS, p, pAt + r * TILE + LANES);
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a0 = y0.fma(a, a0);
            b0 = y0.fma(b, b0);
            FloatVector y1 = FloatVector.broadcast(FLOATS, y[at + 1]);
            a1 = y1.fma(a, a1);
            b1 = y1.fma(b, b1);
            FloatVector y2 = FloatVector.broadcast(FLOATS, y[at + 2]);
            a2 = y2.fma(a, a2);
            b2 = y2.fma(b, b2);
            FloatVector y3 = FloatVector.broadcast(FLOATS, y[at + 3]);
            a3 = y3.fma(a, a3);
            b3 = y3.fma(b, b3);
            at += size;
        }
        a0.intoArray(sums, sumsAt + 0 * TILE);
        b0.intoArray(sums, sumsAt + 0 * TILE + LANES);
        a1.intoArray(sums, sumsAt + 1 * TILE);
        b1.intoArray(sums, sumsAt + 1 * TILE + LANES);
        a2.intoArray(sums, sumsAt + 2 * TILE);
        b2.intoArray(sums, sumsAt + 2 * TILE + LANES);
        a3.intoArray(sums, sumsAt + 3 * TILE);
        b3.intoArray(sums, sumsAt + 3 * TILE + LANES);
    }

    private static void addToColumns1(
            float[] sums, int sumsAt, float[] y, int yAt, int size, float[] p, int pAt, int rows) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * TILE);
        FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * TILE + LANES);
        int at = yAt;
        for (int r = 0; r < rows; r++) {
            FloatVector a = FloatVector.fromArray(FLOATS, p, pAt + r * TILE);
            FloatVector b = FloatVector.fromArray(FLOATS, p, pAt + r * TILE + LANES);
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a0 = y0.fma(a, a0);
            b0 = y0.fma(b, b0);
            at += size;
        }
        a0.intoArray(sums, sumsAt + 0 * TILE);
        b0.intoArray(sums, sumsAt + 0 * TILE + LANES);
    }

    /**
     * As {@link #addToColumns}, but row r, from 1 on, is left out of the lanes before r.
     *
     * @param rows one more than the rows that are added: the first would be row 0
     */
    static void addToSomeColumns(float[] sums, float[] y, int yAt, int size, float[] p, int pAt, int rows) {
        int d = 0;
        for (; d + 4 <= size; d += 4) {
            addToSomeColumns4(sums, d * TILE, y, yAt + d, size, p, pAt, rows);
            addToSomeColumns4(sums, d * TILE + LANES, y, yAt + d, size, p, pAt + LANES, rows);
        }
        for (; d < size; d++) {
            addToSomeColumns1(sums, d * TILE, y, yAt + d, size, p, pAt, rows);
            addToSomeColumns1(sums, d * TILE + LANES, y, yAt + d, size, p, pAt + LANES, rows);
        }
    }

    private static void addToSomeColumns4(
            float[] sums, int sumsAt, float[] y, int yAt, int size, float[] p, int pAt, int rows) {
        int lane = sumsAt % TILE;
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * TILE);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sumsAt + 1 * TILE);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sumsAt + 2 * TILE);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sumsAt + 3 * TILE);
        int at = yAt;
        for (int r = 1; r < rows; r++) {
            VectorMask<Float> sees = COUNT.compare(VectorOperators.GE, (float) (r - lane));
            FloatVector a = FloatVector.fromArray(FLOATS, p, pAt + (r - 1) * TILE);
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a0 = a0.blend(y0.fma(a, a0), sees);
            FloatVector y1 = FloatVector.broadcast(FLOATS, y[at + 1]);
            a1 = a1.blend(y1.fma(a, a1), sees);
            FloatVector y2 = FloatVector.broadcast(FLOATS, y[at + 2]);
            a2 = a2.blend(y2.fma(a, a2), sees);
            FloatVector y3 = FloatVector.broadcast(FLOATS, y[at + 3]);
            a3 = a3.blend(y3.fma(a, a3), sees);
            at += size;
        }
        a0.intoArray(sums, sumsAt + 0 * TILE);
        a1.intoArray(sums, sumsAt + 1 * TILE);
        a2.intoArray(sums, sumsAt + 2 * TILE);
        a3.intoArray(sums, sumsAt + 3 * TILE);
    }

    private static void addToSomeColumns1(
            float[] sums, int sumsAt, float[] y, int yAt, int size, float[] p, int pAt, int rows) {
        int lane = sumsAt % TILE;
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sumsAt + 0 * TILE);
        int at = yAt;
        for (int r = 1; r < rows; r++) {
            VectorMask<Float> sees = COUNT.compare(VectorOperators.GE, (float) (r - lane));
            FloatVector a = FloatVector.fromArray(FLOATS, p, pAt + (r - 1) * TILE);
            FloatVector y0 = FloatVector.broadcast(FLOATS, y[at + 0]);
            a0 = a0.blend(y0.fma(a, a0), sees);
            at += size;
        }
        a0.intoArray(sums, sumsAt + 0 * TILE);
    }
}
