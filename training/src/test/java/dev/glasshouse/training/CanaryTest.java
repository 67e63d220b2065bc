package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The canary sings the same song in every JVM. The hash may change only with a new numerics version (docs/PRECISION.md): then all
 * weights in the world that carry a lock of this version can no longer be verified.
 */
class CanaryTest {
    private static final String HASH = "af0cbb3c90d3b7e2c8f54ce89054f68346bdf9845ea6ed572d15087f717b6edd";

    @Test
    void inThisJvm() {
        try (Kernels kernels = Kernels.best(2)) {
            assertThat(Canary.hash(kernels, 2)).isEqualTo(HASH);
        }
    }

    /** Other vector widths, threads, kernels, micro-batches and a locale in which "I".toLowerCase() is no "i". */
    @Test
    void inOtherJvms() throws IOException {
        List<Process> children = List.of(
                child("auto", 1, 5, "-XX:MaxVectorSize=16"),
                child("auto", 2, 2, "-XX:MaxVectorSize=32", "-Duser.language=tr", "-Duser.country=TR"),
                child("auto", 2, 3, "-XX:MaxVectorSize=64"),
                child("scalar", 1, 1));
        for (Process process : children) {
            assertThat(ChildJvm.lastLine(process)).as(process.toString()).isEqualTo(HASH);
        }
    }

    private static Process child(String kernels, int threads, int microBatch, String... options) throws IOException {
        return ChildJvm.builder(Canary.class, List.of(options), kernels, threads, microBatch)
                .start();
    }
}
