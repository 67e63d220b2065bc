package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.kernels.RotaryStyle;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scaled frequencies at the points where the papers' formulas are known. */
class RotaryTest {
    private static final Rotary PLAIN = Rotary.of(RotaryStyle.HALVES, 64, 10_000);

    @Test
    void plainAndLinear() {
        assertThat(PLAIN.frequencies().get(0)).isEqualTo(1);
        assertThat(PLAIN.frequencies().get(16)).isCloseTo(0.01, within(1e-12));
        assertThat(PLAIN.linear(4).frequencies().get(16)).isCloseTo(0.0025, within(1e-12));
        assertThat(PLAIN.dims()).isEqualTo(64);
    }

    /** Long waves are stretched by the whole factor, short ones not at all, and the frequencies still fall. */
    @Test
    void llama3AndYarnLeaveShortWavesAndStretchLongOnes() {
        for (Rotary scaled : List.of(PLAIN.llama3(8, 1, 4, 2048), PLAIN.yarn(10_000, 8, 2048, 32, 1, 1.2))) {
            assertThat(scaled.frequencies().get(0)).isEqualTo(1);
            assertThat(scaled.frequencies().get(31))
                    .isCloseTo(PLAIN.frequencies().get(31) / 8, within(1e-12));
            for (int i = 1; i < 32; i++) {
                assertThat(scaled.frequencies().get(i))
                        .isLessThan(scaled.frequencies().get(i - 1));
            }
        }
        assertThat(Rotary.yarnAmplitude(8)).isCloseTo(1.2079441541679836, within(1e-12));
    }
}
