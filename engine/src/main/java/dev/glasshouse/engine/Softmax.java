package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.Exp;
import dev.glasshouse.weights.GlassException;
import java.util.List;

/** The distribution that a row of logits means, in F64: the same bits as the record of a step has. */
public final class Softmax {
    private static final double LN_2 = StrictMath.log(2);

    private final float[] logits;
    private final double[] byId;
    private final double entropyBits;

    /**
     * The distribution of these logits.
     *
     * @param logits one for each token; read while this lives
     * @throws GlassException if one is NaN or +∞, or none is finite: broken weights
     */
    public Softmax(float[] logits) {
        this.logits = logits;
        byId = new double[logits.length];
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        double logs = 0;
        for (int id = 0; id < byId.length; id++) {
            if (logits[id] != Float.NEGATIVE_INFINITY) {
                double difference = (double) logits[id] - max;
                byId[id] = Exp.exp(difference);
                sum += byId[id];
                logs = Math.fma(byId[id], difference, logs);
            }
        }
        // written so that NaN fails
        if (!(sum > 0)) {
            throw new GlassException("The model's answer holds numbers that are none: its weights are broken.");
        }
        for (int id = 0; id < byId.length; id++) {
            byId[id] /= sum;
        }
        // Σ −p·log₂ p with ln w = logit − max: one logarithm for all.
        entropyBits = (StrictMath.log(sum) - logs / sum) / LN_2;
    }

    /** The probability of a token. */
    public double probability(int id) {
        return byId[id];
    }

    /** The likeliest token, the smaller id among equals. */
    public int likeliest() {
        int best = 0;
        for (int id = 1; id < byId.length; id++) {
            best = logits[id] > logits[best] ? id : best;
        }
        return best;
    }

    /** The likeliest with a probability above 0, by falling probability. */
    public List<Candidate> top(int count) {
        return LogSoftmax.top(logits, count).stream()
                .filter(candidate -> byId[candidate.id()] > 0)
                .map(candidate -> new Candidate(candidate.id(), candidate.logit(), byId[candidate.id()]))
                .toList();
    }

    /** The probability of all that are not among {@code top}. */
    public double tail(List<Candidate> top) {
        boolean[] shown = new boolean[byId.length];
        top.forEach(candidate -> shown[candidate.id()] = true);
        double tail = 0;
        for (int id = 0; id < byId.length; id++) {
            tail += shown[id] ? 0 : byId[id];
        }
        return tail;
    }

    /** The place of an id by falling logit, from 1; equal ones share the better place. */
    public int rank(int id) {
        int rank = 1;
        for (float logit : logits) {
            rank += logit > logits[id] ? 1 : 0;
        }
        return rank;
    }

    /** The entropy, in bits. */
    public double entropyBits() {
        return entropyBits;
    }
}
