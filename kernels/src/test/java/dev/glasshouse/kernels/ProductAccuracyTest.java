package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.weights.TensorCodec;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the definition itself costs: rounding the activations to 8 bits. */
class ProductAccuracyTest {
    private static final int ROWS = 512;
    private static final int COLS = 2048;

    /**
     * Against the double product of the unpacked weights with unrounded input. A Gaussian block of 32 has a maximum of
     * about 2.1 σ, so a step of 0.0165 σ and an error of 0.0165 / √12 = 0.5 % of the result; 0.7 % leaves room for chance.
     */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void theRoundingOfTheInputCostsLessThanSevenThousandths(TensorType type) {
        try (Arena arena = Arena.ofConfined();
                ScalarKernels kernels = new ScalarKernels(1)) {
            float[] weights = new float[ROWS * COLS];
            Random random = new Random(7);
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) random.nextGaussian();
            }
            MemorySegment bytes = arena.allocate(type.bytes(weights.length));
            TensorCodec.pack(type, weights, 0, bytes, 0, weights.length);
            TensorCodec.unpack(type, bytes, 0, weights, 0, weights.length);
            Matrix x = RandomWeights.matrix(2, COLS, 8, arena);
            Matrix y = Matrix.allocate(arena, 2, ROWS);
            kernels.multiply(x, new Product(kernels.pack(type, ROWS, COLS, bytes, arena), y));
            double error = 0;
            double size = 0;
            for (int i = 0; i < 2; i++) {
                for (int r = 0; r < ROWS; r++) {
                    double exact = 0;
                    for (int k = 0; k < COLS; k++) {
                        exact += (double) weights[r * COLS + k] * x.get(i, k);
                    }
                    error += (exact - y.get(i, r)) * (exact - y.get(i, r));
                    size += exact * exact;
                }
            }
            double share = Math.sqrt(error / size);
            if (QuantFormat.of(type).isPresent()) {
                assertThat(share).isBetween(0.002, 0.007);
            } else {
                assertThat(share).isLessThan(1e-6);
            }
        }
    }
}
