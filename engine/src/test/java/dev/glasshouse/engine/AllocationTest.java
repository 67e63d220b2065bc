package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.glasshouse.kernels.KvType;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token costs in garbage, trace off, after warm-up. */
class AllocationTest {
    private static final long MOST = 16 << 10;
    private static final int MOST_RUNS = 12;

    @ParameterizedTest
    @ValueSource(strings = {Stories.F32, Stories.Q8_0, Stories.Q4_0})
    void aTokenAllocatesLittle(String model) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Engine engine = Engine.open(Stories.path(model), Stories.options().withKv(KvType.F16))) {
            Request request = Request.of(Stories.firstIds(8))
                    .withSettings(Stories.settings(Map.of("seed", 1, "repeat_penalty", 1.1)))
                    .withMaxTokens(400)
                    .ignoringEnd();
            long[] bytes = new long[401];
            long perToken = Long.MAX_VALUE;
            // On a busy machine the compiler takes longer to have all of it compiled.
            for (int run = 0; run < MOST_RUNS && (run < 3 || perToken > MOST); run++) {
                engine.generate(request, new GenerationListener() {
                    @Override
                    public void token(TokenEvent event) {
                        bytes[event.index()] = threads.getTotalThreadAllocatedBytes();
                    }
                });
                perToken = (bytes[399] - bytes[299]) / 100;
            }
            System.out.println(model + ": " + perToken + " bytes allocated a token");
            assertThat(perToken).isLessThanOrEqualTo(MOST);
        }
    }
}
