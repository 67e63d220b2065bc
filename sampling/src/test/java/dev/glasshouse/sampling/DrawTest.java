package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DrawTest {
    @Test
    void generatorIsTheStandardOne() {
        // ISO C++ [rand.predef]: the 10,000th output of a default-constructed mt19937.
        MersenneTwister generator = new MersenneTwister(5489);
        long last = 0;
        for (int i = 0; i < 10_000; i++) {
            last = generator.nextWord();
        }
        assertThat(last).isEqualTo(4123659995L);
        assertThat(generator.outputs()).isEqualTo(10_000);
    }

    @Test
    void theRecordedDrawExplainsThePick() {
        SamplerSettings settings = SamplerSettings.builtIn().with(Parameter.SEED, 42L);
        SamplerChain chain = SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE);
        chain.record(40);
        for (float[] logits : Goldens.allRows()) {
            int id = chain.pick(logits);
            StepRecord step = chain.lastStep().orElseThrow();
            Draw draw = step.draws().getLast();
            assertThat(step.id()).isEqualTo(id);
            assertThat(draw.seed()).isEqualTo(42);
            assertThat(draw.u()).isBetween(draw.low(), draw.high());
            assertThat(chain.candidates().id(draw.place().orElseThrow())).isEqualTo(id);
            chain.accept(id);
        }
    }

    @Test
    void aCopyPicksTheSame() {
        for (SamplerSettings settings : List.of(
                busy(),
                busy().with(Parameter.MIROSTAT, 1),
                busy().with(Parameter.MIROSTAT, 2),
                busy().with(Parameter.ADAPTIVE_TARGET, 0.3f))) {
            SamplerChain chain = SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE);
            run(chain, 20);
            SamplerChain copy = chain.copy();
            List<Integer> first = run(chain, 30);
            assertThat(run(copy, 30)).isEqualTo(first);
        }
    }

    @Test
    void seedMinusOneDiffersFromRunToRun() {
        SamplerSettings settings = SamplerSettings.builtIn().with(Parameter.TEMPERATURE, 3f);
        assertThat(run(SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE), 100))
                .isNotEqualTo(run(SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE), 100));
    }

    private static SamplerSettings busy() {
        return SamplerSettings.builtIn()
                .with(Parameter.TEMPERATURE, 1.5f)
                .with(Parameter.XTC_PROBABILITY, 0.5f)
                .with(Parameter.PENALTY_REPEAT, 1.2f)
                .with(Parameter.DRY_MULTIPLIER, 0.8f)
                .with(Parameter.SEED, 7L);
    }

    private static List<Integer> run(SamplerChain chain, int steps) {
        List<Integer> ids = new java.util.ArrayList<>();
        for (int i = 0; i < steps; i++) {
            int id = chain.pick(Goldens.allRows().get(i % 7));
            chain.accept(id);
            ids.add(id);
        }
        return ids;
    }
}
