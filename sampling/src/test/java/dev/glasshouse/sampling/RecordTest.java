package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a record says is so, and taking it changes nothing. */
class RecordTest {
    /** Every stage alone, doing something; the pickers that learn; the whole chain; an order without any cut. */
    static List<SamplerSettings> chains() {
        SamplerSettings busy = SamplerSettings.builtIn()
                .with(Parameter.SEED, 7L)
                .with(Parameter.TEMPERATURE, 1.5f)
                .with(Parameter.XTC_PROBABILITY, 0.5f)
                .with(Parameter.XTC_THRESHOLD, 0.02f)
                .with(Parameter.PENALTY_REPEAT, 1.2f)
                .with(Parameter.DRY_MULTIPLIER, 0.8f)
                .with(Parameter.TYPICAL_P, 0.9f)
                .with(Parameter.TOP_N_SIGMA, 2f);
        List<SamplerSettings> chains = new ArrayList<>();
        for (StageKind kind : StageKind.defaultOrder()) {
            chains.add(busy.with(Parameter.SAMPLERS, List.of(kind)));
        }
        chains.add(busy);
        chains.add(busy.with(Parameter.SAMPLERS, List.of()));
        chains.add(busy.with(Parameter.SAMPLERS, StageKind.parseOrder("txmpyksde")));
        chains.add(busy.with(Parameter.TEMPERATURE, 0f));
        chains.add(busy.with(Parameter.DYNAMIC_TEMPERATURE_RANGE, 0.5f));
        chains.add(busy.with(Parameter.MIROSTAT, 1));
        chains.add(busy.with(Parameter.MIROSTAT, 2));
        chains.add(busy.with(Parameter.ADAPTIVE_TARGET, 0.2f));
        chains.add(busy.with(Parameter.SAMPLERS, List.of(StageKind.ADAPTIVE_P)));
        return chains;
    }

    private static SamplerChain chain(SamplerSettings settings) {
        return SamplerChain.of(settings, Goldens.VOCABULARY, DryBreakers.NONE);
    }

    @ParameterizedTest
    @MethodSource("chains")
    void recordingChangesNoPick(SamplerSettings settings) {
        SamplerChain silent = chain(settings);
        List<SamplerChain> recorded = new ArrayList<>();
        for (int top : new int[] {0, 5, Goldens.VOCABULARY}) {
            SamplerChain chain = chain(settings);
            chain.record(top);
            recorded.add(chain);
        }
        for (int i = 0; i < 60; i++) {
            float[] logits = Goldens.allRows().get(i % 7);
            int id = silent.pick(logits);
            silent.accept(id);
            assertThat(silent.lastStep()).isEmpty();
            for (SamplerChain chain : recorded) {
                assertThat(chain.pick(logits)).isEqualTo(id);
                chain.accept(id);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("chains")
    void fewCandidatesAreTheFirstOfAll(SamplerSettings settings) {
        SamplerChain few = chain(settings);
        SamplerChain all = chain(settings);
        few.record(10);
        all.record(Goldens.VOCABULARY);
        for (int i = 0; i < 30; i++) {
            float[] logits = Goldens.allRows().get(i % 7);
            few.accept(few.pick(logits));
            all.accept(all.pick(logits));
            StepRecord some = few.lastStep().orElseThrow();
            StepRecord every = all.lastStep().orElseThrow();
            compare(some.top(), some.tail(), every.top());
            for (int stage = 0; stage < some.stages().size(); stage++) {
                StageRecord part = some.stages().get(stage);
                StageRecord whole = every.stages().get(stage);
                compare(part.top(), part.tail(), whole.top());
                assertThat(whole.tail()).isZero();
                assertThat(part.kept()).isEqualTo(whole.kept());
                assertThat(part.cutMass()).isEqualTo(whole.cutMass()).isBetween(0.0, 1.0);
            }
        }
    }

    private static void compare(List<Candidate> few, double tail, List<Candidate> all) {
        assertThat(few).isEqualTo(all.subList(0, Math.min(10, all.size())));
        assertThat(all)
                .isSortedAccordingTo(
                        Comparator.comparingDouble((Candidate c) -> -c.logit()).thenComparingInt(Candidate::id));
        double rest = all.stream().skip(10).mapToDouble(Candidate::probability).sum();
        assertThat(tail).isCloseTo(rest, within(1e-14));
        assertThat(few.stream().mapToDouble(Candidate::probability).sum() + tail)
                .isCloseTo(1, within(1e-12));
    }

    /** u and the slices alone say which candidate was drawn. */
    @ParameterizedTest
    @MethodSource("chains")
    void theDrawFollowsFromItsSlices(SamplerSettings settings) {
        for (int top : new int[] {3, Goldens.VOCABULARY}) {
            SamplerChain chain = chain(settings);
            chain.record(top);
            for (int i = 0; i < 60; i++) {
                int id = chain.pick(Goldens.allRows().get(i % 7));
                chain.accept(id);
                StepRecord step = chain.lastStep().orElseThrow();
                for (Draw draw : step.draws()) {
                    if (draw.stage().equals(StageKind.XTC.fullName())) {
                        assertThat(draw.slices()).isEmpty();
                    } else {
                        check(draw, step, chain.candidates());
                    }
                }
            }
        }
    }

    private static void check(Draw draw, StepRecord step, Candidates candidates) {
        StageRecord picker = step.stages().getLast();
        assertThat(draw.slices())
                .extracting(Slice::id)
                .containsExactlyInAnyOrderElementsOf(
                        picker.top().stream().map(Candidate::id).toList());
        double end = 0;
        for (Slice slice : draw.slices()) {
            assertThat(slice.low()).isGreaterThanOrEqualTo(end);
            assertThat(slice.high()).isGreaterThanOrEqualTo(slice.low());
            end = slice.high();
            double probability = picker.top().stream()
                    .filter(candidate -> candidate.id() == slice.id())
                    .findFirst()
                    .orElseThrow()
                    .probability();
            // The picker's weights are F32.
            assertThat(slice.high() - slice.low()).isCloseTo(probability, within(2e-7));
        }
        Optional<Slice> hit = draw.slices().stream()
                .filter(slice -> slice.low() <= draw.u() && draw.u() <= slice.high())
                .findFirst();
        boolean shown = draw.slices().stream().anyMatch(slice -> slice.id() == step.id());
        assertThat(hit.map(Slice::id)).isEqualTo(shown ? Optional.of(step.id()) : Optional.empty());
        hit.ifPresent(slice -> assertThat(slice).isEqualTo(new Slice(step.id(), draw.low(), draw.high())));
        OptionalInt place = draw.place();
        assertThat(candidates.id(place.orElseThrow())).isEqualTo(step.id());
    }

    @ParameterizedTest
    @MethodSource("chains")
    void forcedPicksHaveTheirOwnRankAndProbability(SamplerSettings settings) {
        SamplerChain chain = chain(settings);
        chain.record(Goldens.VOCABULARY);
        float[] logits = Goldens.logits(31);
        chain.pick(logits);
        StepRecord own = chain.lastStep().orElseThrow();
        SamplerChain copy = chain.copy();
        for (Candidate candidate : own.top()) {
            int rank = 1
                    + (int) own.top().stream()
                            .filter(other -> other.logit() > candidate.logit())
                            .count();
            for (SamplerChain each : List.of(chain, copy)) {
                each.repick(logits, candidate.id(), PickedBy.USER);
                StepRecord forced = each.lastStep().orElseThrow();
                assertThat(forced.rank()).isEqualTo(rank);
                assertThat(forced.probability()).isEqualTo(candidate.probability());
                assertThat(forced.by()).isEqualTo(PickedBy.USER);
                assertThat(forced.draws()).isEqualTo(own.draws());
            }
        }
    }
}
