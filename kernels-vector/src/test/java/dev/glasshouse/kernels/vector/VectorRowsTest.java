package dev.glasshouse.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Maths;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.RotaryStyle;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bit for bit against the scalar kernels, over all small widths, with values of every kind, alone and shared. */
class VectorRowsTest {
    private static final float[] ODD = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        0,
        -0f,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        -87.3f,
        -87.30001f,
        0x1.62e42ep6f,
        88.72284f,
        1e-20f,
        -1e20f
    };

    private final Random random = new Random(5);
    private final Arena arena = Arena.ofAuto();
    private final Workers two = new Workers(2);
    private final Kernels scalar = new ScalarKernels(1);
    private final VectorRows rows = new VectorRows(two);

    @AfterEach
    void close() {
        two.close();
    }

    /** An operation in both rooms. */
    private interface Both {
        void run(Ops ops, Matrix x, Matrix y);
    }

    /** What the rooms have in common here. */
    private interface Ops {
        void rmsNorm(Matrix x, float[] weight, float eps, Matrix y);

        void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix y);

        void gated(boolean gelu, Matrix gate, Matrix up, Matrix out);

        void others(int which, float number, float[] bias, Matrix x, Matrix y);
    }

    private final Ops scalarOps = new Ops() {
        @Override
        public void rmsNorm(Matrix x, float[] weight, float eps, Matrix y) {
            scalar.rmsNorm(x, weight, eps, y);
        }

        @Override
        public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix y) {
            scalar.layerNorm(x, weight, bias, eps, y);
        }

        @Override
        public void gated(boolean gelu, Matrix gate, Matrix up, Matrix out) {
            if (gelu) {
                scalar.geglu(gate, up, out);
            } else {
                scalar.swiglu(gate, up, out);
            }
        }

        @Override
        public void others(int which, float number, float[] bias, Matrix x, Matrix y) {
            switch (which) {
                case 0 -> scalar.gelu(y);
                case 1 -> scalar.addScaled(number, x, y);
                case 2 -> scalar.addBias(bias, y);
                case 3 -> scalar.scale(number, y);
                case 4 -> scalar.softcap(number, y);
                default -> scalar.softmax(y);
            }
        }
    };

    private final Ops vectorOps = new Ops() {
        @Override
        public void rmsNorm(Matrix x, float[] weight, float eps, Matrix y) {
            rows.rmsNorm(x, weight, eps, y);
        }

        @Override
        public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix y) {
            rows.layerNorm(x, weight, bias, eps, y);
        }

        @Override
        public void gated(boolean gelu, Matrix gate, Matrix up, Matrix out) {
            if (gelu) {
                rows.geglu(gate, up, out);
            } else {
                rows.swiglu(gate, up, out);
            }
        }

        @Override
        public void others(int which, float number, float[] bias, Matrix x, Matrix y) {
            switch (which) {
                case 0 -> rows.gelu(y);
                case 1 -> rows.addScaled(number, x, y);
                case 2 -> rows.addBias(bias, y);
                case 3 -> rows.scale(number, y);
                case 4 -> rows.softcap(number, y);
                default -> rows.softmax(y);
            }
        }
    };

    private Matrix random(int rowCount, int cols, int oddEvery) {
        Matrix x = Matrix.allocate(arena, rowCount, cols);
        for (int row = 0; row < rowCount; row++) {
            for (int col = 0; col < cols; col++) {
                boolean odd = oddEvery > 0 && random.nextInt(oddEvery) == 0;
                float value = odd ? ODD[random.nextInt(ODD.length)] : (float) (random.nextGaussian() * 4);
                x.set(row, col, value);
            }
        }
        return x;
    }

    private static Matrix copy(Matrix x) {
        Matrix copy = Matrix.allocate(Arena.ofAuto(), x.rows(), x.cols());
        copy.data().copyFrom(x.data());
        return copy;
    }

    private static void assertSameBits(Matrix actual, Matrix expected, String what) {
        for (int row = 0; row < expected.rows(); row++) {
            for (int col = 0; col < expected.cols(); col++) {
                if (Float.floatToIntBits(actual.get(row, col)) != Float.floatToIntBits(expected.get(row, col))) {
                    assertThat(actual.get(row, col))
                            .as("%s of %d × %d at %d, %d", what, expected.rows(), expected.cols(), row, col)
                            .isEqualTo(expected.get(row, col));
                }
            }
        }
    }

    private void forAllShapes(BiConsumer<Matrix, Integer> test) {
        for (int cols = 1; cols <= 130; cols++) {
            test.accept(random(2, cols, 0), 0);
            test.accept(random(3, cols, 40), 40);
        }
        test.accept(random(1, 2048, 0), 0);
        test.accept(random(1, 1543, 100), 100);
        test.accept(random(67, 1001, 5000), 5000); // shared by the threads
    }

    private void compare(String what, Both both) {
        forAllShapes((x, odd) -> {
            Matrix y = random(x.rows(), x.cols(), odd);
            Matrix expected = copy(y);
            Matrix actual = copy(y);
            both.run(scalarOps, x, expected);
            both.run(vectorOps, x, actual);
            assertSameBits(actual, expected, what);
        });
    }

    @Test
    void norms() {
        float[] weight = random(1, 2048, 0).row(0);
        float[] bias = random(1, 2048, 0).row(0);
        compare("rmsNorm", (ops, x, y) -> ops.rmsNorm(x, java.util.Arrays.copyOf(weight, x.cols()), 1e-5f, y));
        compare("rmsNorm in place", (ops, x, y) -> ops.rmsNorm(y, java.util.Arrays.copyOf(weight, x.cols()), 1e-6f, y));
        compare(
                "layerNorm",
                (ops, x, y) -> ops.layerNorm(
                        x,
                        java.util.Arrays.copyOf(weight, x.cols()),
                        java.util.Arrays.copyOf(bias, x.cols()),
                        1e-5f,
                        y));
    }

    @Test
    void rotations() {
        for (RotaryStyle style : RotaryStyle.values()) {
            for (int headSize : new int[] {1, 2, 8, 17, 48, 64, 80, 96, 128, 256}) {
                for (int turned : new int[] {2, 6, 32, headSize / 2 * 2}) {
                    for (int count : new int[] {1, 3, 70}) {
                        if (turned > headSize || turned == 0) {
                            continue;
                        }
                        Matrix expected = random(count, 6 * headSize, 500);
                        Matrix actual = copy(expected);
                        Matrix turns = random(count, turned, 0);
                        scalar.rotate(expected, headSize, turns, style);
                        rows.rotate(actual, headSize, turns, style);
                        assertSameBits(actual, expected, style + " " + headSize + " " + turned);
                    }
                }
            }
        }
    }

    @Test
    void gates() {
        compare("swiglu", (ops, x, y) -> ops.gated(false, x, y, y));
        compare("geglu", (ops, x, y) -> ops.gated(true, x, y, y));
        compare("swiglu into the gate", (ops, x, y) -> ops.gated(false, y, x, y));
    }

    @Test
    void theOthers() {
        float[] bias = random(1, 2048, 0).row(0);
        for (int which = 0; which <= 5; which++) {
            int operation = which;
            compare(
                    "operation " + which,
                    (ops, x, y) -> ops.others(operation, 3.5f, java.util.Arrays.copyOf(bias, x.cols()), x, y));
        }
    }

    @Test
    void expOverManyBitPatterns() {
        float[] values = new float[1 << 16];
        float[] expected = new float[values.length];
        for (int round = 0; round < 16; round++) {
            for (int i = 0; i < values.length; i++) {
                float x = round < 8 ? Float.intBitsToFloat(random.nextInt()) : random.nextFloat(-90, 90);
                values[i] = x;
                expected[i] = Maths.exp(x);
            }
            VectorMaths.exp(values, 0, values.length);
            assertThat(values).isEqualTo(expected);
        }
    }
}
