package dev.glasshouse.training;

import java.util.List;

/**
 * What a check of a model against its recipe found.
 *
 * @param verdict the answer
 * @param fromStep where the training that was repeated began
 * @param toStep how far it was repeated and compared; −1 if nothing was
 * @param steps of the whole training
 * @param filesFollow whether the files of weights were made again, from those of the last milestone or by training
 * @param checked what was compared, a sentence each
 * @param seconds that it took
 */
public record Verification(
        Verdict verdict,
        long fromStep,
        long toStep,
        long steps,
        boolean filesFollow,
        List<String> checked,
        double seconds) {
    /** The three answers. */
    public enum Outcome {
        /** Everything compared is equal, bit for bit. */
        SAME,
        /** Something is not what the recipe gives. */
        DIFFERENT,
        /** Something is missing that would be needed to tell. */
        CANNOT_TELL
    }

    /** An answer and its grounds. */
    public sealed interface Verdict {
        /** Which of the three. */
        Outcome outcome();
    }

    /** Equal. */
    public record Same() implements Verdict {
        @Override
        public Outcome outcome() {
            return Outcome.SAME;
        }
    }

    /**
     * Not equal.
     *
     * @param where the first thing that differs: a milestone, a file, the data, the lock
     * @param step the milestone's step; −1 where it is none
     * @param tensor the first tensor that differs; empty where it is none
     * @param what in words
     */
    public record Different(String where, long step, String tensor, String what) implements Verdict {
        @Override
        public Outcome outcome() {
            return Outcome.DIFFERENT;
        }
    }

    /**
     * Not known.
     *
     * @param missing what would be needed, a sentence each
     */
    public record CannotTell(List<String> missing) implements Verdict {
        public CannotTell {
            missing = List.copyOf(missing);
        }

        @Override
        public Outcome outcome() {
            return Outcome.CANNOT_TELL;
        }
    }

    public Verification {
        checked = List.copyOf(checked);
    }

    /** Which of the three. */
    public Outcome outcome() {
        return verdict.outcome();
    }

    /** The share of the training's steps that was repeated and compared, 0 to 1. */
    public double share() {
        return toStep <= fromStep ? 0 : (double) (toStep - fromStep) / steps;
    }

    /** Whether the whole training was repeated from the first weights. */
    public boolean whole() {
        return fromStep == 0 && toStep == steps;
    }
}
