package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.network.LoadListener;
import dev.glasshouse.network.Network;
import dev.glasshouse.weights.ModelFile;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Prefix reuse on a network whose windowed layers give old blocks back, so that it cannot be cut back everywhere. */
class SequenceTest {
    @Test
    void windowedStateIsReusedOrReadAgainAndGivesTheSame() {
        Random random = new Random(4);
        int[] text = random.ints(400, 0, 256).toArray();
        try (ScalarKernels kernels = new ScalarKernels(1);
                ModelFile file = ModelFile.open(Stories.path("mistral-swa"));
                Network network = Network.load(file, kernels, LoadListener.SILENT);
                Sequence sequence = new Sequence(network, network.newState(KvType.F32, 512))) {
            int[] kept = new int[6];
            int i = 0;
            for (int length : new int[] {300, 300, 399, 390, 310, 20}) {
                int[] prompt = Arrays.copyOf(text, length);
                float[] expected;
                try (Sequence fresh = new Sequence(network, network.newState(KvType.F32, 512))) {
                    expected = last(fresh, prompt, 0);
                }
                int reusable = sequence.reusable(prompt);
                int held = sequence.length();
                try (Sequence copy = sequence.copyFor(prompt)) {
                    assertThat(copy.length()).isEqualTo(reusable);
                    assertThat(last(copy, prompt, reusable)).isEqualTo(expected);
                }
                assertThat(sequence.length()).isEqualTo(held);
                kept[i] = sequence.keep(prompt, i);
                assertThat(kept[i]).isEqualTo(reusable);
                assertThat(last(sequence, prompt, kept[i])).isEqualTo(expected);
                i++;
            }
            // Nothing; the snapshot; all of it; a little cut back; the snapshot; too far back, all again.
            assertThat(kept[0]).isZero();
            assertThat(kept[1]).isEqualTo(299);
            assertThat(kept[2]).isEqualTo(300);
            assertThat(kept[3]).isGreaterThan(0);
            assertThat(kept[5]).isZero();
        }
    }

    /** Reads the rest of a prompt as the generator does: in chunks, a snapshot before the last token. */
    private static float[] last(Sequence sequence, int[] prompt, int from) {
        int done = from;
        while (done < prompt.length - 1) {
            int end = Math.min(prompt.length - 1, done + 50);
            sequence.feed(Arrays.copyOfRange(prompt, done, end), end - done);
            done = end;
        }
        sequence.remember();
        Matrix logits = sequence.feed(new int[] {prompt[prompt.length - 1]}, 0).logits();
        return logits.row(0);
    }
}
