package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.ScalarKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same logits, bit for bit, however a sequence reaches the network. No tolerance anywhere. */
class BitEqualityTest {
    private static final int LENGTH = 150;

    /** 150 positions: more than two cache blocks, and windows of 8 that leave blocks behind. */
    @ParameterizedTest
    @CsvSource({
        "stories260K/stories260K-F16.gguf, F16",
        "architectures/gemma3, F16",
        "architectures/gemma3, Q8_0",
        "architectures/mistral-swa, F32",
        "architectures/qwen3moe, F32",
        "architectures/gpt2, F16",
        "architectures/olmo2, F32"
    })
    void wholeTokenByTokenPiecesForksAndCompany(String file, KvType type) {
        try (Kernels kernels = new ScalarKernels(1);
                Network network = Models.load(file, kernels)) {
            int[] ids = new Random(7).ints(LENGTH, 0, 256).toArray();
            float[][] whole = Models.logits(network, ids, type);
            assertThat(pieces(network, ids, type, 1)).isDeepEqualTo(whole);
            assertThat(pieces(network, ids, type, 37)).isDeepEqualTo(whole);
            assertThat(pieces(network, ids, type, 64)).isDeepEqualTo(whole);
            assertThat(onlyTheLast(network, ids, type)).isEqualTo(whole[LENGTH - 1]);
            forks(network, ids, type, whole);
            company(network, ids, type, whole);
        }
    }

    private static float[][] pieces(Network network, int[] ids, KvType type, int size) {
        float[][] rows = new float[ids.length][];
        try (SequenceState state = network.newState(type, ids.length)) {
            for (int from = 0; from < ids.length; from += size) {
                int to = Math.min(ids.length, from + size);
                Batch batch = new Batch();
                batch.add(state, Arrays.copyOfRange(ids, from, to)).allLogits();
                System.arraycopy(Models.rows(network.forward(batch).logits()), 0, rows, from, to - from);
            }
        }
        return rows;
    }

    private static float[] onlyTheLast(Network network, int[] ids, KvType type) {
        try (SequenceState state = network.newState(type, ids.length)) {
            Batch batch = new Batch();
            batch.add(state, Arrays.copyOf(ids, 70));
            assertThat(network.forward(batch).logits().rows()).isZero();
            batch.clear();
            batch.add(state, Arrays.copyOfRange(ids, 70, ids.length)).lastLogits();
            return network.forward(batch).logits().row(0);
        }
    }

    /** A fork taken inside a block, and the state it was taken from, which went another way in between. */
    private static void forks(Network network, int[] ids, KvType type, float[][] whole) {
        try (SequenceState state = network.newState(type, ids.length)) {
            forward(network, state, Arrays.copyOf(ids, 100));
            try (SequenceState fork = state.fork()) {
                forward(network, state, new int[] {5, 6, 7});
                assertThat(forward(network, fork, Arrays.copyOfRange(ids, 100, 120)))
                        .isEqualTo(whole[119]);
                state.truncate(100);
                assertThat(forward(network, state, Arrays.copyOfRange(ids, 100, ids.length)))
                        .isEqualTo(whole[LENGTH - 1]);
                fork.truncate(119);
                state.restore(fork);
            }
            assertThat(state.length()).isEqualTo(119);
            assertThat(forward(network, state, new int[] {ids[119]})).isEqualTo(whole[119]);
        }
    }

    /** Two other sequences in the batch, one of them of two spans; rows asked for here and there. */
    private static void company(Network network, int[] ids, KvType type, float[][] whole) {
        try (SequenceState one = network.newState(type, ids.length);
                SequenceState two = network.newState(type, ids.length)) {
            forward(network, one, Arrays.copyOf(ids, 20));
            Batch batch = new Batch();
            batch.add(two, Arrays.copyOf(ids, 66)).logits(3, 5);
            batch.add(one, Arrays.copyOfRange(ids, 20, 90)).lastLogits();
            batch.add(two, Arrays.copyOfRange(ids, 66, 80)).logits(0, 1);
            float[][] rows = Models.rows(network.forward(batch).logits());
            assertThat(rows).isDeepEqualTo(new float[][] {whole[3], whole[4], whole[89], whole[66]});
            batch.clear();
            batch.add(one, ids[90]).lastLogits();
            batch.add(two, ids[80]).lastLogits();
            assertThat(Models.rows(network.forward(batch).logits()))
                    .isDeepEqualTo(new float[][] {whole[90], whole[80]});
        }
    }

    private static float[] forward(Network network, SequenceState state, int[] ids) {
        Batch batch = new Batch();
        batch.add(state, ids).lastLogits();
        return network.forward(batch).logits().row(0);
    }
}
