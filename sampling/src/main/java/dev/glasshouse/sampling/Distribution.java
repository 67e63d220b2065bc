package dev.glasshouse.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** The probabilities of candidates at one moment, in F64 and by token id, for the record. */
final class Distribution {
    private final double[] byId;
    private final float[] logits;
    private final int kept;

    Distribution(Candidates candidates) {
        byId = new double[candidates.vocabulary()];
        logits = new float[candidates.vocabulary()];
        float max = Float.NEGATIVE_INFINITY;
        int finite = 0;
        for (int i = 0; i < candidates.size(); i++) {
            max = Math.max(max, candidates.logit(i));
            finite += candidates.logit(i) > Float.NEGATIVE_INFINITY ? 1 : 0;
        }
        kept = finite;
        double sum = 0;
        for (int i = 0; i < candidates.size() && finite > 0; i++) {
            double weight = StrictMath.exp((double) candidates.logit(i) - max);
            int id = candidates.id(i);
            byId[id] = weight;
            logits[id] = candidates.logit(i);
            sum += weight;
        }
        for (int id = 0; id < byId.length && sum > 0; id++) {
            byId[id] /= sum;
        }
    }

    int size() {
        return byId.length;
    }

    int kept() {
        return kept;
    }

    double probability(int id) {
        return byId[id];
    }

    /** How much of an earlier distribution is on candidates that this one no longer has. */
    double cutFrom(Distribution before) {
        double cut = 0;
        for (int id = 0; id < byId.length; id++) {
            if (byId[id] == 0) {
                cut += before.byId[id];
            }
        }
        return cut;
    }

    /** Places by falling probability, from 1; equal ones share the better place. */
    int rank(int id) {
        int rank = 1;
        for (double p : byId) {
            rank += p > byId[id] ? 1 : 0;
        }
        return rank;
    }

    double entropyBits() {
        double entropy = 0;
        for (double p : byId) {
            if (p > 0) {
                entropy -= p * StrictMath.log(p);
            }
        }
        return entropy / StrictMath.log(2);
    }

    /** The {@code count} likeliest with a probability above 0, the smaller id first among equals. */
    List<Candidate> top(int count) {
        PriorityQueue<Candidate> least = new PriorityQueue<>((a, b) -> a.probability() != b.probability()
                ? Double.compare(a.probability(), b.probability())
                : Integer.compare(b.id(), a.id()));
        for (int id = 0; id < byId.length; id++) {
            boolean room = least.size() < count;
            if (byId[id] > 0
                    && (room || (count > 0 && byId[id] > least.element().probability()))) {
                if (!room) {
                    least.remove();
                }
                least.add(new Candidate(id, logits[id], byId[id]));
            }
        }
        List<Candidate> top = new ArrayList<>(least.size());
        while (!least.isEmpty()) {
            top.addFirst(least.remove());
        }
        return top;
    }

    /** The probability of all that are not among {@code top}. */
    double tail(List<Candidate> top) {
        boolean[] shown = new boolean[byId.length];
        top.forEach(candidate -> shown[candidate.id()] = true);
        double tail = 0;
        for (int id = 0; id < byId.length; id++) {
            tail += shown[id] ? 0 : byId[id];
        }
        return tail;
    }
}
