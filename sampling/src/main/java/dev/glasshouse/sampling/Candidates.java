package dev.glasshouse.sampling;

import dev.glasshouse.weights.GlassException;
import java.util.Arrays;

/**
 * The list that the network hands over at each step: every token of the vocabulary with its logit, in parallel arrays,
 * no object a candidate. Stages change logits, drop candidates and reorder the list; its order matters, since the draw
 * walks along it.
 *
 * <p>A masked candidate stays in the list with the logit −∞. Probabilities are F32, {@code exp(logit − max)} divided by
 * their running F32 sum, as llama.cpp computes them, and valid only after a {@link #softmax}.
 */
public final class Candidates {
    /** Up to this many, the greatest are picked out by a heap; beyond, by buckets. */
    private static final int HEAP_LIMIT = 128;

    private static final int BUCKETS = 128;
    private static final float BUCKET_SCALE = BUCKETS / 20f;
    private static final float BUCKET_ZERO = 10f * BUCKET_SCALE;

    private final int vocabulary;
    private final float[] logits;
    private final int[] ids;
    private final float[] probabilities;
    private final DescendingSort order;
    private int size;
    private boolean sorted;
    private boolean changed;

    /** Room for a vocabulary of this many tokens. */
    public Candidates(int vocabulary) {
        if (vocabulary <= 0) {
            throw new IllegalArgumentException("a vocabulary of " + vocabulary + " tokens");
        }
        this.vocabulary = vocabulary;
        logits = new float[vocabulary];
        ids = new int[vocabulary];
        probabilities = new float[vocabulary];
        order = new DescendingSort(logits, ids, probabilities);
    }

    /** An independent copy. */
    Candidates(Candidates other) {
        this(other.vocabulary);
        System.arraycopy(other.logits, 0, logits, 0, other.size);
        System.arraycopy(other.ids, 0, ids, 0, other.size);
        System.arraycopy(other.probabilities, 0, probabilities, 0, other.size);
        size = other.size;
        sorted = other.sorted;
        changed = other.changed;
    }

    /**
     * Starts anew with the network's logits, in order of the ids.
     *
     * @throws GlassException if a logit is NaN or +∞, or none is finite: broken weights
     */
    public void load(float[] raw) {
        if (raw.length != vocabulary) {
            throw new IllegalArgumentException(raw.length + " logits for a vocabulary of " + vocabulary);
        }
        boolean any = false;
        for (int i = 0; i < vocabulary; i++) {
            float logit = raw[i];
            if (Float.isNaN(logit) || logit == Float.POSITIVE_INFINITY) {
                throw new GlassException("The network's logit for token " + i + " is " + logit
                        + ". The model's weights are broken, or its values overflow; fetch or quantise it again.");
            }
            any |= logit != Float.NEGATIVE_INFINITY;
            logits[i] = logit;
            ids[i] = i;
        }
        if (!any) {
            throw new GlassException("All of the network's logits are −∞. The model's weights are broken.");
        }
        size = vocabulary;
        sorted = false;
        changed = false;
    }

    /** How many are left, masked ones included. */
    public int size() {
        return size;
    }

    /** The size of the vocabulary. */
    public int vocabulary() {
        return vocabulary;
    }

    /** Whether the list is known to be in order of falling logits. */
    public boolean sorted() {
        return sorted;
    }

    /** The token at a place of the list. */
    public int id(int place) {
        return ids[place];
    }

    /** The logit at a place of the list. */
    public float logit(int place) {
        return logits[place];
    }

    /** The probability at a place of the list, as of the last {@link #softmax}. */
    public float probability(int place) {
        return probabilities[place];
    }

    /** Changes a logit; the caller says {@link #unsorted} where that can change the order. */
    public void setLogit(int place, float logit) {
        changed |= logits[place] != logit;
        logits[place] = logit;
    }

    /** Whether a logit has changed or a candidate been dropped since the load or {@link #unchanged}. */
    boolean changed() {
        return changed;
    }

    void unchanged() {
        changed = false;
    }

    void setProbability(int place, float probability) {
        probabilities[place] = probability;
    }

    /** Says that the order may no longer be that of falling logits. */
    public void unsorted() {
        sorted = false;
    }

    /** Drops all from this place on. */
    public void truncate(int newSize) {
        if (newSize < 1 || newSize > size) {
            throw new IllegalArgumentException("cut " + size + " candidates to " + newSize);
        }
        resize(newSize);
    }

    /** Drops the first {@code count}. */
    public void dropFirst(int count) {
        if (count < 0 || count >= size) {
            throw new IllegalArgumentException("drop the first " + count + " of " + size);
        }
        System.arraycopy(ids, count, ids, 0, size - count);
        System.arraycopy(logits, count, logits, 0, size - count);
        System.arraycopy(probabilities, count, probabilities, 0, size - count);
        resize(size - count);
    }

    /** Keeps the given places, in that order. */
    void keep(int[] places, int count) {
        int[] keptIds = new int[count];
        float[] keptLogits = new float[count];
        float[] keptProbabilities = new float[count];
        for (int i = 0; i < count; i++) {
            keptIds[i] = ids[places[i]];
            keptLogits[i] = logits[places[i]];
            keptProbabilities[i] = probabilities[places[i]];
        }
        replaceFirst(keptIds, keptLogits, keptProbabilities, count);
    }

    /** Keeps those with at least this logit, in their order. */
    void keepFrom(float least) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (logits[i] >= least) {
                ids[kept] = ids[i];
                logits[kept] = logits[i];
                probabilities[kept] = probabilities[i];
                kept++;
            }
        }
        resize(kept);
    }

    float maxLogit() {
        if (sorted) {
            return logits[0];
        }
        float max = logits[0];
        for (int i = 1; i < size; i++) {
            max = Math.max(max, logits[i]);
        }
        return max;
    }

    /** The greatest logit, wherever it stands; −∞ if all are masked. */
    float greatestLogit() {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            max = logits[i] > max ? logits[i] : max;
        }
        return max;
    }

    /** The first place with the greatest logit. */
    int greatestPlace() {
        int place = 0;
        for (int i = 1; i < size; i++) {
            place = logits[i] > logits[place] ? i : place;
        }
        return place;
    }

    /** Computes the probabilities; sorts first if asked to and not yet sorted. */
    public void softmax(boolean sort) {
        if (sort) {
            sort();
        }
        float max = maxLogit();
        float sum = 0;
        for (int i = 0; i < size; i++) {
            float p = FloatMath.exp(logits[i] - max);
            probabilities[i] = p;
            sum += p;
        }
        for (int i = 0; i < size; i++) {
            probabilities[i] /= sum;
        }
    }

    /** Sorts by falling logit. */
    public void sort() {
        keepGreatest(size);
    }

    /** Keeps the {@code count} (1 … size) greatest, sorted by falling logit. */
    public void keepGreatest(int count) {
        if (!sorted) {
            if (count <= HEAP_LIMIT) {
                order.partialSort(0, count, size);
            } else {
                Sorted greatest = greatest(count);
                replaceFirst(greatest.ids, greatest.logits, greatest.probabilities, count);
            }
            sorted = true;
        }
        resize(count);
    }

    private void resize(int count) {
        changed |= count != size;
        size = count;
    }

    /** The candidates of one sort that leaves the list itself alone; valid are the first {@code count} asked for. */
    record Sorted(int[] ids, float[] logits, float[] probabilities) {}

    /**
     * The {@code count} greatest by falling logit. Candidates are dealt, in order, into 128 buckets over logits −10 … 10;
     * the buckets from the top that hold {@code count} together are sorted, the lowest of them only as far as needed.
     */
    Sorted greatest(int count) {
        int[] bucketOf = new int[size];
        int[] histogram = new int[BUCKETS];
        for (int i = 0; i < size; i++) {
            int bucket = Math.clamp((int) (BUCKET_SCALE * logits[i] + BUCKET_ZERO), 0, BUCKETS - 1);
            bucketOf[i] = bucket;
            histogram[bucket]++;
        }
        int lowest = BUCKETS - 1;
        int have = histogram[lowest];
        while (have < count) {
            lowest--;
            have += histogram[lowest];
        }
        int[] fill = new int[BUCKETS];
        for (int bucket = BUCKETS - 2; bucket >= lowest; bucket--) {
            fill[bucket] = fill[bucket + 1] + histogram[bucket + 1];
        }
        Sorted result = new Sorted(new int[have], new float[have], new float[have]);
        for (int i = 0; i < size; i++) {
            if (bucketOf[i] >= lowest) {
                int at = fill[bucketOf[i]]++;
                result.ids[at] = ids[i];
                result.logits[at] = logits[i];
                result.probabilities[at] = probabilities[i];
            }
        }
        DescendingSort sort = new DescendingSort(result.logits, result.ids, result.probabilities);
        int first = 0;
        for (int bucket = BUCKETS - 1; bucket > lowest; bucket--) {
            sort.sort(first, first + histogram[bucket]);
            first += histogram[bucket];
        }
        sort.partialSort(first, count, have);
        return result;
    }

    /** Makes a sorted selection the list. */
    void replace(Sorted selection, int count) {
        replaceFirst(selection.ids, selection.logits, selection.probabilities, count);
        sorted = true;
    }

    private void replaceFirst(int[] newIds, float[] newLogits, float[] newProbabilities, int count) {
        System.arraycopy(newIds, 0, ids, 0, count);
        System.arraycopy(newLogits, 0, logits, 0, count);
        System.arraycopy(newProbabilities, 0, probabilities, 0, count);
        resize(count);
    }

    /** A copy of the ids left, in order. */
    public int[] toIds() {
        return Arrays.copyOf(ids, size);
    }
}
