package dev.glasshouse.engine;

import dev.glasshouse.sampling.PickedBy;
import java.util.Optional;

/** Picks tokens in the model's stead: a person who steps through, or a replay. */
@FunctionalInterface
public interface TokenChooser {
    /** Takes what the model picks. */
    TokenChooser NONE = (step, picked) -> Optional.empty();

    /** Another token than the one picked, and who picks it. */
    record Choice(int id, PickedBy by) {}

    /**
     * Called at each step after the model's pick.
     *
     * @param step from 0
     * @param picked what the chain picked
     * @return the token to take instead, or nothing
     */
    Optional<Choice> choose(int step, Candidates picked);

    /** What can be looked at while choosing. */
    interface Candidates {
        /** The id that the chain picked. */
        int id();

        /** The likeliest before any stage. */
        java.util.List<dev.glasshouse.sampling.Candidate> top(int count);
    }
}
