package dev.glasshouse.sampling;

import java.util.Arrays;
import java.util.Map;

/**
 * Penalties on what was taken among the last n tokens: a positive logit is divided by {@code repeat}, another multiplied
 * by it (Keskar et al. 2019, with the usual mend for negative logits); then {@code count · frequency + presence} is
 * taken off.
 */
public final class PenaltiesStage implements SamplerStage {
    private final int lastN;
    private final float repeat;
    private final float frequency;
    private final float presence;
    private final int[] counts;
    private final int[] last;
    private int seen;

    /**
     * @param vocabulary number of tokens
     * @param lastN how many tokens back count; 0 or less: off
     */
    public PenaltiesStage(int vocabulary, int lastN, float repeat, float frequency, float presence) {
        this.lastN = Math.max(lastN, 0);
        this.repeat = repeat;
        this.frequency = frequency;
        this.presence = presence;
        boolean used = active();
        counts = new int[used ? vocabulary : 0];
        last = new int[used ? this.lastN : 0];
    }

    private PenaltiesStage(PenaltiesStage other) {
        lastN = other.lastN;
        repeat = other.repeat;
        frequency = other.frequency;
        presence = other.presence;
        counts = other.counts.clone();
        last = other.last.clone();
        seen = other.seen;
    }

    @Override
    public String name() {
        return StageKind.PENALTIES.fullName();
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                Parameter.PENALTY_LAST_N, lastN,
                Parameter.PENALTY_REPEAT, repeat,
                Parameter.PENALTY_FREQUENCY, frequency,
                Parameter.PENALTY_PRESENCE, presence);
    }

    @Override
    public boolean active() {
        return lastN > 0 && (repeat != 1 || frequency != 0 || presence != 0);
    }

    @Override
    public void apply(Candidates candidates) {
        if (!active()) {
            return;
        }
        for (int i = 0; i < candidates.size(); i++) {
            int count = counts[candidates.id(i)];
            if (count > 0) {
                float logit = candidates.logit(i);
                float penalised = logit <= 0 ? logit * repeat : logit / repeat;
                candidates.setLogit(i, penalised - (count * frequency + presence));
            }
        }
        candidates.unsorted();
    }

    @Override
    public void accept(int id) {
        if (!active()) {
            return;
        }
        int at = seen % lastN;
        if (seen >= lastN) {
            counts[last[at]]--;
        }
        last[at] = id;
        counts[id]++;
        // Wraps to lastN, never below it, so that a full ring stays full.
        seen = seen + 1 == 2 * lastN ? lastN : seen + 1;
    }

    @Override
    public PenaltiesStage copy() {
        return new PenaltiesStage(this);
    }

    @Override
    public String toString() {
        return name() + Arrays.toString(last);
    }
}
