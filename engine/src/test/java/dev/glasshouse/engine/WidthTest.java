package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.KvType;
import org.junit.jupiter.api.Test;

/** Whole answers of the vector kernels are the scalar ones, at the machine's width and (see the pom) at 128 and 256 bits. */
class WidthTest {
    @Test
    void theWidthDoesNotShow() {
        EngineOptions options = Stories.options().withKv(KvType.F16);
        try (Engine engine = Engine.open(Stories.path(Stories.Q4_0), options)) {
            assertThat(engine.facts().kernels()).contains(System.getProperty("glasshouse.vector.bits", "vector"));
        }
        assertThat(BitEqualityTest.answer(Stories.Q4_0, options))
                .isEqualTo(BitEqualityTest.answer(Stories.Q4_0, options.withKernels(KernelChoice.SCALAR)));
    }
}
