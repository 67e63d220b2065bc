package dev.glasshouse.sampling;

import java.util.Map;

/**
 * Keeps the fewest likeliest whose probabilities reach p together (nucleus sampling, Holtzman et al. 2019). The running
 * sum is F32. Of more than 1,024 unsorted candidates only the 256 greatest are sorted at first.
 */
public final class TopPStage implements SamplerStage {
    private static final int SORT_ALL = 1024;
    private static final int SORT_FIRST = 256;

    private final float p;
    private final int minKeep;

    /** Off for p ≥ 1; keeps at least {@code minKeep}. */
    public TopPStage(float p, int minKeep) {
        this.p = p;
        this.minKeep = minKeep;
    }

    @Override
    public String name() {
        return StageKind.TOP_P.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(Parameter.TOP_P, p, Parameter.MIN_KEEP, minKeep);
    }

    @Override
    public boolean active() {
        return p < 1;
    }

    @Override
    public void apply(Candidates candidates) {
        if (!active()) {
            return;
        }
        candidates.softmax(false);
        if (!candidates.sorted() && candidates.size() > SORT_ALL) {
            Candidates.Sorted greatest = candidates.greatest(SORT_FIRST);
            int kept = prefix(greatest.probabilities(), SORT_FIRST);
            if (kept > SORT_FIRST) {
                greatest = candidates.greatest(candidates.size());
                kept = Math.min(prefix(greatest.probabilities(), candidates.size()), candidates.size());
            }
            candidates.replace(greatest, kept);
            return;
        }
        candidates.sort();
        float sum = 0;
        for (int i = 0; i < candidates.size(); i++) {
            sum += candidates.probability(i);
            if (sum >= p && i + 1 >= minKeep) {
                candidates.truncate(i + 1);
                return;
            }
        }
    }

    /** How many of the sorted probabilities are kept; more than {@code count} if those do not reach p. */
    private int prefix(float[] probabilities, int count) {
        float sum = 0;
        for (int i = 0; i < count; i++) {
            sum += probabilities[i];
            if (sum >= p && i + 1 >= minKeep) {
                return i + 1;
            }
        }
        return count + 1;
    }

    @Override
    public TopPStage copy() {
        return this;
    }
}
