package dev.glasshouse;

import dev.glasshouse.engine.LogSoftmax;
import dev.glasshouse.engine.ScoreListener;
import dev.glasshouse.engine.Softmax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores the tokens of a path over the tokenizer's vocabulary, as the record of a step does. */
final class PathScore implements ScoreListener {
    private final List<Session.Node> path;
    private final int vocabulary;
    private final List<Session.Scored> scored = new ArrayList<>();

    PathScore(List<Session.Node> path, int vocabulary) {
        this.path = path;
        this.vocabulary = vocabulary;
    }

    List<Session.Scored> scored() {
        return scored;
    }

    @Override
    public void position(int position, float[] logits, int next, double logProbability) {
        if (next < 0) {
            return;
        }
        float[] own = vocabulary < logits.length ? Arrays.copyOf(logits, vocabulary) : logits;
        Softmax softmax = new Softmax(own);
        double p = softmax.probability(next);
        // A probability below what F64 holds still has a logarithm.
        double log = p > 0 ? StrictMath.log(p) : own[next] - LogSoftmax.logSum(own);
        scored.add(new Session.Scored(path.get(position + 1).number(), log, softmax.entropyBits(), softmax.rank(next)));
    }
}
