package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import java.util.List;

/** A token taken, as listeners see it. */
record TakenToken(int index, int id, boolean end, float[] logits) implements TokenEvent {
    @Override
    public List<Candidate> candidates(int top) {
        return LogSoftmax.top(logits, top);
    }

    @Override
    public double logProbability() {
        return logits[id] - LogSoftmax.logSum(logits);
    }
}
