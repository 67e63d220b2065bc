package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import java.util.List;

/** A pick, as choosers see it. */
record Offer(int id, float[] logits) implements TokenChooser.Candidates {
    @Override
    public List<Candidate> top(int count) {
        return LogSoftmax.top(logits, count);
    }
}
