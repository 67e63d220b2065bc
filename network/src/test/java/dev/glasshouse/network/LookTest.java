package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glasshouse.kernels.Attention;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvBlock;
import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarKernels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lens, attention weights and times show a pass as it is, and leave it as it is. */
class LookTest {
    private static final int[] IDS = new Random(9).ints(70, 0, 256).toArray();

    /** The ordinary logits are the lens at the last depth, also where the architecture scales them (granite). */
    @ParameterizedTest
    @ValueSource(strings = {"stories260K/stories260K-F16.gguf", "architectures/granite", "architectures/gpt2"})
    void theLastDepthIsTheAnswerToTheBit(String model) {
        try (Kernels kernels = new ScalarKernels(1);
                Network network = Models.load(model, kernels);
                SequenceState state = network.newState(KvType.F16, 80)) {
            int depth = network.spec().depth();
            Batch batch = new Batch();
            batch.add(state, IDS).allLogits().residual(depth, 0, IDS.length).residual(0, 3, 4);
            Output output = network.forward(batch);
            float[][] lens = Models.rows(network.logits(output.residual(depth)));
            float[][] logits = Models.rows(output.logits());
            assertThat(lens).isDeepEqualTo(logits);
            assertThat(network.logits(output.residual(depth).rows(5, 1)).row(0)).isEqualTo(logits[5]);
            assertThat(network.logits(output.residual(0)).row(0)).isNotEqualTo(logits[3]);
            assertThat(network.logits(output.residual(depth).rows(5, 0)).rows()).isZero();
            assertThat(Models.rows(output.logits())).isDeepEqualTo(logits);
        }
    }

    /** Logits and cache with everything asked for are those with nothing asked for, whole, in pieces and narrowed. */
    @ParameterizedTest
    @CsvSource({
        "stories260K/stories260K-F16.gguf, F16",
        "architectures/gemma3, Q8_0",
        "architectures/mistral-swa, F32",
        "architectures/qwen3moe, F16"
    })
    void lookingChangesNothing(String model, KvType type) throws IOException {
        try (Kernels kernels = new ScalarKernels(1);
                Network network = Models.load(model, kernels);
                SequenceState plain = network.newState(type, 80);
                SequenceState seen = network.newState(type, 80)) {
            for (int[] piece : new int[][] {{0, 66}, {66, 67}, {67, 70}}) {
                int[] ids = Arrays.copyOfRange(IDS, piece[0], piece[1]);
                Batch batch = new Batch();
                batch.add(plain, ids).lastLogits();
                Output output = network.forward(batch);
                float[] expected = output.logits().row(0);
                assertThat(output.attention()).isEmpty();
                assertThat(output.times()).isEmpty();
                batch.clear();
                Batch.Span span = batch.timed().add(seen, ids).lastLogits();
                askAll(network.spec(), span);
                output = network.forward(batch);
                assertThat(output.logits().row(0)).isEqualTo(expected);
                assertThat(output.times()).isPresent();
                assertThat(output.attention()).isNotEmpty();
                output.residuals().values().forEach(network::logits);
                assertThat(bytes(seen)).isEqualTo(bytes(plain));
            }
        }
    }

    private static void askAll(DecoderSpec spec, Batch.Span span) {
        for (int row = 0; row < span.rows(); row++) {
            for (int layer = 0; layer < spec.depth(); layer++) {
                for (int head = 0; head < spec.attention().count(); head++) {
                    span.attention(layer, row, head);
                }
                span.residual(layer, row, row + 1);
            }
        }
    }

    private static byte[] bytes(SequenceState state) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        state.save(Channels.newChannel(out));
        return out.toByteArray();
    }

    /**
     * The weights of each head with the cached values are what attention gave, all rows and narrowed to those asked for.
     * 5e-6: a few F32 roundings of values of about 1.
     */
    @ParameterizedTest
    @CsvSource({"architectures/gemma3, F32", "architectures/gemma3, F16", "stories260K, F16", "architectures/gpt2, F32"
    })
    void weightsTimesValuesAreTheOutputOfTheHead(String model, KvType type) {
        List<Seen> seen = new ArrayList<>();
        try (Kernels kernels = watched(seen);
                Network network = Models.load(model, kernels);
                SequenceState state = network.newState(type, 80)) {
            DecoderSpec spec = network.spec();
            for (boolean all : new boolean[] {true, false}) {
                state.truncate(0);
                seen.clear();
                Batch batch = new Batch();
                Batch.Span span = batch.add(state, IDS);
                int[] rows = {8, 63, 69};
                for (int row : rows) {
                    for (int layer = 0; layer < spec.depth(); layer++) {
                        for (int head = 0; head < spec.attention().count(); head++) {
                            span.attention(layer, row, head);
                        }
                    }
                }
                Output output = network.forward(all ? allLogits(batch) : batch);
                assertThat(output.attention())
                        .hasSize(rows.length * spec.depth() * spec.attention().count());
                assertThat(output.logits().rows()).isEqualTo(all ? IDS.length : 0);
                for (AttentionWeights weights : output.attention()) {
                    boolean narrowed = !all && weights.layer() == spec.depth() - 1;
                    int at = narrowed ? Arrays.binarySearch(rows, weights.row()) : weights.row();
                    Seen layer = seen.get(weights.layer());
                    assertThat(layer.out.length).isEqualTo(narrowed ? rows.length : IDS.length);
                    check(layer, at, weights, spec.attention());
                }
            }
        }
    }

    private static Batch allLogits(Batch batch) {
        batch.spans().getFirst().allLogits();
        return batch;
    }

    /** What the kernels were asked and gave for one layer. */
    private record Seen(KvLayout layout, List<MemorySegment> blocks, float[][] out) {}

    private static void check(Seen seen, int row, AttentionWeights weights, DecoderSpec.Heads heads) {
        int size = heads.size();
        double sum = 0;
        double[] output = new double[size];
        for (int i = 0; i < weights.weights().length; i++) {
            int position = weights.from() + i;
            sum += weights.weights()[i];
            for (int d = 0; d < size; d++) {
                output[d] += (double) weights.weights()[i]
                        * value(seen, weights.head() / (heads.count() / heads.kvCount()), position, d);
            }
        }
        assertThat(sum).isCloseTo(1, offset(2e-6));
        for (int d = 0; d < size; d++) {
            assertThat((double) seen.out[row][weights.head() * size + d])
                    .as("layer %d, row %d, head %d", weights.layer(), weights.row(), weights.head())
                    .isCloseTo(output[d], offset(5e-6));
        }
    }

    private static float value(Seen seen, int kvHead, int position, int d) {
        MemorySegment block = seen.blocks.get(position / KvLayout.BLOCK);
        long at = KvBlock.values(seen.layout, kvHead);
        long index = (long) (position % KvLayout.BLOCK) * seen.layout.headSize() + d;
        return seen.layout.type() == KvType.F32
                ? block.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4 * index)
                : Float.float16ToFloat(block.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2 * index));
    }

    /** The scalar kernels; what they do for attention is written down. */
    private static Kernels watched(List<Seen> seen) {
        Kernels scalar = new ScalarKernels(1);
        return (Kernels) Proxy.newProxyInstance(
                LookTest.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(scalar, arguments);
                    if (arguments != null && arguments.length == 1 && arguments[0] instanceof Attention attention) {
                        List<MemorySegment> blocks =
                                List.copyOf(attention.spans().getFirst().blocks());
                        seen.add(new Seen(attention.layout(), blocks, Models.rows(attention.out())));
                    }
                    return result;
                });
    }

    /** Rows count through the spans; a head asked for twice comes once; order is layer, row, head. */
    @Test
    void severalSpans() {
        try (Kernels kernels = new ScalarKernels(1);
                Network network = Models.load("stories260K", kernels);
                SequenceState one = network.newState(KvType.F32, 80);
                SequenceState two = network.newState(KvType.F32, 80)) {
            Batch batch = new Batch();
            batch.add(one, 1, 50, 60).attention(4, 2, 7).attention(4, 2, 1).attention(0, 1, 3);
            batch.add(two, 1, 9);
            batch.add(one, 70, 80).attention(4, 0, 1).attention(4, 0, 1);
            List<AttentionWeights> together = network.forward(batch).attention();
            assertThat(together.stream().map(w -> List.of(w.layer(), w.row(), w.head(), w.weights().length)))
                    .containsExactly(
                            List.of(0, 1, 3, 2), List.of(4, 2, 1, 3), List.of(4, 2, 7, 3), List.of(4, 5, 1, 4));
            one.truncate(0);
            batch.clear();
            batch.add(one, 1, 50, 60, 70).attention(4, 3, 1);
            List<AttentionWeights> alone = network.forward(batch).attention();
            assertThat(alone).hasSize(1);
            assertThat(alone.getFirst().weights()).isEqualTo(together.getLast().weights());
        }
    }

    @Test
    void everyRowSeesAsFarAsItsSight() {
        try (Kernels kernels = new ScalarKernels(1);
                Network network = Models.load("stories260K", kernels);
                SequenceState state = network.newState(KvType.F32, 80)) {
            Batch batch = new Batch();
            batch.add(state, 1, 50, 60).sight(Sight.BIDIRECTIONAL).attention(0, 1, 0);
            batch.add(state, 1, 50, 60).sight(new Sight.Windowed(2)).attention(0, 1, 0);
            batch.add(state, 1, 50, 60).attention(0, 1, 0);
            List<AttentionWeights> weights = network.forward(batch).attention();
            assertThat(weights.stream().map(w -> List.of(w.from(), w.weights().length)))
                    .containsExactly(List.of(0, 3), List.of(3, 2), List.of(0, 8));
        }
    }

    @Test
    void whatThereIsNotIsRefusedAndChangesNothing() {
        try (Kernels kernels = new ScalarKernels(1);
                Network network = Models.load("stories260K", kernels);
                SequenceState state = network.newState(KvType.F32, 8);
                Arena arena = Arena.ofConfined()) {
            for (int[] bad : new int[][] {{5, 0, 0}, {-1, 0, 0}, {0, 2, 0}, {0, -1, 0}, {0, 0, 8}, {0, 0, -1}}) {
                Batch batch = new Batch();
                assertThatThrownBy(() -> {
                            batch.add(state, 1, 2).attention(bad[0], bad[1], bad[2]);
                            network.forward(batch);
                        })
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(state.length()).isZero();
            Matrix narrow = Matrix.allocate(arena, 1, 63);
            assertThatThrownBy(() -> network.logits(narrow)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aClosedNetworkHasNoLens() {
        try (Kernels kernels = new ScalarKernels(1);
                Arena arena = Arena.ofConfined()) {
            Network network = Models.load("stories260K", kernels);
            network.close();
            Matrix rows = Matrix.allocate(arena, 1, 64);
            assertThatThrownBy(() -> network.logits(rows)).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Every part takes time of its own, and all together no more than the call. */
    @Test
    void thePartsOfAPassAreTimed() {
        try (Kernels kernels = new ScalarKernels(1);
                Network network = Models.load("stories260K", kernels);
                SequenceState state = network.newState(KvType.F32, 256)) {
            for (int count : new int[] {70, 70, 1}) {
                Batch batch = new Batch().timed();
                Batch.Span span = batch.add(state, Arrays.copyOf(IDS, count)).lastLogits();
                if (state.length() > 0) {
                    askAll(network.spec(), span);
                }
                long start = System.nanoTime();
                PassTimes times = network.forward(batch).times().orElseThrow();
                long wall = System.nanoTime() - start;
                assertThat(times.attentionNanos()).hasSize(5);
                assertThat(times.mlpNanos()).hasSize(5);
                for (int layer = 0; layer < 5; layer++) {
                    assertThat(times.attentionNanos()[layer]).isPositive();
                    assertThat(times.mlpNanos()[layer]).isPositive();
                }
                assertThat(times.embeddingNanos()).isPositive();
                assertThat(times.headNanos()).isPositive();
                assertThat(times.totalNanos()).isLessThanOrEqualTo(wall);
                batch.clear();
                batch.add(state, 1);
                assertThat(network.forward(batch).times()).isEmpty();
            }
            Batch silent = new Batch().timed();
            silent.add(state, 1);
            PassTimes times = network.forward(silent).times().orElseThrow();
            assertThat(times.mlpNanos()[3]).isPositive();
        }
    }
}
