package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Against StrictMath in double, in units in the last place of the exact result. */
class MathsTest {
    private interface FloatFunction {
        float apply(float x);
    }

    private static double worst(FloatFunction mine, DoubleUnaryOperator exact, float from, float to) {
        double worst = 0;
        int steps = 1_000_000;
        for (int i = 0; i <= steps; i++) {
            float x = from + (to - from) * ((float) i / steps);
            double want = exact.applyAsDouble(x);
            double unit = Math.ulp((float) want);
            worst = Math.max(worst, Math.abs(mine.apply(x) - want) / unit);
        }
        return worst;
    }

    @Test
    void expIsWithinAUnitOrSoInTheLastPlace() {
        assertThat(worst(Maths::exp, StrictMath::exp, -87.3f, 88.72283f)).isLessThan(1.1);
        assertThat(worst(Maths::exp, StrictMath::exp, -1, 1)).isLessThan(1);
    }

    @Test
    void tanhIsWithinTwoUnitsInTheLastPlace() {
        assertThat(worst(Maths::tanh, StrictMath::tanh, -0.7f, 0.7f)).isLessThan(2);
        assertThat(worst(Maths::tanh, StrictMath::tanh, -12, 12)).isLessThan(2);
        assertThat(worst(Maths::tanh, StrictMath::tanh, 1e-30f, 1e-3f)).isLessThan(2);
    }

    @Test
    void activationsAreCloseToExact() {
        for (float x = -20; x <= 20; x += 0.001f) {
            double silu = x / (1 + StrictMath.exp(-(double) x));
            double u = StrictMath.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3));
            double gelu = 0.5 * x * (1 + StrictMath.tanh(u));
            assertThat((double) Maths.silu(x)).isCloseTo(silu, within(2e-7 * Math.max(Math.abs(x), 1e-3)));
            assertThat((double) Maths.gelu(x)).isCloseTo(gelu, within(3e-7 * Math.max(Math.abs(x), 1e-3)));
            assertThat((double) Maths.softcap(3, x)).isCloseTo(3 * StrictMath.tanh(x / 3.0), within(6e-7));
        }
    }

    private static org.assertj.core.data.Offset<Double> within(double tolerance) {
        return org.assertj.core.data.Offset.offset(tolerance);
    }

    @Test
    void edgesOfExp() {
        assertThat(Maths.exp(0)).isEqualTo(1);
        assertThat(Maths.exp(-0f)).isEqualTo(1);
        assertThat(Maths.exp(Float.MIN_VALUE)).isEqualTo(1);
        assertThat(Maths.exp(Maths.EXP_HIGHEST)).isBetween(3.40e38f, Float.MAX_VALUE);
        assertThat(Maths.exp(Math.nextUp(Maths.EXP_HIGHEST))).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Maths.exp(Maths.EXP_LOWEST)).isBetween(Float.MIN_NORMAL, 2e-38f);
        assertThat(Maths.exp(Math.nextDown(Maths.EXP_LOWEST))).isEqualTo(0);
        assertThat(Maths.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0);
        assertThat(Maths.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Maths.exp(Float.NaN)).isNaN();
    }

    @Test
    void edgesOfTheOthers() {
        assertThat(Maths.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(Maths.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(Maths.tanh(Float.NaN)).isNaN();
        assertThat(Float.floatToRawIntBits(Maths.tanh(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
        assertThat(Maths.silu(-200)).isEqualTo(-0f);
        assertThat(Maths.silu(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Maths.gelu(1e30f)).isEqualTo(1e30f);
        assertThat(Maths.gelu(-1e30f)).isEqualTo(-0f);
        assertThat(Maths.gelu(Float.NaN)).isNaN();
    }
}
