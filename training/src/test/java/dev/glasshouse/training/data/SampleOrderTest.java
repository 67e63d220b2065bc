package dev.glasshouse.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.training.Keys;
import dev.glasshouse.weights.GlassException;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class SampleOrderTest {
    @Test
    void permutationTakesEveryNumberOnce() {
        for (long size : new long[] {1, 2, 3, 4, 5, 17, 256, 1000, 4097}) {
            for (long key = 0; key < 5; key++) {
                Permutation permutation = new Permutation(size, key);
                BitSet seen = new BitSet();
                for (long i = 0; i < size; i++) {
                    long at = permutation.at(i);
                    assertThat(at).isBetween(0L, size - 1);
                    seen.set((int) at);
                }
                assertThat(seen.cardinality()).as("size %d key %d", size, key).isEqualTo((int) size);
            }
        }
    }

    @Test
    void permutationIsNotInOrderAndChangesWithTheKey() {
        Permutation one = new Permutation(1000, 1);
        Permutation other = new Permutation(1000, 2);
        int inPlace = 0;
        int equal = 0;
        int next = 0;
        for (long i = 0; i < 999; i++) {
            inPlace += one.at(i) == i ? 1 : 0;
            equal += one.at(i) == other.at(i) ? 1 : 0;
            next += one.at(i + 1) == one.at(i) + 1 ? 1 : 0;
        }
        // One of each is expected; 10 has a chance below 1e-6.
        assertThat(inPlace).isLessThan(10);
        assertThat(equal).isLessThan(10);
        assertThat(next).isLessThan(10);
    }

    @Test
    void windowsAreAFunctionOfSeedStepAndSample() {
        SampleOrder order = new SampleOrder.Windows(7, 12, 100_000, 64);
        SampleOrder again = new SampleOrder.Windows(7, 12, 100_000, 64);
        // Asked in another order, and with other samples asked between.
        long late = order.start(999, 11);
        for (long step = 0; step < 50; step++) {
            for (int sample = 11; sample >= 0; sample--) {
                assertThat(order.start(step, sample)).isEqualTo(again.start(step, sample));
            }
        }
        assertThat(again.start(999, 11)).isEqualTo(late);
        assertThat(new SampleOrder.Windows(8, 12, 100_000, 64).start(999, 11)).isNotEqualTo(late);
        assertThat(order.start(999, 10)).isNotEqualTo(late);
        assertThat(order.start(998, 11)).isNotEqualTo(late);
    }

    @Test
    void windowsReachEveryPlaceAndNoOther() {
        SampleOrder order = new SampleOrder.Windows(3, 10, 100, 64);
        BitSet seen = new BitSet();
        for (long step = 0; step < 200; step++) {
            for (int sample = 0; sample < 10; sample++) {
                seen.set((int) order.start(step, sample));
            }
        }
        // 36 places are possible: 0 … 35, whose last target is token 99. A place is missed with a chance of 36·e^-55.
        assertThat(seen.cardinality()).isEqualTo(36);
        assertThat(seen.length()).isEqualTo(36);
    }

    @Test
    void windowsAreThoseThatWereRecorded() {
        // A changed order would make every recipe another one: these numbers may not change.
        SampleOrder order = new SampleOrder.Windows(1337, 12, 1_003_854, 64);
        assertThat(new long[] {order.start(0, 0), order.start(0, 1), order.start(1, 0), order.start(1999, 11)})
                .containsExactly(WINDOWS);
        Permutation permutation = new Permutation(50_000, Keys.of(1337, 0));
        assertThat(new long[] {permutation.at(0), permutation.at(1), permutation.at(49_999)})
                .containsExactly(DOCUMENTS);
    }

    private static final long[] WINDOWS = {539313, 393160, 152923, 401265};
    private static final long[] DOCUMENTS = {23681, 29475, 39713};

    @Test
    void tooFewTokensAreRefused() {
        assertThatThrownBy(() -> new SampleOrder.Windows(1, 4, 64, 64))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("64 tokens to train on")
                .hasMessageContaining("needs 65");
    }
}
