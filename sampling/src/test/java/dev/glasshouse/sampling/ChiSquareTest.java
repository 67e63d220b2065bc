package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Draws follow the distributions they are said to be from. */
class ChiSquareTest {
    private static final int DRAWS = 100_000;
    /** Seeds are fixed: the test gives the same every time. */
    private static final double LEAST_P = 0.001;

    @Test
    void theTailIsThatOfTheTables() {
        // 5 % points of any table of χ², rounded to three decimals, at slopes of at most 0.03.
        double[][] table = {{1, 3.841}, {2, 5.991}, {5, 11.070}, {10, 18.307}, {30, 43.773}, {100, 124.342}};
        for (double[] row : table) {
            assertThat(ChiSquare.tail(row[1], (int) row[0])).isCloseTo(0.05, within(3e-5));
        }
        for (double chi : new double[] {0.01, 0.5, 2, 7, 40}) {
            assertThat(ChiSquare.tail(chi, 2)).isCloseTo(Math.exp(-chi / 2), within(1e-12));
            assertThat(ChiSquare.tail(chi, 4)).isCloseTo(Math.exp(-chi / 2) * (1 + chi / 2), within(1e-12));
        }
    }

    @Test
    void theTestTellsAWrongDistribution() {
        int[] counts = new int[3];
        SamplerChain chain = SamplerChain.of(List.of(), new DistPicker(4), 3);
        chain.draws(new float[] {0, 0.05f, 0}, DRAWS, (u, id) -> counts[id]++);
        assertThat(ChiSquare.p(counts, probabilities(new float[] {0, 0.05f, 0}), DRAWS))
                .isGreaterThan(LEAST_P);
        assertThat(ChiSquare.p(counts, probabilities(new float[] {0, 0, 0}), DRAWS))
                .isLessThan(LEAST_P);
    }

    private static double[] probabilities(float[] logits) {
        Map<Integer, Double> map = new DoubleReference(logits).probabilities();
        double[] probabilities = new double[logits.length];
        Arrays.setAll(probabilities, id -> map.getOrDefault(id, 0.0));
        return probabilities;
    }

    static List<Integer> seeds() {
        List<Integer> seeds = new ArrayList<>();
        for (int seed = 1; seed <= 24; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    private static float[] logits(int seed) {
        Random random = new Random(seed);
        float[] logits = new float[2 + random.nextInt(200)];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (random.nextGaussian() * (seed % 5));
        }
        return logits;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void picksFollowTheLogits(int seed) {
        float[] logits = logits(seed);
        // Adaptive-p without a target only draws, by its own rule.
        Picker picker = seed % 4 == 0 ? new AdaptivePPicker(-1, 0.9f, seed) : new DistPicker(seed);
        SamplerChain chain = SamplerChain.of(List.of(), picker, logits.length);
        int[] counts = new int[logits.length];
        for (int i = 0; i < DRAWS; i++) {
            counts[chain.pick(logits)]++;
        }
        assertThat(ChiSquare.p(counts, probabilities(logits), DRAWS)).isGreaterThan(LEAST_P);
    }

    static List<SamplerSettings> chains() {
        SamplerSettings hot = SamplerSettings.builtIn().with(Parameter.TEMPERATURE, 1.3f);
        return List.of(
                SamplerSettings.builtIn(),
                hot,
                hot.with(Parameter.TOP_K, 0).with(Parameter.TOP_P, 1f).with(Parameter.MIN_P, 0f),
                hot.with(Parameter.TYPICAL_P, 0.7f),
                hot.with(Parameter.TOP_N_SIGMA, 1.5f),
                hot.with(Parameter.MIROSTAT, 1),
                hot.with(Parameter.MIROSTAT, 2),
                hot.with(Parameter.ADAPTIVE_TARGET, 0.1f));
    }

    @ParameterizedTest
    @MethodSource("chains")
    void trialsFollowTheRecordOfThePicker(SamplerSettings settings) {
        for (int row : new int[] {0, 31, 180}) {
            float[] logits = Goldens.logits(row);
            SamplerChain chain =
                    SamplerChain.of(settings.with(Parameter.SEED, (long) row), Goldens.VOCABULARY, DryBreakers.NONE);
            int[] counts = new int[Goldens.VOCABULARY];
            chain.draws(logits, DRAWS, (u, id) -> counts[id]++);
            chain.record(Goldens.VOCABULARY);
            chain.pick(logits);
            double[] probabilities = new double[Goldens.VOCABULARY];
            chain.lastStep()
                    .orElseThrow()
                    .stages()
                    .getLast()
                    .top()
                    .forEach(candidate -> probabilities[candidate.id()] = candidate.probability());
            assertThat(ChiSquare.p(counts, probabilities, DRAWS)).isGreaterThan(LEAST_P);
        }
    }

    @Test
    void xtcStrikesAsOftenAsItsProbability() {
        SamplerSettings settings = SamplerSettings.builtIn()
                .with(Parameter.SAMPLERS, List.of(StageKind.XTC))
                .with(Parameter.XTC_PROBABILITY, 0.3f)
                .with(Parameter.XTC_THRESHOLD, 0.1f)
                .with(Parameter.SEED, 5L);
        float[] logits = {3, 2.5f, 2, 0, -1};
        int[] counts = new int[logits.length];
        SamplerChain.of(settings, logits.length, DryBreakers.NONE).draws(logits, DRAWS, (u, id) -> counts[id]++);
        double[] whole = probabilities(logits);
        double[] struck = probabilities(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 2, 0, -1});
        double[] mixed = new double[logits.length];
        Arrays.setAll(mixed, id -> 0.7 * whole[id] + 0.3 * struck[id]);
        assertThat(ChiSquare.p(counts, mixed, DRAWS)).isGreaterThan(LEAST_P);
    }
}
