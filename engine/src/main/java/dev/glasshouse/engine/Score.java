package dev.glasshouse.engine;

/**
 * How likely a text is to a model.
 *
 * @param tokens tokens scored: all but the first, which nothing comes before
 * @param bytes bytes of text of these
 * @param logProbability sum of the natural logarithms of their probabilities
 */
public record Score(int tokens, long bytes, double logProbability) {
    /** e to the mean negative log-probability of a token. */
    public double perplexity() {
        return StrictMath.exp(-logProbability / tokens);
    }

    /** Bits for each byte of text. */
    public double bitsPerByte() {
        return -logProbability / StrictMath.log(2) / bytes;
    }
}
