package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import java.util.List;

/** A token that was taken. */
public interface TokenEvent {
    /** Its place in the answer, from 0. */
    int index();

    /** Its id. */
    int id();

    /** Whether it ends the generation; it has no text then. */
    boolean end();

    /** The likeliest candidates before any stage, by falling probability. Only during the callback. */
    List<Candidate> candidates(int top);

    /** The natural logarithm of the token's probability before any stage. Only during the callback. */
    double logProbability();
}
