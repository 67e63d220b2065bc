package dev.glasshouse.training;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.TrainingKernels;

/**
 * Dropout of one pass: of the embedding (site 0), of what attention adds (site 2i + 1 in layer i) and of what the MLP adds
 * (2i + 2), as GPT-2 has it. What is dropped is a function of seed, step, sample, site and position alone.
 */
final class Dropout {
    private final TrainingKernels training;
    private final float rate;
    private final long seed;
    private final long[] keys;
    private final long[] samples;
    private final int length;
    private final long step;

    /** @param keys room for one key a row */
    Dropout(TrainingKernels training, float rate, long seed, long step, TokenBatch batch, long[] keys) {
        this.training = training;
        this.rate = rate;
        this.seed = seed;
        this.step = step;
        this.keys = keys;
        samples = batch.samples();
        length = batch.length();
    }

    void apply(Matrix x, int site) {
        if (rate > 0) {
            fill(site);
            training.dropout(x, rate, keys);
        }
    }

    /** The gradient through a site: dx itself without dropout, else a copy in {@code room}. */
    Matrix gradient(Matrix dx, Matrix room, int site) {
        if (rate == 0) {
            return dx;
        }
        room.data().copyFrom(dx.data());
        apply(room, site);
        return room;
    }

    private void fill(int site) {
        long stepKey = Keys.of(Keys.mix(seed), step);
        for (int s = 0; s < samples.length; s++) {
            long key = Keys.of(Keys.of(stepKey, samples[s]), site);
            for (int p = 0; p < length; p++) {
                keys[s * length + p] = Keys.of(key, p);
            }
        }
    }
}
