package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everyRunIsABarrier(int threads) {
        try (Workers workers = new Workers(threads)) {
            assertThat(workers.threads()).isEqualTo(threads);
            long[] sums = new long[threads * 16];
            for (int round = 1; round <= 4_000; round++) {
                int add = round;
                workers.run((worker, count) -> sums[worker * 16] += (long) add * count);
                if (round % 1000 == 0) { // what every share wrote is seen, also after the others have parked
                    long each = (long) threads * round * (round + 1) / 2;
                    for (int worker = 0; worker < threads; worker++) {
                        assertThat(sums[worker * 16]).isEqualTo(each);
                    }
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void bandsCoverEverythingOnce(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int count : new int[] {0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 1000}) {
                for (int grain : new int[] {1, 2, 8, 32}) {
                    int[] visits = new int[count];
                    workers.bands(count, grain, (worker, from, to) -> {
                        assertThat(from % grain).isZero();
                        assertThat(to == count || to % grain == 0).isTrue();
                        for (int i = from; i < to; i++) {
                            visits[i]++;
                        }
                    });
                    assertThat(Arrays.stream(visits).allMatch(n -> n == 1)).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aFailureReachesTheCallerAndTheWorkersGoOn(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int bad = 0; bad < threads; bad++) {
                int failing = bad;
                int[] ended = new int[threads];
                assertThatThrownBy(() -> workers.run((worker, count) -> {
                            ended[worker] = 1;
                            if (worker >= failing) {
                                throw new ArithmeticException("share " + worker);
                            }
                        }))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessage("share " + failing);
                assertThat(ended).containsOnly(1);
                int[] again = new int[threads];
                workers.run((worker, count) -> again[worker] = 1);
                assertThat(again).containsOnly(1);
            }
        }
    }

    @Test
    void aTaskCannotStartAnother() {
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.run((worker, count) -> workers.run((w, c) -> {})))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("must not start another");
        }
    }

    @Test
    void closingEndsTheThreads() throws InterruptedException {
        Thread[] seen = new Thread[3];
        Workers workers = new Workers(3);
        workers.run((worker, count) -> seen[worker] = Thread.currentThread());
        assertThat(seen[0]).isEqualTo(Thread.currentThread());
        assertThat(seen[1].isDaemon()).isTrue();
        workers.close();
        workers.close();
        assertThat(seen[1].join(Duration.ZERO)).isTrue();
        assertThat(seen[2].join(Duration.ZERO)).isTrue();
        assertThatThrownBy(() -> workers.run((worker, count) -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInterruptIsKeptForTheCaller() {
        try (Workers workers = new Workers(2)) {
            int[] done = new int[2];
            Thread.currentThread().interrupt();
            workers.run((worker, count) -> {
                if (worker == 1) {
                    LockSupport.parkNanos(5_000_000);
                }
                done[worker] = 1;
            });
            assertThat(Thread.interrupted()).isTrue();
            assertThat(done).containsExactly(1, 1);
        }
    }

    @Test
    void runningAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Workers workers = new Workers(2)) {
            Workers.Task task = (worker, count) -> {};
            Workers.Band band = (worker, from, to) -> {};
            long bytes = 0;
            for (int repeat = 0; repeat < 2; repeat++) { // the first time includes class loading
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    workers.run(task);
                    workers.bands(100, 8, band);
                }
                bytes = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(bytes).isLessThan(1000);
        }
    }

    @Test
    void noThreadsIsAnError() {
        assertThatThrownBy(() -> new Workers(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
