package dev.glasshouse.sampling;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds a number to the logits of given tokens; −∞ bans a token. Always the first stage. */
public final class LogitBiasStage implements SamplerStage {
    static final String NAME = "logit_bias";

    private final SortedMap<Integer, Float> biases;

    /** Biases by token id; ids beyond the vocabulary have no effect. */
    public LogitBiasStage(Map<Integer, Float> biases) {
        this.biases = new TreeMap<>(biases);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of(Parameter.LOGIT_BIAS.name(), biases);
    }

    @Override
    public boolean active() {
        return !biases.isEmpty();
    }

    @Override
    public void apply(Candidates candidates) {
        if (biases.isEmpty()) {
            return;
        }
        for (Map.Entry<Integer, Float> entry : biases.entrySet()) {
            int place = place(candidates, entry.getKey());
            if (place >= 0) {
                candidates.setLogit(place, candidates.logit(place) + entry.getValue());
            }
        }
        candidates.unsorted();
    }

    /** Where a token stands; in a fresh list at the place of its id. */
    private static int place(Candidates candidates, int id) {
        if (id >= 0 && id < candidates.size() && candidates.id(id) == id) {
            return id;
        }
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.id(i) == id) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public LogitBiasStage copy() {
        return this;
    }
}
