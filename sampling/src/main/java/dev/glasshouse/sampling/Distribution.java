package dev.glasshouse.sampling;

import java.util.List;

/**
 * The probabilities of the candidates in F64, for the record. One object follows the list through the stages of every
 * step: after the raw list it looks only at the candidates that are left, and at new logits only where they changed.
 * A candidate that was dropped or masked never comes back within a step.
 */
final class Distribution {
    private static final double LN_2 = StrictMath.log(2);

    private final float[] logits;
    private final double[] weights;
    /** By id: the last count that it was in. */
    private final int[] seen;

    private int readings;

    private final TopHeap heap;
    /** Those left, in the list's order, and room for those left next. */
    private int[] ids;

    private int[] others;

    private int kept;
    private float max;
    private double sum;
    private double cut;
    private double tail;
    private double entropyBits;
    private List<Candidate> top = List.of();

    Distribution(int vocabulary, int top) {
        logits = new float[vocabulary];
        weights = new double[vocabulary];
        seen = new int[vocabulary];
        ids = new int[vocabulary];
        others = new int[vocabulary];
        heap = new TopHeap(Math.min(top, vocabulary));
    }

    /** Reads the logits that a step begins with, in order of the ids. */
    void start(float[] raw) {
        float greatest = greatest(raw);
        int count = 0;
        double total = 0;
        double logs = 0;
        double rest = 0;
        for (int id = 0; id < raw.length; id++) {
            float logit = raw[id];
            if (logit > Float.NEGATIVE_INFINITY) {
                double difference = (double) logit - greatest;
                double weight = Exp.exp(difference);
                weights[id] = weight;
                logits[id] = logit;
                ids[count++] = id;
                total += weight;
                logs = Math.fma(weight, difference, logs);
                rest += heap.refuses(logit) || weight == 0 ? weight : heap.offer(id, logit, weight);
            }
        }
        max = greatest;
        cut = 0;
        finish(count, total, rest);
        // Σ −p·log₂ p with ln w = logit − max: one logarithm for all.
        entropyBits = (StrictMath.log(total) - logs / total) / LN_2;
    }

    private static float greatest(float[] logits) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = logit > max ? logit : max;
        }
        return max;
    }

    /** Reads the list after a stage. */
    void follow(Candidates candidates) {
        cut = 0;
        if (!candidates.changed()) {
            return;
        }
        candidates.unchanged();
        float greatest = candidates.greatestLogit();
        // Where the maximum is the same, so is the weight of every logit that is.
        boolean same = greatest == max;
        max = greatest;
        int count = 0;
        double total = 0;
        double rest = 0;
        for (int i = 0; i < candidates.size(); i++) {
            float logit = candidates.logit(i);
            if (logit > Float.NEGATIVE_INFINITY) {
                int id = candidates.id(i);
                double weight = weights[id];
                if (!same || logit != logits[id]) {
                    weight = weight(logit);
                    weights[id] = weight;
                    logits[id] = logit;
                }
                others[count++] = id;
                total += weight;
                rest += heap.refuses(logit) || weight == 0 ? weight : heap.offer(id, logit, weight);
            }
        }
        if (count < kept) {
            cut = missing(count) / sum;
        }
        int[] spare = ids;
        ids = others;
        others = spare;
        finish(count, total, rest);
    }

    private void finish(int count, double total, double rest) {
        kept = count;
        sum = total;
        tail = total > 0 ? rest / total : 0;
        top = heap.take(total);
    }

    /** A tiny temperature sends logits to infinity; those share everything then. */
    private double weight(float logit) {
        return max == Float.POSITIVE_INFINITY ? logit == max ? 1 : 0 : Exp.exp((double) logit - max);
    }

    /** The weight of those that are among {@code ids} but not among the first of {@code others}. */
    private double missing(int count) {
        readings++;
        for (int i = 0; i < count; i++) {
            seen[others[i]] = readings;
        }
        double weight = 0;
        for (int i = 0; i < kept; i++) {
            weight += seen[ids[i]] == readings ? 0 : weights[ids[i]];
        }
        return weight;
    }

    /** How many have a logit above −∞. */
    int kept() {
        return kept;
    }

    /** The share that the list before had on candidates that are dropped or masked now. */
    double cut() {
        return cut;
    }

    /** The likeliest with a probability above 0, by falling logit, the smaller id first among equals. */
    List<Candidate> top() {
        return top;
    }

    /** The probability of all that are not among {@link #top}. */
    double tail() {
        return tail;
    }

    /** The greatest logit; all weights are powers of e relative to it. */
    float max() {
        return max;
    }

    /** The sum of all weights. */
    double sum() {
        return sum;
    }

    /** The entropy of the logits that the step began with. */
    double entropyBits() {
        return entropyBits;
    }
}
