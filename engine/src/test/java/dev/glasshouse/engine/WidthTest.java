package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.network.Batch;
import dev.glasshouse.network.LoadListener;
import dev.glasshouse.network.Network;
import dev.glasshouse.network.Output;
import dev.glasshouse.network.SequenceState;
import dev.glasshouse.weights.ModelFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole answers of the vector kernels are the scalar ones, at the machine's width and (see the pom) at 128 and 256 bits. */
class WidthTest {
    @Test
    void theWidthDoesNotShow() {
        EngineOptions options = Stories.options().withKv(KvType.F16);
        try (Engine engine = Engine.open(Stories.path(Stories.Q4_0), options)) {
            assertThat(engine.facts().kernels()).contains(System.getProperty("glasshouse.vector.bits", "vector"));
        }
        assertThat(BitEqualityTest.answer(Stories.Q4_0, options))
                .isEqualTo(BitEqualityTest.answer(Stories.Q4_0, options.withKernels(KernelChoice.SCALAR)));
    }

    /** Every layer's lens, every head's weights, at both ends of a block. */
    @Test
    void neitherInTheLensNorInAttention() {
        try (Kernels scalar = new ScalarKernels(1);
                Kernels one = Kernels.best(1);
                Kernels two = Kernels.best(2)) {
            List<float[]> expected = look(scalar);
            assertThat(expected).hasSize(6 * 3 + 5 * 8 * 3);
            assertThat(look(one)).usingElementComparator(Arrays::compare).isEqualTo(expected);
            assertThat(look(two)).usingElementComparator(Arrays::compare).isEqualTo(expected);
        }
    }

    private static List<float[]> look(Kernels kernels) {
        int[] ids = Arrays.copyOf(Stories.greedyIds(), 130);
        List<float[]> rows = new ArrayList<>();
        try (ModelFile file = ModelFile.open(Stories.path(Stories.Q4_0));
                Network network = Network.load(file, kernels, LoadListener.SILENT);
                SequenceState state = network.newState(KvType.F16, ids.length)) {
            Batch batch = new Batch();
            Batch.Span span = batch.add(state, ids);
            for (int row : new int[] {63, 64, 129}) {
                for (int layer = 0; layer < 5; layer++) {
                    span.residual(layer, row, row + 1);
                    for (int head = 0; head < 8; head++) {
                        span.attention(layer, row, head);
                    }
                }
                span.residual(5, row, row + 1);
            }
            Output output = network.forward(batch);
            for (Matrix residual : output.residuals().values()) {
                Matrix logits = network.logits(residual);
                for (int row = 0; row < logits.rows(); row++) {
                    rows.add(logits.row(row));
                }
            }
            output.attention().forEach(weights -> rows.add(weights.weights()));
        }
        return rows;
    }
}
