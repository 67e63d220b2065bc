package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.Maths.GELU_CUBIC;
import static dev.glasshouse.kernels.Maths.GELU_LINEAR;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.Lanes;
import dev.glasshouse.kernels.Maths;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.RotaryStyle;
import dev.glasshouse.kernels.Shapes;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Work along rows, bit for bit as the scalar room defines it. A few rows are the caller's alone; many are cut into bands
 * of rows. What does not fill a vector at the end of a row goes through {@link Maths}.
 */
final class VectorRows {
    private static final VectorSpecies<Float> FLOATS = Width.FLOATS;
    private static final int LANES = Width.LANES;
    private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);
    /** Values from which on the threads share. */
    private static final long SHARED = 1 << 15;
    /** Values that go through an exponential together. */
    private static final int CHUNK = 512;

    private final Workers workers;
    private final Scratch[] scratch;

    VectorRows(Workers workers) {
        this.workers = workers;
        scratch = new Scratch[workers.threads()];
        Arrays.setAll(scratch, i -> new Scratch());
    }

    private static final class Scratch {
        final float[] lanes = new float[Lanes.COUNT];
        final float[] chunk = new float[CHUNK];
        final float[] work = new float[CHUNK];
        float[] row = new float[0];
        float[] second = new float[0];

        /** The row, followed by {@code fill} up to a multiple of 16. */
        float[] load(Matrix x, int row, float fill) {
            int padded = VectorMaths.padded(x.cols());
            if (this.row.length < padded) {
                this.row = new float[padded];
            }
            MemorySegment.copy(x.data(), JAVA_FLOAT, 4L * row * x.cols(), this.row, 0, x.cols());
            Arrays.fill(this.row, x.cols(), padded, fill);
            return this.row;
        }

        void store(Matrix x, int row) {
            MemorySegment.copy(this.row, 0, x.data(), JAVA_FLOAT, 4L * row * x.cols(), x.cols());
        }
    }

    private boolean alone(Matrix x) {
        return x.rows() == 1 || (long) x.rows() * x.cols() < SHARED;
    }

    private static FloatVector load(MemorySegment data, long index) {
        return FloatVector.fromMemorySegment(FLOATS, data, index * 4, Width.ORDER);
    }

    void rmsNorm(Matrix x, float[] weight, float eps, Matrix y) {
        Shapes.norm(x, weight, weight, y);
        if (alone(x)) {
            rmsNorm(scratch[0], x, weight, eps, y, 0, x.rows());
        } else {
            workers.bands(x.rows(), 1, (worker, from, to) -> rmsNorm(scratch[worker], x, weight, eps, y, from, to));
        }
    }

    private static void rmsNorm(Scratch scratch, Matrix x, float[] weight, float eps, Matrix y, int from, int to) {
        int cols = x.cols();
        for (int row = from; row < to; row++) {
            float[] values = scratch.load(x, row, 0);
            float sum = VectorMaths.sumOfSquares(values, VectorMaths.padded(cols), scratch.lanes);
            float factor = Maths.normFactor(sum, cols, eps);
            int col = 0;
            for (; col <= cols - LANES; col += LANES) {
                FloatVector.fromArray(FLOATS, values, col)
                        .mul(factor)
                        .mul(FloatVector.fromArray(FLOATS, weight, col))
                        .intoArray(values, col);
            }
            for (; col < cols; col++) {
                values[col] = values[col] * factor * weight[col];
            }
            scratch.store(y, row);
        }
    }

    void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix y) {
        Shapes.norm(x, weight, bias, y);
        if (alone(x)) {
            layerNorm(scratch[0], x, weight, bias, eps, y, 0, x.rows());
        } else {
            workers.bands(
                    x.rows(), 1, (worker, from, to) -> layerNorm(scratch[worker], x, weight, bias, eps, y, from, to));
        }
    }

    private static void layerNorm(
            Scratch scratch, Matrix x, float[] weight, float[] bias, float eps, Matrix y, int from, int to) {
        int cols = x.cols();
        int padded = VectorMaths.padded(cols);
        for (int row = from; row < to; row++) {
            float[] values = scratch.load(x, row, 0);
            float mean = VectorMaths.sum(values, 0, padded, scratch.lanes) / cols;
            VectorMaths.subtract(values, 0, padded, mean);
            Arrays.fill(values, cols, padded, 0);
            float factor = Maths.normFactor(VectorMaths.sumOfSquares(values, padded, scratch.lanes), cols, eps);
            int col = 0;
            for (; col <= cols - LANES; col += LANES) {
                FloatVector.fromArray(FLOATS, values, col)
                        .mul(factor)
                        .fma(FloatVector.fromArray(FLOATS, weight, col), FloatVector.fromArray(FLOATS, bias, col))
                        .intoArray(values, col);
            }
            for (; col < cols; col++) {
                values[col] = Math.fma(values[col] * factor, weight[col], bias[col]);
            }
            scratch.store(y, row);
        }
    }

    void rotate(Matrix x, int headSize, Matrix turns, RotaryStyle style) {
        Shapes.rotate(x, headSize, turns);
        if (alone(x)) {
            rotate(scratch[0], x, headSize, turns, style, 0, x.rows());
        } else {
            workers.bands(
                    x.rows(), 1, (worker, from, to) -> rotate(scratch[worker], x, headSize, turns, style, from, to));
        }
    }

    private static void rotate(
            Scratch scratch, Matrix x, int headSize, Matrix turns, RotaryStyle style, int from, int to) {
        int cols = turns.cols();
        for (int row = from; row < to; row++) {
            float[] angles = scratch.load(turns, row, 0);
            if (style == RotaryStyle.NEIGHBOURS) {
                angles = interleave(scratch, angles, cols);
            }
            for (int head = 0; head < x.cols(); head += headSize) {
                long at = (long) row * x.cols() + head;
                if (style == RotaryStyle.HALVES) {
                    rotateHalves(x.data(), at, angles, cols / 2);
                } else {
                    rotateNeighbours(x.data(), at, angles, cols);
                }
            }
        }
    }

    /** Cosines doubled, then sines doubled with the first of each two negated. */
    private static float[] interleave(Scratch scratch, float[] angles, int cols) {
        if (scratch.second.length < 2 * cols) {
            scratch.second = new float[2 * cols];
        }
        float[] both = scratch.second;
        for (int pair = 0; pair < cols / 2; pair++) {
            both[2 * pair] = angles[pair];
            both[2 * pair + 1] = angles[pair];
            both[cols + 2 * pair] = -angles[cols / 2 + pair];
            both[cols + 2 * pair + 1] = angles[cols / 2 + pair];
        }
        return both;
    }

    private static void rotateHalves(MemorySegment data, long at, float[] angles, int half) {
        int i = 0;
        for (; i <= half - LANES; i += LANES) {
            FloatVector cos = FloatVector.fromArray(FLOATS, angles, i);
            FloatVector sin = FloatVector.fromArray(FLOATS, angles, half + i);
            FloatVector a = load(data, at + i);
            FloatVector b = load(data, at + half + i);
            a.fma(cos, b.mul(sin).neg()).intoMemorySegment(data, (at + i) * 4, Width.ORDER);
            b.fma(cos, a.mul(sin)).intoMemorySegment(data, (at + half + i) * 4, Width.ORDER);
        }
        for (; i < half; i++) {
            float a = data.getAtIndex(JAVA_FLOAT, at + i);
            float b = data.getAtIndex(JAVA_FLOAT, at + half + i);
            data.setAtIndex(JAVA_FLOAT, at + i, Math.fma(a, angles[i], -(b * angles[half + i])));
            data.setAtIndex(JAVA_FLOAT, at + half + i, Math.fma(b, angles[i], a * angles[half + i]));
        }
    }

    private static void rotateNeighbours(MemorySegment data, long at, float[] both, int cols) {
        int i = 0;
        for (; i <= cols - LANES; i += LANES) {
            FloatVector x = load(data, at + i);
            FloatVector cos = FloatVector.fromArray(FLOATS, both, i);
            FloatVector sin = FloatVector.fromArray(FLOATS, both, cols + i);
            x.fma(cos, x.rearrange(SWAP).mul(sin)).intoMemorySegment(data, (at + i) * 4, Width.ORDER);
        }
        for (; i < cols; i += 2) {
            float a = data.getAtIndex(JAVA_FLOAT, at + i);
            float b = data.getAtIndex(JAVA_FLOAT, at + i + 1);
            data.setAtIndex(JAVA_FLOAT, at + i, Math.fma(a, both[i], b * both[cols + i]));
            data.setAtIndex(JAVA_FLOAT, at + i + 1, Math.fma(b, both[i], a * both[cols + i + 1]));
        }
    }

    void swiglu(Matrix gate, Matrix up, Matrix out) {
        Shapes.same(gate, up, out);
        if (alone(out)) {
            gated(scratch[0], gate, up, out, false, 0, out.rows());
        } else {
            workers.bands(out.rows(), 1, (worker, from, to) -> gated(scratch[worker], gate, up, out, false, from, to));
        }
    }

    void geglu(Matrix gate, Matrix up, Matrix out) {
        Shapes.same(gate, up, out);
        if (alone(out)) {
            gated(scratch[0], gate, up, out, true, 0, out.rows());
        } else {
            workers.bands(out.rows(), 1, (worker, from, to) -> gated(scratch[worker], gate, up, out, true, from, to));
        }
    }

    private static void gated(Scratch scratch, Matrix gate, Matrix up, Matrix out, boolean gelu, int from, int to) {
        long end = (long) to * out.cols();
        long at = (long) from * out.cols();
        for (; at <= end - LANES; at += CHUNK) {
            int count = (int) Math.min(CHUNK, (end - at) / LANES * LANES);
            if (gelu) {
                geluExponents(gate.data(), at, count, scratch.chunk);
            } else {
                siluExponents(gate.data(), at, count, scratch.chunk);
            }
            VectorMaths.exp(scratch.chunk, 0, count);
            gate(gate.data(), up.data(), out.data(), at, count, scratch.chunk);
        }
        for (at = end - (end - (long) from * out.cols()) % LANES; at < end; at++) {
            float x = gate.data().getAtIndex(JAVA_FLOAT, at);
            float activated = gelu ? Maths.gelu(x) : Maths.silu(x);
            out.data().setAtIndex(JAVA_FLOAT, at, activated * up.data().getAtIndex(JAVA_FLOAT, at));
        }
    }

    private static void siluExponents(MemorySegment data, long at, int count, float[] exponents) {
        for (int i = 0; i < count; i += LANES) {
            load(data, at + i).neg().intoArray(exponents, i);
        }
    }

    private static void geluExponents(MemorySegment data, long at, int count, float[] exponents) {
        FloatVector cubic = FloatVector.broadcast(FLOATS, GELU_CUBIC);
        FloatVector linear = FloatVector.broadcast(FLOATS, GELU_LINEAR);
        for (int i = 0; i < count; i += LANES) {
            FloatVector x = load(data, at + i);
            x.mul(x.mul(x).fma(cubic, linear)).intoArray(exponents, i);
        }
    }

    private static void gate(
            MemorySegment gate, MemorySegment up, MemorySegment out, long at, int count, float[] powers) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector one = FloatVector.fromArray(FLOATS, powers, i).add(1);
            load(gate, at + i).div(one).mul(load(up, at + i)).intoMemorySegment(out, (at + i) * 4, Width.ORDER);
        }
    }

    void gelu(Matrix x) {
        if (alone(x)) {
            gelu(scratch[0], x, 0, x.rows());
        } else {
            workers.bands(x.rows(), 1, (worker, from, to) -> gelu(scratch[worker], x, from, to));
        }
    }

    private static void gelu(Scratch scratch, Matrix x, int from, int to) {
        long end = (long) to * x.cols();
        long at = (long) from * x.cols();
        for (; at <= end - LANES; at += CHUNK) {
            int count = (int) Math.min(CHUNK, (end - at) / LANES * LANES);
            geluExponents(x.data(), at, count, scratch.chunk);
            VectorMaths.exp(scratch.chunk, 0, count);
            for (int i = 0; i < count; i += LANES) {
                FloatVector one =
                        FloatVector.fromArray(FLOATS, scratch.chunk, i).add(1);
                load(x.data(), at + i).div(one).intoMemorySegment(x.data(), (at + i) * 4, Width.ORDER);
            }
        }
        for (at = end - (end - (long) from * x.cols()) % LANES; at < end; at++) {
            x.data().setAtIndex(JAVA_FLOAT, at, Maths.gelu(x.data().getAtIndex(JAVA_FLOAT, at)));
        }
    }

    void addScaled(float scale, Matrix x, Matrix y) {
        Shapes.same(x, y, y);
        if (alone(y)) {
            addScaled(scale, x.data(), y.data(), 0, (long) y.rows() * y.cols());
        } else {
            long cols = y.cols();
            workers.bands(
                    y.rows(), 1, (worker, from, to) -> addScaled(scale, x.data(), y.data(), from * cols, to * cols));
        }
    }

    private static void addScaled(float scale, MemorySegment x, MemorySegment y, long from, long to) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        long i = from;
        for (; i <= to - LANES; i += LANES) {
            load(x, i).fma(factor, load(y, i)).intoMemorySegment(y, i * 4, Width.ORDER);
        }
        for (; i < to; i++) {
            y.setAtIndex(JAVA_FLOAT, i, Math.fma(scale, x.getAtIndex(JAVA_FLOAT, i), y.getAtIndex(JAVA_FLOAT, i)));
        }
    }

    void addBias(float[] bias, Matrix y) {
        Shapes.norm(y, bias, bias, y);
        for (int row = 0; row < y.rows(); row++) {
            long at = (long) row * y.cols();
            int col = 0;
            for (; col <= y.cols() - LANES; col += LANES) {
                load(y.data(), at + col)
                        .add(FloatVector.fromArray(FLOATS, bias, col))
                        .intoMemorySegment(y.data(), (at + col) * 4, Width.ORDER);
            }
            for (; col < y.cols(); col++) {
                y.set(row, col, y.get(row, col) + bias[col]);
            }
        }
    }

    void scale(float scale, Matrix x) {
        long count = (long) x.rows() * x.cols();
        long i = 0;
        for (; i <= count - LANES; i += LANES) {
            load(x.data(), i).mul(scale).intoMemorySegment(x.data(), i * 4, Width.ORDER);
        }
        for (; i < count; i++) {
            x.data().setAtIndex(JAVA_FLOAT, i, scale * x.data().getAtIndex(JAVA_FLOAT, i));
        }
    }

    void softcap(float cap, Matrix x) {
        if (alone(x)) {
            softcap(scratch[0], cap, x, 0, x.rows());
        } else {
            workers.bands(x.rows(), 1, (worker, from, to) -> softcap(scratch[worker], cap, x, from, to));
        }
    }

    private static void softcap(Scratch scratch, float cap, Matrix x, int from, int to) {
        long end = (long) to * x.cols();
        for (long at = (long) from * x.cols(); at < end; at += CHUNK) {
            int count = (int) Math.min(CHUNK, end - at);
            MemorySegment.copy(x.data(), JAVA_FLOAT, at * 4, scratch.chunk, 0, count);
            VectorMaths.softcap(cap, scratch.chunk, 0, VectorMaths.padded(count), scratch.work);
            MemorySegment.copy(scratch.chunk, 0, x.data(), JAVA_FLOAT, at * 4, count);
        }
    }

    void softmax(Matrix x) {
        if (alone(x)) {
            softmax(scratch[0], x, 0, x.rows());
        } else {
            workers.bands(x.rows(), 1, (worker, from, to) -> softmax(scratch[worker], x, from, to));
        }
    }

    private static void softmax(Scratch scratch, Matrix x, int from, int to) {
        int padded = VectorMaths.padded(x.cols());
        for (int row = from; row < to; row++) {
            float[] values = scratch.load(x, row, Float.NEGATIVE_INFINITY);
            VectorMaths.subtract(values, 0, padded, VectorMaths.max(values, 0, padded, scratch.lanes));
            VectorMaths.exp(values, 0, padded);
            VectorMaths.divide(values, padded, VectorMaths.sum(values, 0, padded, scratch.lanes));
            scratch.store(x, row);
        }
    }
}
