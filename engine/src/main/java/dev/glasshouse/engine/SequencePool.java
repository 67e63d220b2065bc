package dev.glasshouse.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The sequences whose state is kept, and the choice among them for a prompt. */
final class SequencePool implements AutoCloseable {
    private final int limit;
    private final Supplier<Sequence> maker;
    private final List<Sequence> sequences = new ArrayList<>();
    private long clock;

    SequencePool(int limit, Supplier<Sequence> maker) {
        this.limit = limit;
        this.maker = maker;
    }

    /** The next moment, for {@link Sequence#keep}. */
    long tick() {
        return ++clock;
    }

    /**
     * Of the sequences that nobody is at work on, the one that holds most of the prompt's beginning, if that is half of either;
     * else a new one while there is room, so that the others keep what they hold; else the one longest not used.
     */
    Sequence choose(int[] prompt) {
        Optional<Sequence> best = sequences.stream()
                .filter(sequence -> !sequence.pinned())
                .filter(sequence -> 2 * sequence.common(prompt) >= Math.min(sequence.length(), prompt.length))
                .max(Comparator.comparingInt(sequence -> sequence.common(prompt)));
        if (best.isPresent()) {
            return best.get();
        }
        if (sequences.size() < limit) {
            Sequence made = maker.get();
            sequences.add(made);
            return made;
        }
        return sequences.stream()
                .filter(sequence -> !sequence.pinned())
                .min(Comparator.comparingLong(Sequence::lastUse))
                .orElseThrow();
    }

    /** A copy of what the best sequence holds of a prompt, whoever is at work on it; empty if none holds any of it. */
    Optional<Sequence> copyFor(int[] prompt) {
        return sequences.stream()
                .filter(sequence -> sequence.reusable(prompt) > 0)
                .max(Comparator.comparingInt(sequence -> sequence.reusable(prompt)))
                .map(sequence -> sequence.copyFor(prompt));
    }

    /** Bytes that all states hold. */
    long bytes() {
        return sequences.stream().mapToLong(Sequence::bytes).sum();
    }

    @Override
    public void close() {
        sequences.forEach(Sequence::close);
        sequences.clear();
    }
}
