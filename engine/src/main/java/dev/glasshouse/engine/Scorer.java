package dev.glasshouse.engine;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.Output;
import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;

/** Reads a text and says how likely each token was. */
final class Scorer {
    /** Logits that are in memory at once. */
    private static final long MAX_LOGITS = 8L << 20;

    private final Tokenizer tokenizer;
    private final Sequence sequence;
    private final float[] logits;
    private final int rows;

    Scorer(Tokenizer tokenizer, Sequence sequence, int vocabulary, int chunk) {
        this.tokenizer = tokenizer;
        this.sequence = sequence;
        logits = new float[vocabulary];
        rows = rows(vocabulary, chunk);
    }

    /** Rows with logits that go through the network at once. */
    static int rows(int vocabulary, int chunk) {
        return Math.clamp(MAX_LOGITS / vocabulary, 1, chunk);
    }

    /** Scores the tokens after position {@code first}; what comes before is read only. */
    Score score(int[] ids, int first, Cancellation cancellation, ScoreListener listener) {
        sequence.clear();
        double sum = 0;
        int tokens = 0;
        long bytes = 0;
        for (int start = 0; start < ids.length; start += rows) {
            if (cancellation.cancelled()) {
                throw new CancellationException("The scoring was cancelled.");
            }
            int end = Math.min(ids.length, start + rows);
            int wanted = Math.clamp(first, start, end);
            Output output = sequence.feed(Arrays.copyOfRange(ids, start, end), wanted - start);
            for (int position = wanted; position < end; position++) {
                read(output.logits(), position - wanted);
                boolean last = position == ids.length - 1;
                int next = last ? -1 : ids[position + 1];
                double logProbability = last ? Double.NaN : logits[next] - LogSoftmax.logSum(logits);
                if (!last && Double.isNaN(logProbability)) {
                    throw new GlassException("The model's answer at position " + position
                            + " holds numbers that are none: its weights are broken.");
                }
                if (!last) {
                    sum += logProbability;
                    tokens++;
                    bytes += tokenizer.kind(next) == TokenKind.CONTROL ? 0 : tokenizer.bytes(next).length;
                }
                listener.position(position, logits, next, logProbability);
            }
        }
        return new Score(tokens, bytes, sum);
    }

    private void read(Matrix matrix, int row) {
        Rows.copy(matrix, row, logits);
    }
}
