package dev.glasshouse.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.weights.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The definition of a matrix product: one output is one chain of F32 fused multiply-adds that starts at +0.
 *
 * <p><b>F32, F16 and BF16 weights</b> (and every type without a {@link QuantFormat}, unpacked to F32):
 * {@code y = fma(w[k], x[k], y)} for k ascending.
 *
 * <p><b>Quantised weights</b>: x is quantised in blocks of 32 ({@link QuantInput}: integers q, scale dx, sum s of the
 * integers). For each block the products with the weights' integers, sub-scales included, are summed exactly:
 * {@code p = Σ sub · (wq − offset) · q}, always |p| &lt; 2²⁴. The chain is, with the types' names of {@link QuantFormat},
 *
 * <pre>
 *     y = fma(min · s, m · dx, y)   for every block in order, if the type has minima;
 *     y = fma(p, d · dx, y)         for every block in order,
 * </pre>
 *
 * where {@code m · dx} and {@code d · dx} are rounded to F32 and a block is always 32 values, also in types whose own
 * blocks are of 256.
 */
final class ScalarProducts {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ScalarProducts() {}

    static void multiply(Matrix x, ScalarWeight weight, Matrix y) {
        Products.check(x, weight, y);
        QuantFormat format = QuantFormat.of(weight.stored()).orElse(null);
        if (format == null) {
            floats(x, weight, y);
        } else {
            quantised(x, weight, format, y);
        }
    }

    private static void quantised(Matrix x, ScalarWeight weight, QuantFormat format, Matrix y) {
        QuantInput[] inputs = new QuantInput[x.rows()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new QuantInput(x.cols());
            inputs[i].read(x.row(i));
        }
        QuantFormat.Row row = new QuantFormat.Row(format, weight.cols());
        QuantChain chain = new QuantChain(format, weight.cols());
        long rowBytes = weight.stored().bytes(weight.cols());
        for (int r = 0; r < weight.rows(); r++) {
            format.read(weight.data(), r * rowBytes, row);
            chain.read(row);
            for (int i = 0; i < inputs.length; i++) {
                y.set(i, r, chain.product(inputs[i]));
            }
        }
    }

    private static void floats(Matrix x, ScalarWeight weight, Matrix y) {
        float[] w = new float[weight.cols()];
        float[][] inputs = new float[x.rows()][];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = x.row(i);
        }
        for (int r = 0; r < weight.rows(); r++) {
            readFloats(weight.data(), weight.stored(), r, w);
            for (int i = 0; i < inputs.length; i++) {
                float[] row = inputs[i];
                float sum = 0;
                for (int k = 0; k < w.length; k++) {
                    sum = Math.fma(w[k], row[k], sum);
                }
                y.set(i, r, sum);
            }
        }
    }

    /** Unpacks one row of an F32, F16 or BF16 weight. */
    static void readFloats(MemorySegment data, TensorType type, int row, float[] out) {
        long at = type.bytes(out.length) * row;
        for (int k = 0; k < out.length; k++) {
            out[k] = switch (type) {
                case F32 -> data.get(FLOAT, at + 4L * k);
                case F16 -> Float.float16ToFloat(data.get(SHORT, at + 2L * k));
                case BF16 -> Float.intBitsToFloat(data.get(SHORT, at + 2L * k) << 16);
                default -> throw new IllegalStateException(type + " is not a float type");
            };
        }
    }

    static void lookup(ScalarWeight table, int[] ids, Matrix out) {
        Products.checkLookup(table, ids, out);
        float[] values = new float[table.cols()];
        QuantFormat format = QuantFormat.of(table.stored()).orElse(null);
        QuantFormat.Row row = format == null ? null : new QuantFormat.Row(format, table.cols());
        for (int i = 0; i < ids.length; i++) {
            if (format == null || row == null) {
                readFloats(table.data(), table.stored(), ids[i], values);
            } else {
                format.read(table.data(), table.stored().bytes(table.cols()) * ids[i], row);
                format.values(row, values);
            }
            MemorySegment.copy(values, 0, out.data(), JAVA_FLOAT, 4L * i * values.length, values.length);
        }
    }
}
