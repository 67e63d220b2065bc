package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stages alone, the default chain and random orders against the slow reference in double. */
class ReferenceTest {
    private static final int VOCABULARY = 400;
    /** F32 sums of 400 probabilities keep about six digits. */
    private static final double TOLERANCE = 1e-6;

    private static final List<StageKind> KINDS = StageKind.defaultOrder();

    /** Settings that make a stage do something, drawn anew each time. */
    private static SamplerSettings settings(Random random, List<StageKind> order) {
        return SamplerSettings.builtIn()
                .with(Parameter.PENALTY_REPEAT, 1 + random.nextFloat())
                .with(Parameter.PENALTY_FREQUENCY, random.nextFloat() - 0.5f)
                .with(Parameter.PENALTY_PRESENCE, random.nextFloat() - 0.5f)
                .with(Parameter.PENALTY_LAST_N, 1 + random.nextInt(64))
                .with(Parameter.DRY_MULTIPLIER, 0.1f + random.nextFloat())
                .with(Parameter.DRY_BASE, 1 + random.nextFloat())
                .with(Parameter.DRY_ALLOWED_LENGTH, 1 + random.nextInt(3))
                .with(Parameter.DRY_LAST_N, 1 + random.nextInt(80))
                .with(Parameter.TOP_N_SIGMA, 0.5f + 2 * random.nextFloat())
                .with(Parameter.TOP_K, 1 + random.nextInt(200))
                .with(Parameter.TYPICAL_P, 0.3f + 0.65f * random.nextFloat())
                .with(Parameter.TOP_P, 0.3f + 0.65f * random.nextFloat())
                .with(Parameter.MIN_P, 0.2f * random.nextFloat())
                .with(Parameter.XTC_PROBABILITY, 0.7f)
                .with(Parameter.XTC_THRESHOLD, 0.01f + 0.1f * random.nextFloat())
                .with(Parameter.TEMPERATURE, 0.3f + 1.5f * random.nextFloat())
                .with(Parameter.DYNAMIC_TEMPERATURE_RANGE, random.nextBoolean() ? 0f : random.nextFloat())
                .with(Parameter.DYNAMIC_TEMPERATURE_EXPONENT, 0.5f + random.nextFloat())
                .with(Parameter.SAMPLERS, order)
                .with(Parameter.SEED, random.nextLong(1L << 32));
    }

    @ParameterizedTest
    @EnumSource(value = StageKind.class, names = "ADAPTIVE_P", mode = EnumSource.Mode.EXCLUDE)
    void eachStageAlone(StageKind kind) {
        Random random = new Random(kind.letter());
        for (int i = 0; i < 40; i++) {
            compare(settings(random, List.of(kind)), random);
        }
    }

    @Test
    void builtInChain() {
        Random random = new Random(99);
        for (int i = 0; i < 40; i++) {
            compare(SamplerSettings.builtIn().with(Parameter.SEED, (long) i), random);
        }
    }

    @Test
    void randomOrders() {
        Random random = new Random(20261124);
        for (int i = 0; i < 60; i++) {
            List<StageKind> order = new ArrayList<>(KINDS);
            Collections.shuffle(order, random);
            // With a masked token llama.cpp's entropy is NaN (TypicalStage), which no definition has.
            int typical = order.indexOf(StageKind.TYPICAL_P);
            int sigma = order.indexOf(StageKind.TOP_N_SIGMA);
            if (sigma < typical) {
                Collections.swap(order, sigma, typical);
            }
            compare(settings(random, order), random);
        }
    }

    private static void compare(SamplerSettings settings, Random random) {
        float[] logits = new float[VOCABULARY];
        double spread = 1 + 3 * random.nextDouble();
        for (int i = 0; i < VOCABULARY; i++) {
            logits[i] = (float) (random.nextGaussian() * spread);
        }
        List<Integer> history = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            history.add(random.nextInt(8)); // few enough that runs repeat
        }
        DryBreakers breakers = DryBreakers.of(
                List.of("!"), VOCABULARY, id -> new byte[] {(byte) (id == 7 ? '!' : 'a')}, t -> new int[0]);
        SamplerChain chain = SamplerChain.of(settings, VOCABULARY, breakers);
        history.forEach(chain::accept);
        chain.record(VOCABULARY);
        chain.pick(logits);
        StepRecord step = chain.lastStep().orElseThrow();

        DoubleReference reference = new DoubleReference(logits);
        check("raw", reference, step.top(), step.tail());
        boolean strikes = step.draws().stream().anyMatch(draw -> draw.stage().equals("xtc") && draw.u() <= draw.high());
        BiConsumer<StageKind, DoubleReference> apply = stages(settings, history, breakers, strikes);
        List<StageKind> order = settings.get(Parameter.SAMPLERS);
        for (int i = 0; i < order.size(); i++) {
            StageRecord record = step.stages().get(i + 1); // after the bias
            Map<Integer, Double> before = reference.probabilities();
            if (record.active()) {
                apply.accept(order.get(i), reference);
            }
            check(order + " at " + record.name(), reference, record.top(), record.tail());
            Map<Integer, Double> after = reference.probabilities();
            double cut = before.entrySet().stream()
                    .filter(e -> after.getOrDefault(e.getKey(), 0.0) == 0)
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
            assertThat(record.cutMass()).as("mass cut by %s", record.name()).isCloseTo(cut, within(TOLERANCE));
        }
    }

    private static BiConsumer<StageKind, DoubleReference> stages(
            SamplerSettings s, List<Integer> history, DryBreakers breakers, boolean strikes) {
        return (kind, r) -> {
            switch (kind) {
                case PENALTIES ->
                    r.penalties(
                            history,
                            s.get(Parameter.PENALTY_LAST_N),
                            s.get(Parameter.PENALTY_REPEAT),
                            s.get(Parameter.PENALTY_FREQUENCY),
                            s.get(Parameter.PENALTY_PRESENCE));
                case DRY ->
                    r.dry(
                            history,
                            s.get(Parameter.DRY_MULTIPLIER),
                            s.get(Parameter.DRY_BASE),
                            s.get(Parameter.DRY_ALLOWED_LENGTH),
                            s.get(Parameter.DRY_LAST_N),
                            breakers);
                case TOP_N_SIGMA -> r.topNSigma(s.get(Parameter.TOP_N_SIGMA));
                case TOP_K -> r.topK(s.get(Parameter.TOP_K));
                case TYPICAL_P -> r.typical(s.get(Parameter.TYPICAL_P));
                case TOP_P -> r.topP(s.get(Parameter.TOP_P));
                case MIN_P -> r.minP(s.get(Parameter.MIN_P));
                case XTC -> r.xtc(strikes, s.get(Parameter.XTC_THRESHOLD));
                case TEMPERATURE ->
                    r.temperature(
                            s.get(Parameter.TEMPERATURE),
                            s.get(Parameter.DYNAMIC_TEMPERATURE_RANGE),
                            s.get(Parameter.DYNAMIC_TEMPERATURE_EXPONENT));
                case ADAPTIVE_P -> throw new IllegalArgumentException();
            }
        };
    }

    private static void check(String where, DoubleReference reference, List<Candidate> top, double tail) {
        Map<Integer, Double> expected = new HashMap<>(reference.probabilities());
        expected.values().removeIf(p -> p == 0);
        double sum = tail;
        for (Candidate candidate : top) {
            sum += candidate.probability();
            assertThat(expected).as("left in %s", where).containsKey(candidate.id());
            assertThat(candidate.probability())
                    .as("token %d in %s", candidate.id(), where)
                    .isCloseTo(expected.getOrDefault(candidate.id(), 0.0), within(TOLERANCE));
        }
        assertThat(sum).as("sum in %s", where).isCloseTo(1, within(TOLERANCE));
        // F32 cannot hold the least of them.
        long visible = expected.values().stream().filter(p -> p > 1e-30).count();
        assertThat((long) top.size()).as("left in %s", where).isGreaterThanOrEqualTo(visible);
    }
}
