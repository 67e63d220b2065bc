package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The canary sings the same song in every JVM. The hash may change only with a new numerics version (docs/PRECISION.md): then all
 * weights in the world that carry a lock of this version can no longer be verified.
 */
class CanaryTest {
    private static final String HASH = "c50d5f4b1f6e6e1983972847fa7508876fd2515a7b43a7dbcd3aba98a8409fe1";

    /** Other vector widths, threads, kernels, micro-batches and a locale in which "I".toLowerCase() is no "i". */
    @Test
    void inEveryJvm() throws IOException {
        List<Process> children = List.of(
                child("auto", 1, 3, "-XX:MaxVectorSize=16"),
                child("auto", 2, 2, "-XX:MaxVectorSize=32", "-Duser.language=tr", "-Duser.country=TR"),
                child("auto", 2, 1, "-XX:MaxVectorSize=64"),
                child("scalar", 2, 2));
        for (Process process : children) {
            assertThat(ChildJvm.lastLine(process)).as(process.toString()).isEqualTo(HASH);
        }
    }

    private static Process child(String kernels, int threads, int microBatch, String... options) throws IOException {
        return ChildJvm.builder(Canary.class, List.of(options), kernels, threads, microBatch)
                .start();
    }
}
