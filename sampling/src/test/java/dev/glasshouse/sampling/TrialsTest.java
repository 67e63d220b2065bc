package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many draws of one step. */
class TrialsTest {
    record Trial(double u, int id) {}

    private static SamplerSettings hot() {
        return SamplerSettings.builtIn().with(Parameter.TEMPERATURE, 1.5f).with(Parameter.SEED, 11L);
    }

    static List<SamplerSettings> withoutLearning() {
        SamplerSettings xtc = hot().with(Parameter.XTC_PROBABILITY, 0.5f).with(Parameter.XTC_THRESHOLD, 0.01f);
        return List.of(
                hot(),
                hot().with(Parameter.SAMPLERS, List.of()),
                hot().with(Parameter.TEMPERATURE, 0f),
                xtc,
                xtc.with(Parameter.SAMPLERS, StageKind.parseOrder("xtp")),
                hot().with(Parameter.ADAPTIVE_TARGET, 0.2f),
                hot().with(Parameter.TOP_K, 1).with(Parameter.ADAPTIVE_TARGET, 0.2f));
    }

    /** A chain in the middle of a run. */
    private static SamplerChain chain(SamplerSettings settings) {
        SamplerChain chain = SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE);
        for (int i = 0; i < 5; i++) {
            chain.accept(chain.pick(Goldens.logits(7)));
        }
        return chain;
    }

    private static List<Trial> trials(SamplerChain chain, float[] logits, int count) {
        List<Trial> trials = new ArrayList<>();
        chain.draws(logits, count, (u, id) -> trials.add(new Trial(u, id)));
        return trials;
    }

    @ParameterizedTest
    @MethodSource("withoutLearning")
    void trialsArePicksWithNothingAcceptedBetween(SamplerSettings settings) {
        for (float[] logits : Goldens.allRows()) {
            SamplerChain chain = chain(settings);
            List<Trial> trials = trials(chain, logits, 200);
            chain.record(0);
            for (Trial trial : trials) {
                assertThat(trial.id()).isEqualTo(chain.pick(logits));
                List<Draw> draws = chain.lastStep().orElseThrow().draws();
                boolean drew = !draws.isEmpty() && !draws.getLast().stage().equals(StageKind.XTC.fullName());
                assertThat(trial.u()).isEqualTo(drew ? draws.getLast().u() : 0);
            }
        }
    }

    @Test
    void mirostatLearnsNothingFromTrials() {
        for (int version : new int[] {1, 2}) {
            SamplerChain chain = chain(hot().with(Parameter.MIROSTAT, version));
            float[] logits = Goldens.logits(31);
            List<Trial> trials = trials(chain, logits, 300);
            assertThat(trials(chain, logits, 300)).isEqualTo(trials);
            chain.record(Goldens.VOCABULARY);
            int first = chain.pick(logits);
            assertThat(trials.getFirst().id()).isEqualTo(first);
            // All trials fall as the first step's intervals say, though the picker learnt from that step.
            List<Slice> slices =
                    chain.lastStep().orElseThrow().draws().getLast().slices();
            for (Trial trial : trials) {
                Slice slice = slices.stream()
                        .filter(s -> s.high() >= trial.u())
                        .findFirst()
                        .orElseThrow();
                assertThat(trial.id()).isEqualTo(slice.id());
            }
        }
    }

    @Test
    void trialsLeaveTheChainAsItIs() {
        for (SamplerSettings settings : withoutLearning()) {
            SamplerChain asked = chain(settings);
            SamplerChain left = chain(settings);
            trials(asked, Goldens.logits(0), 50);
            for (float[] logits : Goldens.allRows()) {
                int id = left.pick(logits);
                assertThat(asked.pick(logits)).isEqualTo(id);
                asked.accept(id);
                left.accept(id);
            }
        }
        assertThat(trials(chain(hot()), Goldens.logits(0), 0)).isEmpty();
        assertThatThrownBy(() -> trials(chain(hot()), Goldens.logits(0), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
