package dev.glasshouse.training;

import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Metadata;

/** Tokens from a formula: a rhythm that can be learnt, some noise, and some targets that do not count. */
final class Formula {
    private final TrainingConfig config;

    Formula(TrainingConfig config) {
        this.config = config;
    }

    private int vocabulary() {
        return config.model().vocabulary();
    }

    private int token(long sample, int at) {
        long noise = Keys.of(sample, at);
        return (int) ((sample + 3L * at + (noise >>> 61 == 0 ? noise >>> 40 : 0)) % vocabulary());
    }

    TokenBatch batch(long step) {
        int length = config.length();
        int[] ids = new int[config.batch() * length];
        int[] targets = new int[ids.length];
        long[] samples = new long[config.batch()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = step * samples.length + i;
            for (int at = 0; at < length; at++) {
                ids[i * length + at] = token(samples[i], at);
                targets[i * length + at] = at % 7 == i ? -1 : token(samples[i], at + 1);
            }
        }
        return new TokenBatch(length, ids, targets, samples);
    }

    TokenizerFiles tokenizer() {
        Json none = Json.object().build();
        return new TokenizerFiles(Metadata.builder().build(), none, none);
    }
}
