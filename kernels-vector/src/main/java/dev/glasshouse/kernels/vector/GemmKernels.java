package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.FLOATS;
import static dev.glasshouse.kernels.vector.Width.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of {@link Gemm}: some rows of a, times a panel of two vectors of b's columns, onto c. Each lane is one
 * fma chain, k ascending, that goes on from c. Over arrays, since loads from memory segments would make the methods too
 * big for the JVM's first compiler; eight rows where there are 32 registers, four where there are 16.
 */
final class GemmKernels {
    /** Rows of c that a kernel does at a time. */
    static final int ROWS = FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512 ? 8 : 4;
    /** Columns of c that a kernel does at a time. */
    static final int PANEL = 2 * LANES;
    /** The most k that a block of a holds; the distance of its rows where they lie as rows. */
    static final int DEPTH = 256;
    /** The most rows that a block of a holds; the distance of its k where rows lie as columns. */
    static final int HEIGHT = 64;

    private GemmKernels() {}

    /** {@link #ROWS} rows; row r, k of a is at {@code ao + r·DEPTH + k}. */
    static void rows(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int width) {
        if (ROWS == 8) {
            eightRows(a, ao, b, bo, depth, c, co, width);
        } else {
            fourRows(a, ao, b, bo, depth, c, co, width);
        }
    }

    /** {@link #ROWS} rows; row r, k of a is at {@code ao + k·HEIGHT + r}. */
    static void columns(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int width) {
        if (ROWS == 8) {
            eightColumns(a, ao, b, bo, depth, c, co, width);
        } else {
            fourColumns(a, ao, b, bo, depth, c, co, width);
        }
    }

    /** Rows as {@link #rows} has them. */
    private static void eightRows(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int width) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, co);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, co + LANES);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, co + width);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, co + width + LANES);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, co + 2 * width);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, co + 2 * width + LANES);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, co + 3 * width);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, co + 3 * width + LANES);
        FloatVector p4 = FloatVector.fromArray(FLOATS, c, co + 4 * width);
        FloatVector q4 = FloatVector.fromArray(FLOATS, c, co + 4 * width + LANES);
        FloatVector p5 = FloatVector.fromArray(FLOATS, c, co + 5 * width);
        FloatVector q5 = FloatVector.fromArray(FLOATS, c, co + 5 * width + LANES);
        FloatVector p6 = FloatVector.fromArray(FLOATS, c, co + 6 * width);
        FloatVector q6 = FloatVector.fromArray(FLOATS, c, co + 6 * width + LANES);
        FloatVector p7 = FloatVector.fromArray(FLOATS, c, co + 7 * width);
        FloatVector q7 = FloatVector.fromArray(FLOATS, c, co + 7 * width + LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector p = FloatVector.fromArray(FLOATS, b, bo + k * PANEL);
            FloatVector q = FloatVector.fromArray(FLOATS, b, bo + k * PANEL + LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[ao + k]);
            p0 = x0.fma(p, p0);
            q0 = x0.fma(q, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[ao + DEPTH + k]);
            p1 = x1.fma(p, p1);
            q1 = x1.fma(q, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[ao + 2 * DEPTH + k]);
            p2 = x2.fma(p, p2);
            q2 = x2.fma(q, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[ao + 3 * DEPTH + k]);
            p3 = x3.fma(p, p3);
            q3 = x3.fma(q, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[ao + 4 * DEPTH + k]);
            p4 = x4.fma(p, p4);
            q4 = x4.fma(q, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[ao + 5 * DEPTH + k]);
            p5 = x5.fma(p, p5);
            q5 = x5.fma(q, q5);
            FloatVector x6 = FloatVector.broadcast(FLOATS, a[ao + 6 * DEPTH + k]);
            p6 = x6.fma(p, p6);
            q6 = x6.fma(q, q6);
            FloatVector x7 = FloatVector.broadcast(FLOATS, a[ao + 7 * DEPTH + k]);
            p7 = x7.fma(p, p7);
            q7 = x7.fma(q, q7);
        }
        p0.intoArray(c, co);
        q0.intoArray(c, co + LANES);
        p1.intoArray(c, co + width);
        q1.intoArray(c, co + width + LANES);
        p2.intoArray(c, co + 2 * width);
        q2.intoArray(c, co + 2 * width + LANES);
        p3.intoArray(c, co + 3 * width);
        q3.intoArray(c, co + 3 * width + LANES);
        p4.intoArray(c, co + 4 * width);
        q4.intoArray(c, co + 4 * width + LANES);
        p5.intoArray(c, co + 5 * width);
        q5.intoArray(c, co + 5 * width + LANES);
        p6.intoArray(c, co + 6 * width);
        q6.intoArray(c, co + 6 * width + LANES);
        p7.intoArray(c, co + 7 * width);
        q7.intoArray(c, co + 7 * width + LANES);
    }

    /** Rows as {@link #rows} has them. */
    private static void fourRows(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int width) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, co);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, co + LANES);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, co + width);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, co + width + LANES);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, co + 2 * width);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, co + 2 * width + LANES);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, co + 3 * width);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, co + 3 * width + LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector p = FloatVector.fromArray(FLOATS, b, bo + k * PANEL);
            FloatVector q = FloatVector.fromArray(FLOATS, b, bo + k * PANEL + LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[ao + k]);
            p0 = x0.fma(p, p0);
            q0 = x0.fma(q, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[ao + DEPTH + k]);
            p1 = x1.fma(p, p1);
            q1 = x1.fma(q, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[ao + 2 * DEPTH + k]);
            p2 = x2.fma(p, p2);
            q2 = x2.fma(q, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[ao + 3 * DEPTH + k]);
            p3 = x3.fma(p, p3);
            q3 = x3.fma(q, q3);
        }
        p0.intoArray(c, co);
        q0.intoArray(c, co + LANES);
        p1.intoArray(c, co + width);
        q1.intoArray(c, co + width + LANES);
        p2.intoArray(c, co + 2 * width);
        q2.intoArray(c, co + 2 * width + LANES);
        p3.intoArray(c, co + 3 * width);
        q3.intoArray(c, co + 3 * width + LANES);
    }

    /** Rows as {@link #columns} has them. */
    private static void eightColumns(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int width) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, co);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, co + LANES);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, co + width);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, co + width + LANES);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, co + 2 * width);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, co + 2 * width + LANES);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, co + 3 * width);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, co + 3 * width + LANES);
        FloatVector p4 = FloatVector.fromArray(FLOATS, c, co + 4 * width);
        FloatVector q4 = FloatVector.fromArray(FLOATS, c, co + 4 * width + LANES);
        FloatVector p5 = FloatVector.fromArray(FLOATS, c, co + 5 * width);
        FloatVector q5 = FloatVector.fromArray(FLOATS, c, co + 5 * width + LANES);
        FloatVector p6 = FloatVector.fromArray(FLOATS, c, co + 6 * width);
        FloatVector q6 = FloatVector.fromArray(FLOATS, c, co + 6 * width + LANES);
        FloatVector p7 = FloatVector.fromArray(FLOATS, c, co + 7 * width);
        FloatVector q7 = FloatVector.fromArray(FLOATS, c, co + 7 * width + LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector p = FloatVector.fromArray(FLOATS, b, bo + k * PANEL);
            FloatVector q = FloatVector.fromArray(FLOATS, b, bo + k * PANEL + LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT]);
            p0 = x0.fma(p, p0);
            q0 = x0.fma(q, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 1]);
            p1 = x1.fma(p, p1);
            q1 = x1.fma(q, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 2]);
            p2 = x2.fma(p, p2);
            q2 = x2.fma(q, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 3]);
            p3 = x3.fma(p, p3);
            q3 = x3.fma(q, q3);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 4]);
            p4 = x4.fma(p, p4);
            q4 = x4.fma(q, q4);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 5]);
            p5 = x5.fma(p, p5);
            q5 = x5.fma(q, q5);
            FloatVector x6 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 6]);
            p6 = x6.fma(p, p6);
            q6 = x6.fma(q, q6);
            FloatVector x7 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 7]);
            p7 = x7.fma(p, p7);
            q7 = x7.fma(q, q7);
        }
        p0.intoArray(c, co);
        q0.intoArray(c, co + LANES);
        p1.intoArray(c, co + width);
        q1.intoArray(c, co + width + LANES);
        p2.intoArray(c, co + 2 * width);
        q2.intoArray(c, co + 2 * width + LANES);
        p3.intoArray(c, co + 3 * width);
        q3.intoArray(c, co + 3 * width + LANES);
        p4.intoArray(c, co + 4 * width);
        q4.intoArray(c, co + 4 * width + LANES);
        p5.intoArray(c, co + 5 * width);
        q5.intoArray(c, co + 5 * width + LANES);
        p6.intoArray(c, co + 6 * width);
        q6.intoArray(c, co + 6 * width + LANES);
        p7.intoArray(c, co + 7 * width);
        q7.intoArray(c, co + 7 * width + LANES);
    }

    /** Rows as {@link #columns} has them. */
    private static void fourColumns(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int width) {
        FloatVector p0 = FloatVector.fromArray(FLOATS, c, co);
        FloatVector q0 = FloatVector.fromArray(FLOATS, c, co + LANES);
        FloatVector p1 = FloatVector.fromArray(FLOATS, c, co + width);
        FloatVector q1 = FloatVector.fromArray(FLOATS, c, co + width + LANES);
        FloatVector p2 = FloatVector.fromArray(FLOATS, c, co + 2 * width);
        FloatVector q2 = FloatVector.fromArray(FLOATS, c, co + 2 * width + LANES);
        FloatVector p3 = FloatVector.fromArray(FLOATS, c, co + 3 * width);
        FloatVector q3 = FloatVector.fromArray(FLOATS, c, co + 3 * width + LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector p = FloatVector.fromArray(FLOATS, b, bo + k * PANEL);
            FloatVector q = FloatVector.fromArray(FLOATS, b, bo + k * PANEL + LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT]);
            p0 = x0.fma(p, p0);
            q0 = x0.fma(q, q0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 1]);
            p1 = x1.fma(p, p1);
            q1 = x1.fma(q, q1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 2]);
            p2 = x2.fma(p, p2);
            q2 = x2.fma(q, q2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[ao + k * HEIGHT + 3]);
            p3 = x3.fma(p, p3);
            q3 = x3.fma(q, q3);
        }
        p0.intoArray(c, co);
        q0.intoArray(c, co + LANES);
        p1.intoArray(c, co + width);
        q1.intoArray(c, co + width + LANES);
        p2.intoArray(c, co + 2 * width);
        q2.intoArray(c, co + 2 * width + LANES);
        p3.intoArray(c, co + 3 * width);
        q3.intoArray(c, co + 3 * width + LANES);
    }
}
