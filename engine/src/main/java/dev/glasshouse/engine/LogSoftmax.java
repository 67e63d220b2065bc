package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Probabilities of a row of logits, in F64. */
public final class LogSoftmax {
    private LogSoftmax() {}

    /** ln Σ exp(logit). */
    public static double logSum(float[] logits) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp((double) logit - max);
        }
        return max + StrictMath.log(sum);
    }

    /** The likeliest, by falling probability, the smaller id first among equals. */
    public static List<Candidate> top(float[] logits, int count) {
        PriorityQueue<Candidate> least = new PriorityQueue<>((a, b) ->
                a.logit() != b.logit() ? Float.compare(a.logit(), b.logit()) : Integer.compare(b.id(), a.id()));
        double logSum = logSum(logits);
        for (int id = 0; id < logits.length && count > 0; id++) {
            boolean room = least.size() < count;
            if (room || logits[id] > least.element().logit()) {
                if (!room) {
                    least.remove();
                }
                least.add(new Candidate(id, logits[id], StrictMath.exp(logits[id] - logSum)));
            }
        }
        List<Candidate> top = new ArrayList<>(least.size());
        while (!least.isEmpty()) {
            top.addFirst(least.remove());
        }
        return top;
    }
}
