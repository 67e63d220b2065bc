package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every stage, the order it leaves, the draw and its seed are llama.cpp's. */
class GoldenChainsTest {
    /**
     * The goldens print seven digits, an error of up to 5e-7; C's expf, logf and powf may differ in the last bit (6e-8), and
     * a temperature that does shifts a probability p by that times |ln p|.
     */
    private static double tolerance(double p) {
        // Below 1e-38 an F32 loses digits, below 1e-45 all of them.
        return p == 0 ? 0 : p * (1e-6 + 6e-8 * Math.abs(Math.log(p))) + 1e-44;
    }

    @Test
    void goldensAreComplete() {
        assertThat(Goldens.lines()).hasSize(336);
    }

    @TestFactory
    List<DynamicTest> chains() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Json.ObjectValue line : Goldens.lines()) {
            String name = line.get("chain").write() + " row " + line.get("row").asInt();
            tests.add(DynamicTest.dynamicTest(name, () -> check(line)));
        }
        return tests;
    }

    private static void check(Json.ObjectValue line) {
        int row = line.get("row").asInt();
        float[] logits = Goldens.logits(row);
        if (line.find("survivors").isPresent()) {
            checkCandidates(line, row, logits);
        }
        for (Map.Entry<String, Json> seeded :
                line.get("picks").asObject().members().entrySet()) {
            int seed = Integer.parseUnsignedInt(seeded.getKey());
            Goldens.Chain golden = Goldens.chain(line, seed);
            SamplerChain chain = SamplerChain.of(golden.stages(), golden.picker(), Goldens.VOCABULARY);
            Goldens.history(row).forEach(chain::accept);
            List<Integer> picks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int id = chain.pick(logits);
                chain.accept(id);
                picks.add(id);
            }
            assertThat(picks)
                    .as("seed %s", seeded.getKey())
                    .isEqualTo(seeded.getValue().asArray().stream()
                            .map(Json::asInt)
                            .toList());
        }
    }

    private static void checkCandidates(Json.ObjectValue line, int row, float[] logits) {
        Goldens.Chain golden = Goldens.chain(line, 0);
        SamplerChain chain = SamplerChain.of(golden.stages(), golden.picker(), Goldens.VOCABULARY);
        Goldens.history(row).forEach(chain::accept);
        chain.pick(logits);
        Candidates left = chain.candidates();
        assertThat(left.size()).as("survivors").isEqualTo(line.get("survivors").asInt());
        List<Json> expected = line.get("candidates").asArray();
        for (int i = 0; i < expected.size(); i++) {
            List<Json> pair = expected.get(i).asArray();
            assertThat(left.id(i))
                    .as("id at place %d", i)
                    .isEqualTo(pair.getFirst().asInt());
            double p = pair.getLast().asDouble();
            assertThat((double) left.probability(i))
                    .as("probability at place %d", i)
                    .isCloseTo(p, Offset.offset(tolerance(p)));
        }
    }
}
