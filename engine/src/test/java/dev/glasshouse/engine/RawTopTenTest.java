package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.weights.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The raw candidates that a trace records are those of llama-server's {@code n_probs}. */
class RawTopTenTest {
    /** Another order of F32 sums moves a logit by up to 3e-5, so a log-probability by at most twice that. */
    private static final double TOLERANCE = 1e-4;

    @Test
    void equalsLlamaServer() {
        List<Json.ObjectValue> golden = Stories.lines("n-probs.jsonl");
        try (Engine engine = Stories.open(Stories.F32)) {
            Generation generation = engine.generate(Request.of(new int[] {1})
                    .withSettings(Stories.greedy())
                    .withMaxTokens(golden.size())
                    .ignoringEnd()
                    .withTrace(10));
            List<Trace.Step> steps = generation.trace().orElseThrow().steps();
            assertThat(steps).hasSameSizeAs(golden);
            for (int i = 0; i < golden.size(); i++) {
                assertThat(steps.get(i).token().id())
                        .isEqualTo(golden.get(i).get("id").asInt());
                compare(
                        i,
                        steps.get(i).sampling().top(),
                        golden.get(i).get("top").asArray());
            }
        }
    }

    /** The same ids, and each probability; neighbours closer than the tolerance may change places. */
    private static void compare(int step, List<Candidate> top, List<Json> golden) {
        Map<Integer, Double> expected = new LinkedHashMap<>();
        golden.forEach(pair -> expected.put(
                pair.asArray().get(0).asInt(), pair.asArray().get(1).asDouble()));
        double last = golden.getLast().asArray().get(1).asDouble();
        assertThat(top).hasSize(10);
        for (Candidate candidate : top) {
            double ours = StrictMath.log(candidate.probability());
            // The tenth place may go to another candidate only at a tie.
            double theirs = expected.getOrDefault(candidate.id(), last);
            assertThat(ours).as("step %d, token %d", step, candidate.id()).isCloseTo(theirs, within(TOLERANCE));
            assertThat(candidate.probability())
                    .as("step %d, token %d", step, candidate.id())
                    .isCloseTo(StrictMath.exp(theirs), within(TOLERANCE));
        }
    }
}
