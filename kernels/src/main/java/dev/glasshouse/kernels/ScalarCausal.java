package dev.glasshouse.kernels;

import java.util.Arrays;

/**
 * The definition of causal attention over whole samples, and of its gradients. Forward it is {@link ScalarAttention} with
 * an F32 cache that holds the sample: blocks of 64 keys, merged in ascending order. Of each row and head M and S, what the
 * blocks merge into, are kept.
 *
 * <p>Backward, for row i of a query head and position j, with R = 1 / S:
 *
 * <ul>
 *   <li>D = Σ dOut·out over the head's values, each product added by one fma, in the order of {@link Lanes};
 *   <li>the score s as before it is scaled; P = e^(fma(s, scale, −M))·R for j ≤ i, else 0;
 *   <li>dP = Σ dOut·v, one fma chain over the head's values, ascending from +0; dS = P·(dP − D) for j ≤ i, else 0;
 *   <li>dq = scale · one fma chain of dS·k over j, ascending from +0;
 *   <li>dk = scale · one fma chain of dS·q, and dv one of P·dOut, both over the query heads of the key head and in each over
 *       i, ascending from +0.
 * </ul>
 *
 * <p>A pair takes part in a chain if ⌊j/32⌋ ≤ ⌊i/32⌋: so the zeros of the squares on the diagonal do, which tiles of up to 32
 * keys then need not tell apart (and which change nothing but a −0 or what is not finite). Every sum is thus the same
 * for any division of the work.
 */
final class ScalarCausal {
    private static final int BLOCK = KvLayout.BLOCK;
    /** Side of the squares on the diagonal whose zeros take part. */
    private static final int SQUARE = 32;

    private ScalarCausal() {}

    static void attend(CausalAttention a) {
        Row row = new Row(a.headSize());
        for (int i = 0; i < a.q().rows(); i++) {
            for (int head = 0; head < a.heads(); head++) {
                row.attend(a, i, head);
            }
        }
    }

    static void backward(CausalAttention a, Matrix dOut, Matrix dq, Matrix dk, Matrix dv) {
        Shapes.same(a.q(), dOut, dq);
        Shapes.same(a.k(), dk, dv);
        int size = a.headSize();
        int group = a.heads() / a.kvHeads();
        float[] zeros = new float[dk.cols()];
        for (int i = 0; i < dk.rows(); i++) {
            dk.setRow(i, zeros);
            dv.setRow(i, zeros);
        }
        for (int head = 0; head < a.heads(); head++) { // those of a key head are neighbours, ascending
            for (int i = 0; i < a.q().rows(); i++) {
                backward(a, i, head * size, head / group * size, dOut, dq, dk, dv);
            }
        }
        for (int i = 0; i < dk.rows(); i++) {
            scale(dq, i, a.scale());
            scale(dk, i, a.scale());
        }
    }

    /** Row i of a query head, whose values begin at col, against its keys, whose values begin at kvCol. */
    private static void backward(
            CausalAttention a, int i, int col, int kvCol, Matrix dOut, Matrix dq, Matrix dk, Matrix dv) {
        int size = a.headSize();
        int head = col / size;
        float max = a.statistics().get(i, 2 * head);
        float inverse = 1 / a.statistics().get(i, 2 * head + 1);
        float[] lanes = new float[Lanes.COUNT];
        for (int d = 0; d < size; d++) {
            int lane = d % Lanes.COUNT;
            lanes[lane] = Math.fma(dOut.get(i, col + d), a.out().get(i, col + d), lanes[lane]);
        }
        float mean = Lanes.sum(lanes);
        float[] sums = new float[size];
        int first = i - i % a.length();
        int end = Math.min(a.length(), (i - first) / SQUARE * SQUARE + SQUARE);
        for (int j = first; j < first + end; j++) {
            float p = 0;
            float ds = 0;
            if (j <= i) {
                float score = dot(a.q(), i, col, a.k(), j, kvCol, size);
                p = Maths.exp(Math.fma(score, a.scale(), -max)) * inverse;
                ds = p * (dot(dOut, i, col, a.v(), j, kvCol, size) - mean);
            }
            for (int d = 0; d < size; d++) {
                sums[d] = Math.fma(ds, a.k().get(j, kvCol + d), sums[d]);
                dk.set(j, kvCol + d, Math.fma(ds, a.q().get(i, col + d), dk.get(j, kvCol + d)));
                dv.set(j, kvCol + d, Math.fma(p, dOut.get(i, col + d), dv.get(j, kvCol + d)));
            }
        }
        for (int d = 0; d < size; d++) {
            dq.set(i, col + d, sums[d]);
        }
    }

    private static float dot(Matrix x, int row, int col, Matrix y, int yRow, int yCol, int size) {
        float sum = 0;
        for (int d = 0; d < size; d++) {
            sum = Math.fma(x.get(row, col + d), y.get(yRow, yCol + d), sum);
        }
        return sum;
    }

    private static void scale(Matrix x, int row, float scale) {
        for (int col = 0; col < x.cols(); col++) {
            x.set(row, col, scale * x.get(row, col));
        }
    }

    /** What the blocks of one row and head merge into. */
    private static final class Row {
        private final float[] weights = new float[BLOCK];
        private final float[] lanes = new float[Lanes.COUNT];
        private final float[] part;
        private final float[] values;
        private float max;
        private float sum;

        Row(int size) {
            part = new float[size];
            values = new float[size];
        }

        void attend(CausalAttention a, int i, int head) {
            int size = a.headSize();
            int kvCol = head / (a.heads() / a.kvHeads()) * size;
            int start = i - i % a.length();
            for (int first = start; first <= i; first += BLOCK) {
                block(a, i, head * size, kvCol, first, Math.min(BLOCK, i + 1 - first), first == start);
            }
            for (int d = 0; d < size; d++) {
                a.out().set(i, head * size + d, values[d] / sum);
            }
            a.statistics().set(i, 2 * head, max);
            a.statistics().set(i, 2 * head + 1, sum);
        }

        private void block(CausalAttention a, int i, int col, int kvCol, int first, int count, boolean only) {
            int size = part.length;
            for (int j = 0; j < count; j++) {
                weights[j] = dot(a.q(), i, col, a.k(), first + j, kvCol, size) * a.scale();
            }
            float partMax = Lanes.max(weights, count);
            for (int j = 0; j < count; j++) {
                weights[j] = Maths.exp(weights[j] - partMax);
            }
            float partSum = Lanes.sum(weights, count, lanes);
            Arrays.fill(part, 0);
            for (int j = 0; j < count; j++) {
                for (int d = 0; d < size; d++) {
                    part[d] = Math.fma(weights[j], a.v().get(first + j, kvCol + d), part[d]);
                }
            }
            merge(partMax, partSum, only);
        }

        private void merge(float partMax, float partSum, boolean only) {
            if (only) {
                max = partMax;
                sum = partSum;
                System.arraycopy(part, 0, values, 0, part.length);
                return;
            }
            float both = Math.max(max, partMax);
            float old = Maths.exp(max - both);
            float fresh = Maths.exp(partMax - both);
            max = both;
            sum = Math.fma(fresh, partSum, old * sum);
            for (int d = 0; d < part.length; d++) {
                values[d] = Math.fma(fresh, part[d], old * values[d]);
            }
        }
    }
}
