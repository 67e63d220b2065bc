package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.FLOAT;
import static dev.glasshouse.kernels.vector.Width.FLOATS;
import static dev.glasshouse.kernels.vector.Width.LANES;
import static dev.glasshouse.kernels.vector.Width.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of prompts, written for the registers: a {@link Tile} of two vectors of rows meets a panel of 4 rows of
 * input, so that 8 running values stay in registers. In a panel value k of its rows lies side by side, and the results
 * have a row of two vectors for each row of the panel.
 *
 * <p>Twice the rows would suit the 32 registers of AVX-512, but such a method is too big for the JVM's first compiler
 * ("out of virtual registers"), and then the second never sees it.
 */
final class TileKernels {
    private static final long ROW = 8L * LANES;
    private static final long HALF_ROW = 4L * LANES;

    private TileKernels() {}

    /** For each block of 32: the exact p = Σ w·x from 0, then {@code y = fma(p, d · dx, y)}. */
    static void blocks(
            MemorySegment tile,
            long w,
            long d,
            int blocks,
            MemorySegment x,
            long q,
            long dx,
            MemorySegment y,
            long at) {
        for (int b = 0; b < blocks; b++) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector a1 = FloatVector.zero(FLOATS);
            FloatVector b1 = FloatVector.zero(FLOATS);
            FloatVector a2 = FloatVector.zero(FLOATS);
            FloatVector b2 = FloatVector.zero(FLOATS);
            FloatVector a3 = FloatVector.zero(FLOATS);
            FloatVector b3 = FloatVector.zero(FLOATS);
            for (int k = 0; k < 32; k++) {
                FloatVector aw = FloatVector.fromMemorySegment(FLOATS, tile, w, ORDER);
                FloatVector bw = FloatVector.fromMemorySegment(FLOATS, tile, w + HALF_ROW, ORDER);
                FloatVector x0 = FloatVector.broadcast(FLOATS, x.get(FLOAT, q + 0));
                a0 = aw.fma(x0, a0);
                b0 = bw.fma(x0, b0);
                FloatVector x1 = FloatVector.broadcast(FLOATS, x.get(FLOAT, q + 4));
                a1 = aw.fma(x1, a1);
                b1 = bw.fma(x1, b1);
                FloatVector x2 = FloatVector.broadcast(FLOATS, x.get(FLOAT, q + 8));
                a2 = aw.fma(x2, a2);
                b2 = bw.fma(x2, b2);
                FloatVector x3 = FloatVector.broadcast(FLOATS, x.get(FLOAT, q + 12));
                a3 = aw.fma(x3, a3);
                b3 = bw.fma(x3, b3);
                w += ROW;
                q += 16;
            }
            FloatVector da = FloatVector.fromMemorySegment(FLOATS, tile, d, ORDER);
            FloatVector db = FloatVector.fromMemorySegment(FLOATS, tile, d + HALF_ROW, ORDER);
            float d0 = x.get(FLOAT, dx + 0);
            a0.fma(da.mul(d0), FloatVector.fromMemorySegment(FLOATS, y, at, ORDER))
                    .intoMemorySegment(y, at, ORDER);
            b0.fma(db.mul(d0), FloatVector.fromMemorySegment(FLOATS, y, at + HALF_ROW, ORDER))
                    .intoMemorySegment(y, at + HALF_ROW, ORDER);
            float d1 = x.get(FLOAT, dx + 4);
            a1.fma(da.mul(d1), FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 1, ORDER))
                    .intoMemorySegment(y, at + ROW * 1, ORDER);
            b1.fma(db.mul(d1), FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 1 + HALF_ROW, ORDER))
                    .intoMemorySegment(y, at + ROW * 1 + HALF_ROW, ORDER);
            float d2 = x.get(FLOAT, dx + 8);
            a2.fma(da.mul(d2), FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 2, ORDER))
                    .intoMemorySegment(y, at + ROW * 2, ORDER);
            b2.fma(db.mul(d2), FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 2 + HALF_ROW, ORDER))
                    .intoMemorySegment(y, at + ROW * 2 + HALF_ROW, ORDER);
            float d3 = x.get(FLOAT, dx + 12);
            a3.fma(da.mul(d3), FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 3, ORDER))
                    .intoMemorySegment(y, at + ROW * 3, ORDER);
            b3.fma(db.mul(d3), FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 3 + HALF_ROW, ORDER))
                    .intoMemorySegment(y, at + ROW * 3 + HALF_ROW, ORDER);
            d += ROW;
            dx += 16;
        }
    }

    /** {@code y = fma(w, x, y)} for each of {@code count} values in order. */
    static void plain(MemorySegment tile, long w, int count, MemorySegment x, long q, MemorySegment y, long at) {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, y, at, ORDER);
        FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, y, at + HALF_ROW, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 1, ORDER);
        FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 1 + HALF_ROW, ORDER);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 2, ORDER);
        FloatVector b2 = FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 2 + HALF_ROW, ORDER);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 3, ORDER);
        FloatVector b3 = FloatVector.fromMemorySegment(FLOATS, y, at + ROW * 3 + HALF_ROW, ORDER);
        for (int k = 0; k < count; k++) {
            FloatVector a = FloatVector.fromMemorySegment(FLOATS, tile, w, ORDER);
            FloatVector b = FloatVector.fromMemorySegment(FLOATS, tile, w + HALF_ROW, ORDER);
            FloatVector x0 = FloatVector.broadcast(FLOATS, x.get(FLOAT, q + 0));
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, x.get(FLOAT, q + 4));
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, x.get(FLOAT, q + 8));
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, x.get(FLOAT, q + 12));
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            w += ROW;
            q += 16;
        }
        a0.intoMemorySegment(y, at, ORDER);
        b0.intoMemorySegment(y, at + HALF_ROW, ORDER);
        a1.intoMemorySegment(y, at + ROW * 1, ORDER);
        b1.intoMemorySegment(y, at + ROW * 1 + HALF_ROW, ORDER);
        a2.intoMemorySegment(y, at + ROW * 2, ORDER);
        b2.intoMemorySegment(y, at + ROW * 2 + HALF_ROW, ORDER);
        a3.intoMemorySegment(y, at + ROW * 3, ORDER);
        b3.intoMemorySegment(y, at + ROW * 3 + HALF_ROW, ORDER);
    }

    /** One row of a panel of {@code step / 4} rows: {@code y = Σ (min · s) · (m · dx)} over the blocks in order. */
    static void minima(
            MemorySegment tile,
            long min,
            long m,
            int blocks,
            MemorySegment x,
            long sums,
            long dx,
            int step,
            MemorySegment y,
            long at) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = FloatVector.zero(FLOATS);
        for (long i = 0; i < blocks; i++) {
            FloatVector s = FloatVector.broadcast(FLOATS, x.get(FLOAT, sums + step * i));
            FloatVector d = FloatVector.broadcast(FLOATS, x.get(FLOAT, dx + step * i));
            a = FloatVector.fromMemorySegment(FLOATS, tile, min + ROW * i, ORDER)
                    .mul(s)
                    .fma(
                            FloatVector.fromMemorySegment(FLOATS, tile, m + ROW * i, ORDER)
                                    .mul(d),
                            a);
            b = FloatVector.fromMemorySegment(FLOATS, tile, min + ROW * i + HALF_ROW, ORDER)
                    .mul(s)
                    .fma(
                            FloatVector.fromMemorySegment(FLOATS, tile, m + ROW * i + HALF_ROW, ORDER)
                                    .mul(d),
                            b);
        }
        a.intoMemorySegment(y, at, ORDER);
        b.intoMemorySegment(y, at + HALF_ROW, ORDER);
    }
}
