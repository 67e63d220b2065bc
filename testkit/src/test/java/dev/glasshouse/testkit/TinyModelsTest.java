package dev.glasshouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.network.Batch;
import dev.glasshouse.network.LoadListener;
import dev.glasshouse.network.Network;
import dev.glasshouse.network.SequenceState;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.TensorType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The models load, compute and repeat; a network whose state cannot be cut back can still reuse a prefix. */
class TinyModelsTest {
    private static final int[] PROMPT = {259, 260, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q4_K", "Q6_K"})
    void everyTypeLoadsAndComputes(TensorType type) throws IOException {
        TinyModels.Shape shape = new TinyModels.Shape(256, 1, 4, 2, 256, 64);
        Path one = TinyModels.llama(folder.resolve("one.gguf"), 5, shape, type);
        Path two = TinyModels.llama(folder.resolve("two.gguf"), 5, shape, type);
        assertThat(Files.mismatch(one, two)).isEqualTo(-1);
        try (ScalarKernels kernels = new ScalarKernels(1);
                Network network = load(one, kernels);
                SequenceState state = network.newState(KvType.F16, 64)) {
            float[] logits = forward(network, state, PROMPT);
            assertThat(logits).hasSize(TinyModels.vocabulary());
            for (float logit : logits) {
                assertThat(logit).isFinite();
            }
            assertThat(forward(network, state, 3)).isNotEqualTo(logits);
        }
    }

    /** Prefix reuse as an engine does it: cut back where possible, else go back to a snapshot and read on from it. */
    @Test
    void aStateThatCannotBeCutBackGoesBackToASnapshot() throws IOException {
        try (ScalarKernels kernels = new ScalarKernels(1);
                Network network = load(TinyModels.llama(folder.resolve("tiny.gguf")), kernels);
                SequenceState fresh = FakeRecurrentState.beside(network.newState(KvType.F32, 64));
                SequenceState state = FakeRecurrentState.beside(network.newState(KvType.F32, 64))) {
            float[] expected = forward(network, fresh, 259, 260, 1, 2, 3, 40, 41);
            forward(network, state, 259, 260, 1);
            try (SequenceState snapshot = state.fork()) {
                forward(network, state, 2, 3, 50, 51, 52);
                assertThat(state.canTruncate(5)).isFalse();
                assertThatThrownBy(() -> state.truncate(5)).isInstanceOf(IllegalStateException.class);
                assertThat(state.length()).isEqualTo(8);
                state.restore(snapshot);
            }
            assertThat(state.length()).isEqualTo(3);
            assertThat(forward(network, state, 2, 3, 40, 41)).isEqualTo(expected);
            assertThat(memory(state)).isEqualTo(memory(fresh));

            ByteArrayOutputStream saved = new ByteArrayOutputStream();
            state.save(Channels.newChannel(saved));
            state.truncate(0);
            assertThat(memory(state)).isEqualTo(1);
            state.load(Channels.newChannel(new ByteArrayInputStream(saved.toByteArray())));
            assertThat(memory(state)).isEqualTo(memory(fresh));
            assertThat(forward(network, state, 7)).isEqualTo(forward(network, fresh, 7));
        }
    }

    private static long memory(SequenceState state) {
        return ((FakeRecurrentState) state.layers().getLast()).memory();
    }

    private static Network load(Path path, ScalarKernels kernels) {
        try (ModelFile file = ModelFile.open(path)) {
            return Network.load(file, kernels, LoadListener.SILENT);
        }
    }

    private static float[] forward(Network network, SequenceState state, int... ids) {
        Batch batch = new Batch();
        batch.add(state, ids).lastLogits();
        return network.forward(batch).logits().row(0);
    }
}
