package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Without the vector room on its class path, the loader falls back, and says so. */
class KernelsLoaderTest {
    @Test
    void theScalarKernelsComeWithTheReason() {
        KernelsLoader.Choice choice = KernelsLoader.choose(1);
        try (Kernels kernels = choice.kernels()) {
            assertThat(kernels.name()).isEqualTo("scalar");
            assertThat(choice.slower().orElseThrow()).contains("glasshouse-kernels-vector");
        }
    }
}
