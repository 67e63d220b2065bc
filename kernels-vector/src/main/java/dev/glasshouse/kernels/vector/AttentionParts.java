package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.Maths;
import java.util.Arrays;

/** A largest score, a sum of weights and weighted values for each of some queries: of one block, or merged so far. */
final class AttentionParts {
    /** A sum that marks a query that has seen nothing; real ones are not negative. */
    private static final float NOTHING = -1;

    private float[] maxima = new float[0];
    private float[] sums = new float[0];
    private float[] values = new float[0];
    private int stride;

    /** Makes room for {@code count} queries of {@code stride} values that have seen nothing. */
    void clear(int count, int stride) {
        this.stride = stride;
        if (maxima.length < count) {
            maxima = new float[count + count / 2];
            sums = new float[count + count / 2];
        }
        if (values.length < count * stride) {
            values = new float[(count + count / 2) * stride];
        }
        Arrays.fill(sums, 0, count, NOTHING);
    }

    void set(int query, float max, float sum) {
        maxima[query] = max;
        sums[query] = sum;
    }

    /** Where the weighted values are; those of a query start at query · stride. */
    float[] values() {
        return values;
    }

    /** The rule of the definition, for one query. */
    void merge(int query, AttentionParts parts, int part) {
        float partSum = parts.sums[part];
        if (partSum == NOTHING) {
            return;
        }
        if (sums[query] == NOTHING) {
            set(query, parts.maxima[part], partSum);
            System.arraycopy(parts.values, part * stride, values, query * stride, stride);
            return;
        }
        float max = Math.max(maxima[query], parts.maxima[part]);
        float old = Maths.exp(maxima[query] - max);
        float fresh = Maths.exp(parts.maxima[part] - max);
        set(query, max, Math.fma(fresh, partSum, old * sums[query]));
        AttentionKernels.merge(old, fresh, values, query * stride, parts.values, part * stride, stride);
    }

    /** Divides by the sum, in place; zeros for a query that has seen nothing. */
    void finish(int query) {
        if (sums[query] == NOTHING) {
            Arrays.fill(values, query * stride, (query + 1) * stride, 0);
        } else {
            AttentionKernels.divide(values, query * stride, stride, sums[query]);
        }
    }
}
