package dev.glasshouse.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.AdamWStep;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.kernels.TrainingKernels;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bit for bit against the scalar definitions, alone and shared; which NaN a NaN is may differ. */
class VectorTrainingTest {
    private static final float[] ODD = {
        Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f, Float.MIN_VALUE, Float.MAX_VALUE, -1e20f
    };

    private final Random random = new Random(5);
    private final Arena arena = Arena.ofAuto();
    private final Workers one = new Workers(1);
    private final Workers three = new Workers(3);
    private final Kernels scalarKernels = new ScalarKernels(1);
    private final TrainingKernels scalar = scalarKernels.training();
    private final TrainingKernels alone = new VectorTraining(one);
    private final TrainingKernels shared = new VectorTraining(three);

    @AfterEach
    void close() {
        one.close();
        three.close();
        scalarKernels.close();
    }

    private Matrix random(int rows, int cols) {
        Matrix x = Matrix.allocate(arena, rows, cols);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                x.set(row, col, (float) random.nextGaussian());
            }
        }
        return x;
    }

    /** With values of every kind among others. */
    private Matrix odd(int rows, int cols) {
        Matrix x = random(rows, cols);
        for (int i = 0; i < rows * cols; i += 1 + random.nextInt(40)) {
            x.set(i / cols, i % cols, ODD[random.nextInt(ODD.length)]);
        }
        return x;
    }

    private Matrix copy(Matrix x) {
        Matrix copy = Matrix.allocate(arena, x.rows(), x.cols());
        copy.data().copyFrom(x.data());
        return copy;
    }

    private static void assertSame(Matrix got, Matrix want) {
        for (int row = 0; row < want.rows(); row++) {
            for (int col = 0; col < want.cols(); col++) {
                // floatToIntBits: all NaN are one.
                if (Float.floatToIntBits(got.get(row, col)) != Float.floatToIntBits(want.get(row, col))) {
                    assertThat(got.get(row, col))
                            .as("row %s of %s, column %s of %s", row, want.rows(), col, want.cols())
                            .isEqualTo(want.get(row, col));
                }
            }
        }
    }

    /** An operation on some matrices, of which it may change all. */
    private interface Operation {
        void run(TrainingKernels kernels, Matrix[] m);
    }

    private void compare(Operation operation, Matrix... inputs) {
        Matrix[] want = copies(inputs);
        Matrix[] first = copies(inputs);
        Matrix[] second = copies(inputs);
        operation.run(scalar, want);
        operation.run(alone, first);
        operation.run(shared, second);
        for (int i = 0; i < inputs.length; i++) {
            assertSame(first[i], want[i]);
            assertSame(second[i], want[i]);
        }
    }

    private Matrix[] copies(Matrix[] inputs) {
        Matrix[] copies = new Matrix[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            copies[i] = copy(inputs[i]);
        }
        return copies;
    }

    /** Calls with all kinds of small shapes and some large enough to be shared. */
    private void shapes(BiConsumer<Integer, Integer> test) {
        for (int cols = 1; cols <= 70; cols++) {
            test.accept(1 + random.nextInt(5), cols);
        }
        test.accept(301, 100);
        test.accept(40, 1030);
        test.accept(1, 9001);
    }

    @Test
    void norms() {
        for (boolean onto : new boolean[] {false, true}) {
            shapes((rows, cols) -> {
                float[] weight = random(1, cols).row(0);
                Matrix[] m = {odd(rows, cols), random(rows, cols), random(rows, cols), random(1, cols), random(1, cols)
                };
                compare((k, x) -> k.rmsNormBackward(x[0], weight, 1e-5f, x[1], onto, x[2], x[3]), m);
                compare((k, x) -> k.layerNormBackward(x[0], weight, 1e-5f, x[1], onto, x[2], x[3], x[4]), m);
                compare((k, x) -> k.rmsNormBackward(x[0], weight, 1e-5f, x[1], onto, x[1], x[3]), m);
                compare((k, x) -> k.layerNormBackward(x[0], weight, 1e-5f, x[1], onto, x[1], x[3], x[4]), m);
            });
        }
    }

    @Test
    void sumsAndTables() {
        shapes((rows, cols) -> {
            int[] ids = new int[rows];
            for (int i = 0; i < rows; i++) {
                ids[i] = random.nextInt(3);
            }
            compare((k, x) -> k.addRows(x[0], x[1]), odd(rows, cols), random(1, cols));
            compare((k, x) -> k.gather(x[0], ids, x[1]), odd(3, cols), random(rows, cols));
            compare((k, x) -> k.scatter(x[0], ids, x[1]), odd(rows, cols), random(3, cols));
        });
    }

    @Test
    void activationsAndDropout() {
        shapes((rows, cols) -> {
            Matrix[] m = {
                odd(rows, cols), random(rows, cols), random(rows, cols), random(rows, cols), random(rows, cols)
            };
            compare((k, x) -> k.swigluBackward(x[0], x[1], x[2], x[3], x[4]), m);
            compare((k, x) -> k.swigluBackward(x[0], x[1], x[2], x[0], x[1]), m);
            compare((k, x) -> k.geluBackward(x[0], x[1], x[2]), m);
            compare((k, x) -> k.geluBackward(x[0], x[1], x[0]), m);
            compare((k, x) -> k.geluBackward(x[0], x[1], x[1]), m);
            long[] keys = random.longs(rows).toArray();
            compare((k, x) -> k.dropout(x[0], 0.3f, keys), m);
            compare((k, x) -> k.dropout(x[1], 0, keys), m);
        });
    }

    @Test
    void updates() {
        AdamWStep step = new AdamWStep(0.7f, 0.99f, 0.9f, 0.95f, 0.02f, 0.3f, 1e-4f);
        shapes((rows, cols) -> {
            Matrix[] m = {odd(rows, cols), random(rows, cols), odd(rows, cols), odd(rows, cols)};
            compare((k, x) -> k.adamW(x[0], x[1], x[2], x[3], step), m);
            compare((k, x) -> k.nesterov(x[0], 0.5f, 0.95f, x[1], x[2]), m);
            compare((k, x) -> k.nesterov(x[0], 0.5f, 0.95f, x[1], x[0]), m);
            compare((k, x) -> k.combine(2.5f, x[0], -3, x[1], x[2]), m);
            compare((k, x) -> k.combine(2.5f, x[0], -3, x[1], x[0]), m);
            compare((k, x) -> k.combine(2.5f, x[0], -3, x[1], x[1]), m);
            for (TrainingKernels kernels : new TrainingKernels[] {alone, shared}) {
                assertThat(Double.doubleToLongBits(kernels.sumOfSquares(m[0])))
                        .isEqualTo(Double.doubleToLongBits(scalar.sumOfSquares(m[0])));
                assertThat(Double.doubleToLongBits(kernels.sumOfSquares(m[1])))
                        .isEqualTo(Double.doubleToLongBits(scalar.sumOfSquares(m[1])));
            }
        });
    }
}
