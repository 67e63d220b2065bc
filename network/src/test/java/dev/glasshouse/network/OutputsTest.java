package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarKernels;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a batch may ask for, and what goes in beside token ids. */
class OutputsTest {
    private static final int[] IDS = {1, 50, 60, 70, 80, 90, 100};

    private Kernels kernels;
    private Network network;

    @BeforeEach
    void load() {
        kernels = new ScalarKernels(1);
        network = Models.load("stories260K/stories260K.gguf", kernels);
    }

    @AfterEach
    void close() {
        network.close();
        kernels.close();
    }

    /** The head of the hidden row is the logits; the final norm of the last residual is the hidden row. */
    @Test
    void residualsHiddenRowsAndLogitsFitTogether() {
        try (SequenceState state = network.newState(KvType.F32, 16);
                Arena arena = Arena.ofShared()) {
            Batch batch = new Batch();
            batch.add(state, IDS)
                    .hidden(2, 5)
                    .logits(4, 6)
                    .residual(0, 0, 7)
                    .residual(3, 1, 2)
                    .residual(5, 3, 7);
            Output output = network.forward(batch);
            assertThat(output.hidden().rows()).isEqualTo(3);
            assertThat(output.logits().rows()).isEqualTo(2);
            assertThat(output.residual(0).rows()).isEqualTo(7);
            assertThat(output.residual(3).rows()).isEqualTo(1);
            assertThat(output.residual(5).rows()).isEqualTo(4);
            float[] hidden = output.hidden().row(2);
            float[] logits = output.logits().row(0);
            assertThat(norm(output.residual(5).row(1)))
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(hidden);

            Linear head = network.linear("output").orElseThrow();
            Matrix x = Matrix.allocate(arena, 1, 64);
            x.setRow(0, hidden);
            Matrix y = Matrix.allocate(arena, 1, 512);
            new Linear.Group(head).apply(kernels, x, new Matrix[] {y});
            assertThat(y.row(0)).isEqualTo(logits);
            assertThatThrownBy(() -> output.residual(1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The same rows of the embedding, given as vectors. */
    @Test
    void readyVectorsAreAsGoodAsIds() {
        float[][] expected = Models.logits(network, IDS, KvType.F16);
        try (SequenceState state = network.newState(KvType.F16, 16);
                Arena arena = Arena.ofShared()) {
            Batch batch = new Batch();
            batch.add(state, IDS).residual(0, 2, 5);
            Matrix vectors = Matrix.allocate(arena, 3, 64);
            vectors.data().copyFrom(network.forward(batch).residual(0).data());
            state.truncate(0);
            batch.clear();
            batch.add(state, 1, 50).allLogits();
            batch.add(state, vectors).allLogits();
            batch.add(state, 90, 100).allLogits();
            assertThat(Models.rows(network.forward(batch).logits())).isDeepEqualTo(expected);
        }
    }

    @Test
    void windowsAndBothDirectionsOfASpan() {
        float[][] causal = Models.logits(network, IDS, KvType.F32);
        float[][] wide = withSight(new Sight.Windowed(7));
        float[][] near = withSight(new Sight.Windowed(2));
        float[][] both = withSight(Sight.BIDIRECTIONAL);
        assertThat(wide).isDeepEqualTo(causal);
        assertThat(Arrays.copyOf(near, 2)).isDeepEqualTo(Arrays.copyOf(causal, 2));
        assertThat(near[2]).isNotEqualTo(causal[2]);
        assertThat(both[0]).isNotEqualTo(causal[0]);
    }

    /** Only the distance of two positions matters, so shifted ones give nearly the same (rounding differs). */
    @Test
    void positionsCanBeGiven() {
        float[][] expected = Models.logits(network, IDS, KvType.F32);
        try (SequenceState state = network.newState(KvType.F32, 16)) {
            Batch batch = new Batch();
            batch.add(state, IDS)
                    .positions(new int[] {40, 41, 42, 43, 44, 45, 46})
                    .allLogits();
            float[][] shifted = Models.rows(network.forward(batch).logits());
            assertThat(Models.difference(shifted, flat(expected))).isBetween(1e-9, 1e-3);
            state.truncate(0);
            batch.clear();
            batch.add(state, IDS)
                    .positions(new int[] {0, 1, 2, 3, 9, 10, 11}, new int[7])
                    .allLogits();
            float[][] apart = Models.rows(network.forward(batch).logits());
            assertThat(Arrays.copyOf(apart, 4)).isDeepEqualTo(Arrays.copyOf(expected, 4));
            assertThat(Models.difference(apart, flat(expected))).isGreaterThan(1e-2);
        }
    }

    @Test
    void whatCannotBeIsRefusedAndChangesNothing() {
        try (SequenceState state = network.newState(KvType.F32, 4)) {
            assertThatThrownBy(() -> forward(state, 512)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> forward(state, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> forward(state, 1, 2, 3, 4, 5)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> network.forward(new Batch())).isInstanceOf(IllegalArgumentException.class);
            assertThat(state.length()).isZero();
            forward(state, 1, 2, 3, 4);
            assertThat(state.length()).isEqualTo(4);
        }
        network.close();
        network.close();
        assertThatThrownBy(() -> network.newState(KvType.F32, 4)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> network.forward(new Batch())).isInstanceOf(IllegalStateException.class);
    }

    private void forward(SequenceState state, int... ids) {
        Batch batch = new Batch();
        batch.add(state, ids).lastLogits();
        network.forward(batch);
    }

    private float[][] withSight(Sight sight) {
        try (SequenceState state = network.newState(KvType.F32, 16)) {
            Batch batch = new Batch();
            batch.add(state, IDS).sight(sight).allLogits();
            return Models.rows(network.forward(batch).logits());
        }
    }

    private static float[] norm(float[] x) {
        float[] weight;
        try (dev.glasshouse.weights.ModelFile file =
                dev.glasshouse.weights.ModelFile.open(Models.path("stories260K/stories260K.gguf"))) {
            weight = Vectors.read(file.tensor("output_norm.weight").orElseThrow(), 64);
        }
        double squares = 0;
        for (float value : x) {
            squares += (double) value * value;
        }
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) (x[i] / Math.sqrt(squares / x.length + 1e-5) * weight[i]);
        }
        return y;
    }

    private static float[] flat(float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
        }
        return flat;
    }
}
