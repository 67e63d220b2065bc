package dev.glasshouse.engine;

/** Hears the score of each token. */
@FunctionalInterface
public interface ScoreListener {
    /** Hears nothing. */
    ScoreListener NONE = (position, logits, next, logProbability) -> {};

    /**
     * The network's answer at a position.
     *
     * @param position from 0
     * @param logits for what comes after it, one for each token of the vocabulary; valid during the call only
     * @param next the id that does come after it; −1 at the last position
     * @param logProbability the natural logarithm of its probability; NaN at the last position
     */
    void position(int position, float[] logits, int next, double logProbability);
}
