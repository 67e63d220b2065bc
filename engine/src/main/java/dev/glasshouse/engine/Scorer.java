package dev.glasshouse.engine;

import dev.glasshouse.network.Output;
import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import java.util.Arrays;

/** Reads a text and says how likely each token was. */
final class Scorer {
    /** Logits that are in memory at once. */
    private static final long MAX_LOGITS = 8L << 20;

    private final Tokenizer tokenizer;
    private final Core core;
    private final int rows;

    Scorer(Core core) {
        this.core = core;
        tokenizer = core.tokenizer;
        rows = rows(core.vocabulary(), core.options.chunk());
    }

    /** Rows with logits that go through the network at once. */
    static int rows(int vocabulary, int chunk) {
        return Math.clamp(MAX_LOGITS / vocabulary, 1, chunk);
    }

    /** Scores the tokens after position {@code first}; what comes before is read only. */
    Score score(int[] ids, int first, Cancellation cancellation, ScoreListener listener) {
        core.check("The text", ids);
        return core.background(cancellation, () -> {
            try (Feeder feeder = new Feeder(core, Turns.Kind.BACKGROUND, cancellation)) {
                return score(feeder, ids, first, cancellation, listener);
            }
        });
    }

    private Score score(Feeder feeder, int[] ids, int first, Cancellation cancellation, ScoreListener listener) {
        double sum = 0;
        int tokens = 0;
        long bytes = 0;
        float[][] copies = new float[rows][];
        if (!feeder.fresh()) {
            throw Core.cancelled();
        }
        for (int start = 0; start < ids.length; start += rows) {
            if (cancellation.cancelled()) {
                throw Core.cancelled();
            }
            int from = start;
            int end = Math.min(ids.length, start + rows);
            int wanted = Math.clamp(first, start, end);
            if (feeder.turn(sequence -> read(sequence, ids, from, end, wanted, copies))
                    .isEmpty()) {
                throw Core.cancelled();
            }
            for (int position = wanted; position < end; position++) {
                float[] logits = copies[position - wanted];
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

    /** Copies the answers, since the network's memory is somebody else's after the turn. */
    private boolean read(Sequence sequence, int[] ids, int start, int end, int wanted, float[][] copies) {
        Output output = sequence.feed(Arrays.copyOfRange(ids, start, end), wanted - start);
        for (int i = 0; i < end - wanted; i++) {
            if (copies[i] == null) {
                copies[i] = new float[core.vocabulary()];
            }
            Rows.copy(output.logits(), i, copies[i]);
        }
        return true;
    }
}
