package dev.glasshouse.engine;

import dev.glasshouse.network.Batch;
import dev.glasshouse.network.Network;
import dev.glasshouse.network.Output;
import dev.glasshouse.network.SequenceState;
import java.util.Arrays;
import java.util.Optional;

/**
 * The tokens that one state of the network holds, and the state. A new prompt keeps the longest beginning that is there
 * already: the state is cut back to it, or, where a layer cannot be cut back, taken from the last snapshot before it.
 */
final class Sequence implements AutoCloseable {
    /** A state that was put aside, after so many tokens. */
    private record Snapshot(int length, SequenceState state) {}

    private final Network network;
    private final SequenceState state;
    private final Batch batch = new Batch();
    private Optional<Snapshot> snapshot = Optional.empty();
    private int[] ids = new int[64];
    private long lastUse;
    private boolean uncuttable;
    private volatile boolean pinned;

    Sequence(Network network, SequenceState state) {
        this.network = network;
        this.state = state;
    }

    /** Whether a generation is at work on it. */
    boolean pinned() {
        return pinned;
    }

    /** Says whether a generation is at work on it. */
    void pin(boolean inUse) {
        pinned = inUse;
    }

    int length() {
        return state.length();
    }

    long bytes() {
        return state.bytes();
    }

    long lastUse() {
        return lastUse;
    }

    /** How many tokens at the beginning of a prompt are held, apart from its last one, whose logits are needed. */
    int common(int[] prompt) {
        int most = Math.min(prompt.length - 1, state.length());
        int mismatch = Arrays.mismatch(ids, 0, most, prompt, 0, most);
        return mismatch < 0 ? most : mismatch;
    }

    /** How many tokens of a prompt a copy could begin with, see {@link #copyFor}. */
    int reusable(int[] prompt) {
        int common = common(prompt);
        if (state.canTruncate(common)) {
            return common;
        }
        return snapshot.filter(taken -> taken.length <= common)
                .map(Snapshot::length)
                .orElse(0);
    }

    /** A sequence of its own that holds the first {@link #reusable} tokens of a prompt. This one stays as it is. */
    Sequence copyFor(int[] prompt) {
        int length = reusable(prompt);
        SequenceState from = state.canTruncate(length) ? state : snapshot.orElseThrow().state;
        SequenceState fork = from.fork();
        fork.truncate(length);
        Sequence copy = new Sequence(network, fork);
        copy.ids = Arrays.copyOf(prompt, prompt.length);
        return copy;
    }

    /** Its state, for a pass of another kind than {@link #feed}. */
    SequenceState state() {
        return state;
    }

    /** Keeps what the prompt begins with; returns how many tokens that are. */
    int keep(int[] prompt, long now) {
        lastUse = now;
        int wanted = common(prompt);
        if (!state.canTruncate(wanted)) {
            wanted = snapshot.filter(taken -> taken.length <= common(prompt))
                    .map(this::goBack)
                    .orElse(0);
        }
        state.truncate(wanted);
        int kept = wanted;
        if (snapshot.isPresent() && snapshot.get().length > kept) {
            dropSnapshot();
        }
        return kept;
    }

    private int goBack(Snapshot taken) {
        state.restore(taken.state);
        return taken.length;
    }

    /** Whether the state cannot be cut back everywhere, as far as is known by now. */
    boolean needsSnapshots() {
        return uncuttable;
    }

    /** Puts the present state aside if it could not be cut back to. Costs no copy. */
    void remember() {
        if (needsSnapshots()) {
            dropSnapshot();
            snapshot = Optional.of(new Snapshot(state.length(), state.fork()));
        }
    }

    private void dropSnapshot() {
        snapshot.ifPresent(taken -> taken.state.close());
        snapshot = Optional.empty();
    }

    /** Takes tokens in; with the logits of the rows from {@code firstLogits} on. */
    Output feed(int[] tokens, int firstLogits) {
        int length = state.length();
        if (ids.length < length + tokens.length) {
            ids = Arrays.copyOf(ids, Math.max(2 * ids.length, length + tokens.length));
        }
        boolean done = false;
        batch.clear();
        try {
            batch.add(state, tokens).logits(firstLogits, tokens.length);
            Output output = network.forward(batch);
            System.arraycopy(tokens, 0, ids, length, tokens.length);
            uncuttable |= state.length() > 1 && !state.canTruncate(1);
            done = true;
            return output;
        } finally {
            if (!done) {
                clear();
            }
        }
    }

    /** Forgets everything. */
    void clear() {
        dropSnapshot();
        state.truncate(0);
    }

    @Override
    public void close() {
        dropSnapshot();
        state.close();
    }
}
