package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpTest {
    @Test
    void isWithinTwoUnitsOfStrictMath() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000_000; i++) {
            double x = i % 2 == 0 ? -random.nextDouble() * 750 : -random.nextDouble() * 20;
            double expected = StrictMath.exp(x);
            assertThat(Math.abs(Exp.exp(x) - expected)).as("exp(%s)", x).isLessThanOrEqualTo(2 * Math.ulp(expected));
        }
        for (double x : new double[] {
            0,
            -0.0,
            1,
            700,
            709.5,
            710,
            -708,
            -745,
            -746,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.NaN
        }) {
            double expected = StrictMath.exp(x);
            assertThat(Exp.exp(x) == expected
                            || Math.abs(Exp.exp(x) - expected) <= 2 * Math.ulp(expected)
                            || (Double.isNaN(expected) && Double.isNaN(Exp.exp(x))))
                    .as("exp(%s)", x)
                    .isTrue();
        }
    }

    /** Every float of a range that steps through all exponents, and beyond both ends. */
    @Test
    void theFloatIsStrictMathsToTheBit() {
        for (int bits = Float.floatToRawIntBits(-0f); bits < Float.floatToRawIntBits(-110f); bits += 769) {
            float x = Float.intBitsToFloat(bits);
            float expected = x < -104f ? 0f : (float) StrictMath.exp(x);
            if (Float.floatToRawIntBits(FloatMath.exp(x)) != Float.floatToRawIntBits(expected)) {
                assertThat(FloatMath.exp(x)).as("exp(%s)", x).isEqualTo(expected);
            }
        }
        assertThat(FloatMath.exp(Float.NaN)).isNaN();
        assertThat(FloatMath.exp(2f)).isEqualTo((float) StrictMath.exp(2));
    }
}
