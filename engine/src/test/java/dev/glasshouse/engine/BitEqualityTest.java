package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.sampling.SamplerSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same answer to the bit, whatever computes it, however the prompt goes in, and from run to run. */
class BitEqualityTest {
    private static final int TOKENS = 40;

    /** A prompt longer than one cache block, its logits, and what follows it. */
    record Answer(long logits, List<Integer> greedy, List<Integer> seeded) {}

    @ParameterizedTest
    @CsvSource({"stories260K.gguf,F32", "stories260K-Q8_0.gguf,F16", "stories260K-Q4_0.gguf,F16"})
    void everyWayGivesTheSameBits(String model, KvType kv) {
        EngineOptions base = Stories.options().withKv(kv);
        Answer expected = answer(model, base.withKernels(KernelChoice.SCALAR).withThreads(1));
        for (EngineOptions options : List.of(
                base.withKernels(KernelChoice.SCALAR),
                base.withThreads(1),
                base,
                base,
                base.withChunk(1),
                base.withChunk(7),
                base.withChunk(64),
                base.withThreads(1).withChunk(33).withContext(150))) {
            assertThat(answer(model, options)).as(options.toString()).isEqualTo(expected);
        }
    }

    static Answer answer(String model, EngineOptions options) {
        int[] prompt = Stories.firstIds(100);
        try (Engine engine = Engine.open(Stories.path(model), options)) {
            long[] bits = {17};
            engine.score(prompt, new Cancellation(), (position, logits, next, logProbability) -> {
                for (float logit : logits) {
                    bits[0] = 31 * bits[0] + Float.floatToRawIntBits(logit);
                }
            });
            List<Integer> greedy = run(engine, prompt, Stories.greedy());
            List<Integer> seeded = run(engine, prompt, seeded());
            return new Answer(bits[0], greedy, seeded);
        }
    }

    private static List<Integer> run(Engine engine, int[] prompt, SamplerSettings settings) {
        return engine.generate(Request.of(prompt)
                        .withSettings(settings)
                        .withMaxTokens(TOKENS)
                        .ignoringEnd())
                .ids();
    }

    private static SamplerSettings seeded() {
        return Stories.settings(Map.of("seed", 42, "temperature", 1.2, "repeat_penalty", 1.1));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "63", "64", "65", "99"})
    void theCacheGivesTheSameBits(int common) {
        int[] prompt = Stories.firstIds(100);
        int[] other = prompt.clone();
        Arrays.fill(other, common, 100, 300);
        try (Engine engine = Stories.open(Stories.Q8_0)) {
            Request request = Request.of(prompt)
                    .withSettings(seeded())
                    .withMaxTokens(TOKENS)
                    .ignoringEnd()
                    .withTrace(5);
            Trace fresh = engine.generate(request).trace().orElseThrow();
            assertThat(fresh.reused()).isZero();
            engine.generate(Request.of(other).withMaxTokens(3).ignoringEnd());
            Trace again = engine.generate(request).trace().orElseThrow();
            assertThat(again.reused()).isEqualTo(common);
            assertThat(again.text()).isEqualTo(fresh.text());
            assertThat(again.steps().stream().map(Trace.Step::sampling).toList())
                    .isEqualTo(fresh.steps().stream().map(Trace.Step::sampling).toList());
            assertThat(engine.generate(request).timings().reusedTokens()).isEqualTo(99);
        }
    }
}
