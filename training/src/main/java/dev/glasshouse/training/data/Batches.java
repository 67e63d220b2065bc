package dev.glasshouse.training.data;

import dev.glasshouse.training.TokenBatch;
import java.util.Arrays;

/** Puts samples together. */
public final class Batches {
    private Batches() {}

    /**
     * Samples {@code from … to − 1} of a training step. Behind the last token the first one follows.
     *
     * @param length tokens of a sample, as the order was made for
     */
    public static TokenBatch batch(DataSet data, SampleOrder order, long step, int from, int to, int length) {
        int samples = to - from;
        int[] ids = new int[Math.multiplyExact(samples, length)];
        int[] targets = new int[ids.length];
        long[] numbers = new long[samples];
        int[] text = new int[length + 1];
        for (int i = 0; i < samples; i++) {
            numbers[i] = order.number(step, from + i);
            data.readAround(Split.TRAIN, order.start(step, from + i), text);
            System.arraycopy(text, 0, ids, i * length, length);
            System.arraycopy(text, 1, targets, i * length, length);
        }
        return new TokenBatch(length, ids, targets, numbers);
    }

    /** The windows of length {@code length} that the whole validation split is cut into. */
    public static long validationSamples(DataSet data, int length) {
        return Math.max(0, data.tokens(Split.VALIDATION) - 1 + length - 1) / length;
    }

    /**
     * Windows {@code from … to − 1} of the validation split. Every token but the first is a target exactly once; behind the end of the last
     * window token 0 stands without a target.
     */
    public static TokenBatch validation(DataSet data, long from, long to, int length) {
        int samples = Math.toIntExact(to - from);
        int[] ids = new int[Math.multiplyExact(samples, length)];
        int[] targets = new int[ids.length];
        long[] numbers = new long[samples];
        Arrays.fill(targets, -1);
        long tokens = data.tokens(Split.VALIDATION);
        for (int i = 0; i < samples; i++) {
            numbers[i] = from + i;
            long start = (from + i) * length;
            int[] text = new int[(int) Math.min(length + 1L, tokens - start)];
            data.read(Split.VALIDATION, start, text);
            System.arraycopy(text, 0, ids, i * length, Math.min(length, text.length));
            System.arraycopy(text, 1, targets, i * length, text.length - 1);
        }
        return new TokenBatch(length, ids, targets, numbers);
    }

    /**
     * Documents {@code from … to − 1} of the validation split, a sample each: its first {@code length} tokens from its beginning. What
     * follows the document has no target, so the mean is that of whole documents.
     */
    public static TokenBatch validationDocuments(DataSet data, long from, long to, int length) {
        int samples = Math.toIntExact(to - from);
        int[] ids = new int[Math.multiplyExact(samples, length)];
        int[] targets = new int[ids.length];
        long[] numbers = new long[samples];
        Arrays.fill(targets, -1);
        for (int i = 0; i < samples; i++) {
            numbers[i] = from + i;
            long start = data.documentStart(Split.VALIDATION, from + i);
            boolean last = from + i + 1 == data.documents(Split.VALIDATION);
            long end = last ? data.tokens(Split.VALIDATION) : data.documentStart(Split.VALIDATION, from + i + 1);
            int[] text = new int[(int) Math.min(length + 1L, end - start)];
            data.read(Split.VALIDATION, start, text);
            System.arraycopy(text, 0, ids, i * length, Math.min(length, text.length));
            System.arraycopy(text, 1, targets, i * length, text.length - 1);
        }
        return new TokenBatch(length, ids, targets, numbers);
    }
}
