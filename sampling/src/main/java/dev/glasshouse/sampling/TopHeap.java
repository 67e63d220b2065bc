package dev.glasshouse.sampling;

import java.util.Arrays;
import java.util.List;

/** The greatest of many candidates by logit, the smaller id first among equals: a heap in arrays, the least on top. */
final class TopHeap {
    private final int[] ids;
    private final float[] logits;
    private final double[] weights;
    private int size;
    /** The least logit once the heap is full. */
    private float bar;

    TopHeap(int capacity) {
        ids = new int[capacity];
        logits = new float[capacity];
        weights = new double[capacity];
        reset();
    }

    private void reset() {
        bar = ids.length == 0 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
    }

    /** Whether it is full of greater logits. */
    boolean refuses(float logit) {
        return logit < bar;
    }

    /** Takes a candidate in, if it is among the greatest; returns the weight of what is left out for that. */
    double offer(int id, float logit, double weight) {
        if (size < ids.length) {
            int hole = size++;
            int parent = (hole - 1) / 2;
            while (hole > 0 && less(logit, id, logits[parent], ids[parent])) {
                move(parent, hole);
                hole = parent;
                parent = (hole - 1) / 2;
            }
            put(hole, id, logit, weight);
            bar = size == ids.length ? logits[0] : bar;
            return 0;
        }
        if (size == 0 || !less(logits[0], ids[0], logit, id)) {
            return weight;
        }
        double out = weights[0];
        sift(id, logit, weight);
        bar = logits[0];
        return out;
    }

    /** Empties the heap into a list, the greatest first, each with its share of {@code sum}. */
    List<Candidate> take(double sum) {
        Candidate[] falling = new Candidate[size];
        while (size > 0) {
            falling[size - 1] = new Candidate(ids[0], logits[0], weights[0] / sum);
            size--;
            sift(ids[size], logits[size], weights[size]);
        }
        reset();
        return List.copyOf(Arrays.asList(falling));
    }

    private static boolean less(float logit, int id, float otherLogit, int otherId) {
        return logit < otherLogit || (logit == otherLogit && id > otherId);
    }

    /** Puts an element in the place of the top and lets it sink. */
    private void sift(int id, float logit, double weight) {
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && less(logits[child + 1], ids[child + 1], logits[child], ids[child])) {
                child++;
            }
            if (!less(logits[child], ids[child], logit, id)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        if (size > 0) {
            put(hole, id, logit, weight);
        }
    }

    private void move(int from, int to) {
        put(to, ids[from], logits[from], weights[from]);
    }

    private void put(int at, int id, float logit, double weight) {
        ids[at] = id;
        logits[at] = logit;
        weights[at] = weight;
    }
}
