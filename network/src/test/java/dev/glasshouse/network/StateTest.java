package dev.glasshouse.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.weights.GlassException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks: when they come, when they go, who shares them. */
class StateTest {
    private static final KvLayout LAYOUT = new KvLayout(KvType.F16, 2, 32);

    @Test
    void blocksComeAsNeededAndGoWithACut() {
        try (KvState state = new KvState(LAYOUT, 0)) {
            assertThat(state.bytes()).isZero();
            grow(state, 64);
            assertThat(state.blocks()).hasSize(1);
            grow(state, 1);
            assertThat(state.blocks()).hasSize(2);
            assertThat(state.bytes()).isEqualTo(2 * LAYOUT.blockBytes());
            state.truncate(64);
            assertThat(state.blocks()).hasSize(1);
            assertThat(state.canTruncate(65)).isFalse();
            assertThat(state.canTruncate(-1)).isFalse();
            assertThatThrownBy(() -> state.truncate(65)).isInstanceOf(IllegalStateException.class);
            state.truncate(0);
            assertThat(state.bytes()).isZero();
        }
    }

    @Test
    void aWindowGivesBlocksBackAndSaysSo() {
        try (KvState state = new KvState(LAYOUT, 8)) {
            grow(state, 300);
            assertThat(state.blocks()).hasSize(5);
            assertThat(state.blocks().subList(0, 3)).containsOnly(MemorySegment.NULL);
            assertThat(state.bytes()).isEqualTo(2 * LAYOUT.blockBytes());
            assertThat(state.canTruncate(300 - KvState.SLACK)).isTrue();
            assertThat(state.canTruncate(199)).isTrue();
            assertThat(state.canTruncate(198)).isFalse();
            assertThatThrownBy(() -> state.truncate(100)).isInstanceOf(IllegalStateException.class);
            state.truncate(0);
            assertThat(state.blocks()).isEmpty();
            grow(state, 10);
            assertThat(state.length()).isEqualTo(10);
        }
    }

    @Test
    void aForkSharesAllAndCopiesOnlyTheBlockItWrites() {
        try (KvState state = new KvState(LAYOUT, 0)) {
            grow(state, 100);
            state.blocks().get(1).set(ValueLayout.JAVA_INT, 0, 42);
            KvState fork = state.fork();
            assertThat(fork.blocks()).isEqualTo(state.blocks());
            grow(fork, 1);
            assertThat(fork.blocks().get(0)).isEqualTo(state.blocks().get(0));
            assertThat(fork.blocks().get(1).address())
                    .isNotEqualTo(state.blocks().get(1).address());
            assertThat(fork.blocks().get(1).get(ValueLayout.JAVA_INT, 0)).isEqualTo(42);
            MemorySegment copied = fork.blocks().get(1);
            MemorySegment shared = fork.blocks().get(0);
            fork.close();
            assertThat(copied.scope().isAlive()).isFalse();
            assertThat(shared.scope().isAlive()).isTrue();
            MemorySegment own = state.blocks().get(1);
            grow(state, 1);
            assertThat(state.blocks().get(1)).isEqualTo(own);
        }
    }

    @Test
    void closingFreesOnceAndForAll() {
        KvState state = new KvState(LAYOUT, 0);
        grow(state, 1);
        MemorySegment block = state.blocks().getFirst();
        state.close();
        state.close();
        assertThat(block.scope().isAlive()).isFalse();
        assertThatThrownBy(state::length).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(state::fork).isInstanceOf(IllegalStateException.class);

        SequenceState sequence = new SequenceState(List.of(new KvState(LAYOUT, 0)), 10);
        sequence.close();
        sequence.close();
        assertThat(sequence.isClosed()).isTrue();
        assertThatThrownBy(sequence::length).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sequence.canTruncate(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void savingAndLoading() throws IOException {
        try (SequenceState state = sequence(8);
                SequenceState other = sequence(8);
                SequenceState different = sequence(0)) {
            state.reserve(300);
            state.advance(300);
            MemorySegment block = cache(state, 0).blocks().get(4);
            block.fill((byte) 9);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            state.save(Channels.newChannel(out));
            byte[] saved = out.toByteArray();
            load(other, saved);
            assertThat(other.length()).isEqualTo(300);
            assertThat(cache(other, 0).blocks().get(4).mismatch(block)).isEqualTo(-1);
            assertThat(cache(other, 0).blocks().getFirst()).isEqualTo(MemorySegment.NULL);
            assertThat(other.canTruncate(100)).isFalse();
            assertThatThrownBy(() -> load(different, saved)).isInstanceOf(GlassException.class);
            assertThatThrownBy(() -> load(other, Arrays.copyOf(saved, saved.length - 1)))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("cut off");
            assertThat(other.length()).isZero();
            for (int i = 0; i < 40; i++) {
                byte[] broken = saved.clone();
                broken[i] ^= (byte) 0x80;
                assertThatThrownBy(() -> load(other, broken)).isInstanceOf(GlassException.class);
                assertThat(other.length()).isZero();
            }
        }
    }

    private static SequenceState sequence(int window) {
        return new SequenceState(List.of(new KvState(LAYOUT, window), new KvState(LAYOUT, 0)), 1000);
    }

    private static KvState cache(SequenceState state, int layer) {
        return (KvState) state.layers().get(layer);
    }

    private static void load(SequenceState state, byte[] saved) throws IOException {
        state.load(Channels.newChannel(new ByteArrayInputStream(saved)));
    }

    private static void grow(KvState state, int rows) {
        state.reserve(rows);
        state.advance(rows);
    }
}
