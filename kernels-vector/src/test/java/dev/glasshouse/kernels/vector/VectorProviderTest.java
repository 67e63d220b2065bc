package dev.glasshouse.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KernelsLoader;
import org.junit.jupiter.api.Test;

/** The loader prefers this room where it can run. */
class VectorProviderTest {
    @Test
    void theVectorKernelsAreChosenOnThisJvm() {
        KernelsLoader.Choice choice = KernelsLoader.choose(2);
        try (Kernels kernels = choice.kernels()) {
            assertThat(choice.slower()).isEmpty();
            assertThat(kernels.name()).isEqualTo("vector, " + Width.BITS + " bits");
            assertThat(kernels.threads()).isEqualTo(2);
        }
    }
}
