package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SamplerChainTest {
    @Test
    void theBuiltInChainIsLlamaCpps() {
        SamplerChain chain = SamplerChain.of(SamplerSettings.builtIn(), 512, DryBreakers.NONE);
        assertThat(chain.names())
                .containsExactly(
                        "?logit_bias",
                        "?penalties",
                        "?dry",
                        "?top_n_sigma",
                        "top_k",
                        "?typ_p",
                        "top_p",
                        "min_p",
                        "?xtc",
                        "temperature",
                        "dist");
    }

    @Test
    void temperatureOfZeroOrBelowTakesTheLikeliest() {
        for (float temperature : new float[] {0, -1}) {
            SamplerSettings settings = SamplerSettings.builtIn().with(Parameter.TEMPERATURE, temperature);
            SamplerChain chain = SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE);
            chain.record(3);
            for (float[] logits : Goldens.allRows()) {
                int best = 0;
                for (int i = 0; i < logits.length; i++) {
                    best = logits[i] > logits[best] ? i : best;
                }
                assertThat(chain.pick(logits)).isEqualTo(best);
                StepRecord step = chain.lastStep().orElseThrow();
                assertThat(step.by()).isEqualTo(PickedBy.GREEDY);
                assertThat(step.rank()).isEqualTo(1);
            }
        }
    }

    @Test
    void ofEqualLogitsTemperatureZeroTakesTheFirstId() {
        float[] logits = new float[300];
        logits[77] = 2;
        logits[200] = 2;
        SamplerSettings settings = SamplerSettings.builtIn()
                .with(Parameter.TEMPERATURE, 0f)
                .with(Parameter.SAMPLERS, List.of(StageKind.TEMPERATURE));
        assertThat(SamplerChain.of(settings, 300, DryBreakers.NONE).pick(logits))
                .isEqualTo(77);
    }

    @Test
    void barsAndTailAddUpToOneAfterEveryStage() {
        SamplerSettings settings =
                SamplerSettings.builtIn().with(Parameter.TOP_N_SIGMA, 2f).with(Parameter.PENALTY_REPEAT, 1.3f);
        SamplerChain chain = SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE);
        for (int top : new int[] {0, 1, 7}) {
            chain.record(top);
            for (float[] logits : Goldens.allRows()) {
                chain.accept(chain.pick(logits));
                StepRecord step = chain.lastStep().orElseThrow();
                assertThat(sum(step.top()) + step.tail()).isCloseTo(1, within(1e-12));
                assertThat(step.top().size()).isEqualTo(Math.min(top, 512));
                for (StageRecord stage : step.stages()) {
                    assertThat(sum(stage.top()) + stage.tail()).isCloseTo(1, within(1e-12));
                    assertThat(stage.kept()).isBetween(1, 512);
                }
            }
        }
    }

    private static double sum(List<Candidate> top) {
        return top.stream().mapToDouble(Candidate::probability).sum();
    }

    @Test
    void biasesBanAndForce() {
        float[] logits = Goldens.logits(31);
        SamplerSettings ban =
                SamplerSettings.builtIn().with(Map.of("temperature", 0, "logit_bias", Map.of("385", false)));
        assertThat(SamplerChain.of(ban, 512, DryBreakers.NONE).pick(logits)).isNotEqualTo(385);
        SamplerSettings force = SamplerSettings.builtIn().with(Map.of("logit_bias", Map.of(99, 1000)));
        assertThat(SamplerChain.of(force, 512, DryBreakers.NONE).pick(logits)).isEqualTo(99);
        SamplerSettings beyond = SamplerSettings.builtIn().with(Map.of("logit_bias", Map.of(5000, 3)));
        assertThat(SamplerChain.of(beyond, 512, DryBreakers.NONE).pick(logits)).isBetween(0, 511);
    }

    @Test
    void banningEverythingIsSaid() {
        TreeMap<Integer, Object> all = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            all.put(i, false);
        }
        for (int mirostat : new int[] {0, 2}) {
            SamplerSettings settings = SamplerSettings.builtIn().with(Map.of("logit_bias", all, "mirostat", mirostat));
            SamplerChain chain = SamplerChain.of(settings, 4, DryBreakers.NONE);
            assertThatThrownBy(() -> chain.pick(new float[] {1, 2, 3, 4}))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("banned");
        }
    }

    @Test
    void brokenLogitsAreSaid() {
        SamplerChain chain = SamplerChain.of(SamplerSettings.builtIn(), 3, DryBreakers.NONE);
        assertThatThrownBy(() -> chain.pick(new float[] {1, Float.NaN, 2}))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("token 1 is NaN");
        assertThatThrownBy(() -> chain.pick(new float[] {1, 2, Float.POSITIVE_INFINITY}))
                .isInstanceOf(GlassException.class);
        float[] nothing = new float[3];
        Arrays.fill(nothing, Float.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> chain.pick(nothing)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> chain.pick(new float[2])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void extremeLogitsStillGiveOne() {
        float[] logits = {3e38f, -3e38f, 0, 3e38f};
        for (StageKind kind : StageKind.values()) {
            SamplerSettings settings = SamplerSettings.builtIn()
                    .with(Parameter.SAMPLERS, List.of(kind))
                    .with(Parameter.TYPICAL_P, 0.5f)
                    .with(Parameter.TOP_N_SIGMA, 1f)
                    .with(Parameter.XTC_PROBABILITY, 1f);
            assertThat(SamplerChain.of(settings, 4, DryBreakers.NONE).pick(logits))
                    .isBetween(0, 3);
        }
    }

    @Test
    void aForcedTokenLeavesTheDrawsAlone() {
        SamplerSettings settings =
                SamplerSettings.builtIn().with(Parameter.SEED, 3L).with(Parameter.TEMPERATURE, 2f);
        SamplerChain free = SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE);
        SamplerChain forced = SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE);
        forced.record(2);
        forced.pick(Goldens.logits(0));
        forced.repick(Goldens.logits(0), 317, PickedBy.USER);
        StepRecord step = forced.lastStep().orElseThrow();
        assertThat(step.id()).isEqualTo(317);
        assertThat(step.by()).isEqualTo(PickedBy.USER);
        free.pick(Goldens.logits(0));
        assertThat(forced.pick(Goldens.logits(64))).isEqualTo(free.pick(Goldens.logits(64)));
    }

    @Test
    void sortsOfAllSizesAreRight() {
        Random random = new Random(5);
        for (int size : new int[] {1, 2, 3, 15, 16, 17, 33, 128, 129, 1000, 5000}) {
            for (int distinct : new int[] {1, 3, 1000}) {
                float[] logits = new float[size];
                for (int i = 0; i < size; i++) {
                    logits[i] = random.nextInt(distinct) / 10f - 12;
                }
                for (int k : new int[] {1, 5, 128, 129, 4000, size}) {
                    Candidates candidates = new Candidates(size);
                    candidates.load(logits);
                    candidates.keepGreatest(Math.min(k, size));
                    float[] expected = logits.clone();
                    Arrays.sort(expected);
                    boolean[] seen = new boolean[size];
                    for (int i = 0; i < candidates.size(); i++) {
                        assertThat(candidates.logit(i)).isEqualTo(expected[size - 1 - i]);
                        assertThat(logits[candidates.id(i)]).isEqualTo(candidates.logit(i));
                        assertThat(seen[candidates.id(i)]).isFalse();
                        seen[candidates.id(i)] = true;
                    }
                }
            }
        }
    }

    @Test
    void topPOfALargeVocabularyIsThatOfASortedOne() {
        Random random = new Random(8);
        for (int i = 0; i < 20; i++) {
            float[] logits = new float[4000];
            for (int j = 0; j < logits.length; j++) {
                logits[j] = (float) random.nextGaussian() * (i % 4);
            }
            Candidates direct = new Candidates(4000);
            direct.load(logits);
            new TopPStage(0.05f + 0.047f * i, 0).apply(direct);
            Candidates sorted = new Candidates(4000);
            sorted.load(logits);
            sorted.sort();
            new TopPStage(0.05f + 0.047f * i, 0).apply(sorted);
            // The F32 sum behind the probabilities runs in another order: off by one at most.
            assertThat(direct.size()).isCloseTo(sorted.size(), within(1));
        }
    }
}
