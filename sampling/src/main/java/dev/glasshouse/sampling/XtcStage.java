package dev.glasshouse.sampling;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * "Exclude top choices": with the given probability, all candidates of at least {@code threshold} are dropped but the
 * least likely of them. Draws from a generator of its own with the chain's seed: one output / 2³² in F32 a step; none
 * where one candidate is left.
 */
public final class XtcStage implements ChanceStage {
    private final float probability;
    private final float threshold;
    private final int minKeep;
    private final MersenneTwister generator;
    private boolean drew;
    private float u;

    /** Off for probability ≤ 0 or threshold &gt; 0.5; drops nothing where fewer than {@code minKeep} would be left. */
    public XtcStage(float probability, float threshold, int minKeep, int seed) {
        this(probability, threshold, minKeep, new MersenneTwister(seed));
    }

    private XtcStage(float probability, float threshold, int minKeep, MersenneTwister generator) {
        this.probability = probability;
        this.threshold = threshold;
        this.minKeep = minKeep;
        this.generator = generator;
    }

    @Override
    public String name() {
        return StageKind.XTC.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                Parameter.XTC_PROBABILITY, probability,
                Parameter.XTC_THRESHOLD, threshold,
                Parameter.MIN_KEEP, minKeep);
    }

    @Override
    public boolean active() {
        return probability > 0 && threshold <= 0.5f;
    }

    @Override
    public boolean decide(Candidates candidates) {
        drew = active() && candidates.size() >= 2;
        if (!drew) {
            return false;
        }
        u = generator.nextFloat();
        return u <= probability;
    }

    @Override
    public void act(Candidates candidates, boolean strikes) {
        if (!strikes) {
            return;
        }
        candidates.softmax(true);
        int last = 0;
        for (int i = 0; i < candidates.size() && candidates.probability(i) >= threshold; i++) {
            last = i;
        }
        if (last > 0 && candidates.size() - last >= minKeep) {
            candidates.dropFirst(last);
        }
    }

    @Override
    public Optional<Draw> lastDraw() {
        if (!drew) {
            return Optional.empty();
        }
        return Optional.of(new Draw(
                name(),
                Draw.MT19937,
                generator.seed(),
                generator.outputs() - 1,
                u,
                OptionalInt.empty(),
                0,
                probability,
                List.of()));
    }

    @Override
    public XtcStage copy() {
        XtcStage copy = new XtcStage(probability, threshold, minKeep, new MersenneTwister(generator));
        copy.drew = drew;
        copy.u = u;
        return copy;
    }
}
