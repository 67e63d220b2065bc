package dev.glasshouse.engine;

import dev.glasshouse.network.Output;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * Brings a sequence to hold a text, in chunks of one turn each, for one who computes: a generation, or background work. Holds
 * on to its sequence until it is closed.
 */
final class Feeder implements AutoCloseable {
    /** Hears how far the reading is. */
    @FunctionalInterface
    interface Progress {
        Progress NONE = (done, total, reused) -> {};

        void read(int done, int total, int reused);
    }

    private final Core core;
    private final Turns.Kind kind;
    private final Cancellation cancellation;
    private Optional<Sequence> held = Optional.empty();
    private boolean synced;
    private long bytes;
    private long computeNanos;
    private long waitNanos;

    Feeder(Core core, Turns.Kind kind, Cancellation cancellation) {
        this.core = core;
        this.kind = kind;
        this.cancellation = cancellation;
    }

    /** Nanoseconds in the network so far. */
    long computeNanos() {
        return computeNanos;
    }

    /** Nanoseconds of waiting so far. */
    long waitNanos() {
        return waitNanos;
    }

    /** Memory of the sequence after the last turn. */
    long bytes() {
        return bytes;
    }

    /**
     * Takes in what of {@code ids} is not there yet, at least the last one.
     *
     * @param ids a buffer whose first {@code length} entries are the text
     * @param logits where the answer behind the last id goes
     * @return false if cancelled
     */
    boolean feed(int[] ids, int length, float[] logits, Progress progress) {
        if (synced) {
            return step(Arrays.copyOfRange(ids, sequence().length(), length), logits);
        }
        int[] prompt = Arrays.copyOf(ids, length);
        int reused = sync(prompt);
        if (reused < 0) {
            return false;
        }
        progress.read(reused, length, reused);
        int done = reused;
        while (done < length) {
            int end = next(done, length);
            if (!chunk(Arrays.copyOfRange(prompt, done, end), end == length, logits)) {
                return false;
            }
            done = end;
            progress.read(done, length, reused);
        }
        return true;
    }

    /** Takes an empty sequence, for background work; false if cancelled. */
    boolean fresh() {
        held = core.turn(kind, cancellation, core::newSequence);
        return held.isPresent();
    }

    /** Takes in all of {@code ids} but the last one; false if cancelled. */
    boolean prepare(int[] ids) {
        int last = ids.length - 1;
        int done = sync(ids);
        while (done >= 0 && done < last) {
            int end = Math.min(last, done + core.options.chunk());
            if (!chunk(Arrays.copyOfRange(ids, done, end), false, new float[0])) {
                return false;
            }
            done = end;
        }
        return done >= 0;
    }

    /** Keeps what the text begins with; returns how many tokens; −1 if cancelled. */
    int sync(int[] prompt) {
        int kept = seat(prompt)
                ? turn(sequence -> sequence.keep(prompt, core.pool.tick())).orElse(-1)
                : -1;
        synced = kept >= 0;
        return kept;
    }

    /** Where the next chunk ends. The last token goes by itself where a snapshot must be made before it. */
    private int next(int done, int length) {
        int end = Math.min(length, done + core.options.chunk());
        return end == length && end - done > 1 && sequence().needsSnapshots() ? end - 1 : end;
    }

    private boolean chunk(int[] part, boolean last, float[] logits) {
        if (cancellation.cancelled()) {
            return false;
        }
        return turn(sequence -> {
                    if (last) {
                        sequence.remember();
                    }
                    Output output = sequence.feed(part, last ? part.length - 1 : part.length);
                    if (last) {
                        core.read(output, 0, logits);
                    }
                    return true;
                })
                .isPresent();
    }

    private boolean step(int[] part, float[] logits) {
        return turn(sequence -> {
                    core.read(sequence.feed(part, part.length - 1), 0, logits);
                    return true;
                })
                .isPresent();
    }

    /** Something else with the sequence, in turn; empty if cancelled. */
    <T> Optional<T> turn(Function<Sequence, T> work) {
        long asked = System.nanoTime();
        Optional<T> result = core.turn(kind, cancellation, () -> {
            long start = System.nanoTime();
            waitNanos += start - asked;
            T made = work.apply(sequence());
            bytes = sequence().bytes();
            computeNanos += System.nanoTime() - start;
            return made;
        });
        if (result.isEmpty()) {
            waitNanos += System.nanoTime() - asked;
        }
        return result;
    }

    private Sequence sequence() {
        return held.orElseThrow();
    }

    /** Takes a sequence, if none is held: of the pool for a stream, else a new one; false if cancelled. */
    private boolean seat(int[] prompt) {
        if (held.isPresent()) {
            return true;
        }
        if (kind == Turns.Kind.BACKGROUND) {
            held = core.turn(kind, cancellation, () -> core.pool.copyFor(prompt).orElseGet(core::newSequence));
            return held.isPresent();
        }
        long asked = System.nanoTime();
        boolean seated = core.seats.take(kind, cancellation);
        waitNanos += System.nanoTime() - asked;
        if (!seated) {
            return false;
        }
        try {
            held = core.turn(kind, cancellation, () -> {
                Sequence sequence = core.pool.choose(prompt);
                sequence.pin(true);
                return sequence;
            });
        } finally {
            if (held.isEmpty()) {
                core.seats.give();
            }
        }
        return held.isPresent();
    }

    /** The length of what the sequence holds. */
    int length() {
        return held.map(Sequence::length).orElse(0);
    }

    @Override
    public void close() {
        held.ifPresent(sequence -> {
            if (kind == Turns.Kind.BACKGROUND) {
                core.discard(sequence);
            } else {
                sequence.pin(false);
                core.seats.give();
            }
        });
        held = Optional.empty();
        synced = false;
    }
}
