package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold of the stages whatever the logits are. */
class IdentityTest {
    private static final int VOCABULARY = 300;
    private static final SamplerSettings SEEDED = SamplerSettings.builtIn().with(Parameter.SEED, 17L);

    private static List<float[]> rows() {
        List<float[]> rows = new ArrayList<>();
        Random random = new Random(3);
        for (int row = 0; row < 20; row++) {
            float[] logits = new float[VOCABULARY];
            for (int i = 0; i < VOCABULARY; i++) {
                // Every fourth row has many equal logits.
                logits[i] = row % 4 == 0 ? random.nextInt(6) : (float) (random.nextGaussian() * (1 + row % 5));
            }
            rows.add(logits);
        }
        return rows;
    }

    private static StepRecord step(SamplerSettings settings, float[] logits) {
        SamplerChain chain = SamplerChain.of(settings, logits.length, DryBreakers.NONE);
        chain.record(logits.length);
        chain.pick(logits);
        return chain.lastStep().orElseThrow();
    }

    private static SamplerSettings alone(StageKind kind) {
        return SEEDED.with(Parameter.SAMPLERS, List.of(kind));
    }

    @Test
    void neutralValuesChangeNothing() {
        List<SamplerSettings> neutral = List.of(
                alone(StageKind.TEMPERATURE).with(Parameter.TEMPERATURE, 1f),
                alone(StageKind.TOP_K).with(Parameter.TOP_K, 0),
                alone(StageKind.TOP_K).with(Parameter.TOP_K, VOCABULARY),
                alone(StageKind.TOP_P).with(Parameter.TOP_P, 1f),
                alone(StageKind.MIN_P).with(Parameter.MIN_P, 0f),
                alone(StageKind.TYPICAL_P).with(Parameter.TYPICAL_P, 1f),
                alone(StageKind.TOP_N_SIGMA).with(Parameter.TOP_N_SIGMA, -1f),
                alone(StageKind.XTC).with(Parameter.XTC_PROBABILITY, 0f),
                alone(StageKind.XTC).with(Parameter.XTC_PROBABILITY, 1f).with(Parameter.XTC_THRESHOLD, 0.51f),
                alone(StageKind.PENALTIES).with(Parameter.PENALTY_REPEAT, 1f),
                alone(StageKind.DRY).with(Parameter.DRY_MULTIPLIER, 0f));
        for (float[] logits : rows()) {
            for (SamplerSettings settings : neutral) {
                StepRecord step = step(settings, logits);
                for (StageRecord stage : step.stages()) {
                    assertThat(stage.top())
                            .as("%s of %s", stage.name(), settings)
                            .isEqualTo(step.top());
                    assertThat(stage.kept()).isEqualTo(VOCABULARY);
                    assertThat(stage.cutMass()).isZero();
                    assertThat(stage.tail()).isZero();
                }
            }
        }
    }

    @Test
    void theOneLikeliestIsTemperaturesLimit() {
        for (float[] logits :
                rows().stream().filter(row -> distinctMaximum(row)).toList()) {
            int greedy = step(alone(StageKind.TEMPERATURE).with(Parameter.TEMPERATURE, 0f), logits)
                    .id();
            assertThat(step(alone(StageKind.TOP_K).with(Parameter.TOP_K, 1), logits)
                            .id())
                    .isEqualTo(greedy);
            double before = 0;
            for (float temperature : new float[] {1, 0.3f, 0.1f, 0.01f, 1e-4f}) {
                StageRecord stage = step(alone(StageKind.TEMPERATURE).with(Parameter.TEMPERATURE, temperature), logits)
                        .stages()
                        .getLast();
                assertThat(stage.top().getFirst().id()).isEqualTo(greedy);
                assertThat(stage.top().getFirst().probability()).isGreaterThanOrEqualTo(before);
                before = stage.top().getFirst().probability();
            }
            assertThat(before).isCloseTo(1, within(1e-12));
        }
    }

    private static boolean distinctMaximum(float[] row) {
        float max = Float.NEGATIVE_INFINITY;
        float second = max;
        for (float logit : row) {
            second = logit > max ? max : Math.max(second, logit);
            max = Math.max(max, logit);
        }
        return max - second > 0.01f;
    }

    @Test
    void entropyNeverFallsAsTemperatureRises() {
        for (float[] logits : rows()) {
            double before = 0;
            for (float temperature = 0.05f; temperature < 6; temperature *= 1.2f) {
                StageRecord stage = step(alone(StageKind.TEMPERATURE).with(Parameter.TEMPERATURE, temperature), logits)
                        .stages()
                        .getLast();
                double entropy = entropyBits(stage.top());
                // F32 quotients move a logit of 30 / 0.05 by 3e-5, rounded anew at each temperature.
                assertThat(entropy).isGreaterThan(before - 1e-4);
                before = entropy;
            }
            assertThat(before).isLessThanOrEqualTo(Math.log(VOCABULARY) / Math.log(2) + 1e-9);
        }
    }

    private static double entropyBits(List<Candidate> candidates) {
        return candidates.stream()
                        .mapToDouble(Candidate::probability)
                        .map(p -> -p * Math.log(p))
                        .sum()
                / Math.log(2);
    }

    @Test
    void theRecordedEntropyIsThatOfTheRecordedProbabilities() {
        for (float[] logits : rows()) {
            StepRecord step = step(SEEDED, logits);
            assertThat(step.entropy()).isCloseTo(entropyBits(step.top()), within(1e-11));
        }
    }

    @Test
    void temperatureKeepsTheRanks() {
        for (float[] logits : rows()) {
            for (float temperature : new float[] {0.2f, 0.7f, 1.9f, 5}) {
                StepRecord step = step(alone(StageKind.TEMPERATURE).with(Parameter.TEMPERATURE, temperature), logits);
                List<Integer> after = step.stages().getLast().top().stream()
                        .map(Candidate::id)
                        .toList();
                List<Integer> raw = step.top().stream().map(Candidate::id).toList();
                // Two logits that differ may have the same quotient, and are in order of ids then.
                assertThat(after.stream().map(id -> logits[id]).toList())
                        .isEqualTo(raw.stream()
                                .map(id -> logits[id])
                                .limit(after.size())
                                .toList());
            }
        }
    }

    @Test
    void ranksCountGreaterLogits() {
        for (float[] logits : rows()) {
            StepRecord step = step(SEEDED, logits);
            int greater = 0;
            for (float logit : logits) {
                greater += logit > logits[step.id()] ? 1 : 0;
            }
            assertThat(step.rank()).isEqualTo(greater + 1);
            Candidate picked = step.top().stream()
                    .filter(c -> c.id() == step.id())
                    .findFirst()
                    .orElseThrow();
            assertThat(step.probability()).isEqualTo(picked.probability());
        }
    }

    /** What stages cut one after the other, each of what the others left, is what is gone in the end. */
    @Test
    void cutMassesAddUp() {
        SamplerSettings settings = SEEDED.with(
                        Parameter.SAMPLERS,
                        List.of(
                                StageKind.TOP_N_SIGMA,
                                StageKind.TOP_K,
                                StageKind.TOP_P,
                                StageKind.XTC,
                                StageKind.MIN_P))
                .with(Parameter.TOP_N_SIGMA, 2f)
                .with(Parameter.TOP_P, 0.8f)
                .with(Parameter.XTC_PROBABILITY, 1f)
                .with(Parameter.XTC_THRESHOLD, 0.05f)
                .with(Parameter.MIN_P, 0.2f);
        for (float[] logits : rows()) {
            StepRecord step = step(settings, logits);
            double left = 1;
            for (StageRecord stage : step.stages()) {
                left *= 1 - stage.cutMass();
                List<Integer> kept = stage.top().stream().map(Candidate::id).toList();
                assertThat(kept).hasSize(stage.kept());
                double mass = step.top().stream()
                        .filter(candidate -> kept.contains(candidate.id()))
                        .mapToDouble(Candidate::probability)
                        .sum();
                assertThat(left).as(stage.name()).isCloseTo(mass, within(1e-12));
            }
        }
    }
}
