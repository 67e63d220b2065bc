package dev.glasshouse.training.data;

import dev.glasshouse.training.Keys;
import dev.glasshouse.weights.GlassException;

/**
 * Where in the training tokens each sample begins: a pure function of seed, step and the sample's place in the step, so that a run can go on
 * anywhere and any part of it can be made again.
 */
public sealed interface SampleOrder {
    /** The first token of a sample; {@code sample}: its place in the step, from 0 to {@link #batch()} − 1. */
    long start(long step, int sample);

    /** Samples of a step. */
    int batch();

    /** The number of a sample within the run. */
    default long number(long step, int sample) {
        return step * batch() + sample;
    }

    /**
     * Each sample begins anywhere, with all places equally likely, whatever was drawn before: nanoGPT's way.
     *
     * @param tokens tokens to train on; {@code length}: of a sample
     */
    record Windows(long seed, int batch, long tokens, int length) implements SampleOrder {
        /** @throws GlassException if there are too few tokens for one sample */
        public Windows {
            check(batch, tokens, length);
        }

        @Override
        public long start(long step, int sample) {
            return Hashes.below(Keys.of(Keys.of(seed, step), sample), tokens - length);
        }
    }

    /**
     * Each sample begins with a document and goes on into the ones after it. All documents come once before any comes again, each time in
     * another order.
     */
    record Documents(long seed, int batch, DataSet data, int length) implements SampleOrder {
        /** @throws GlassException if there are too few tokens for one sample */
        public Documents {
            check(batch, data.tokens(Split.TRAIN), length);
            if (data.documents(Split.TRAIN) < 1) {
                throw new GlassException("The data in " + data.folder() + " lists no documents to train on.");
            }
        }

        @Override
        public long start(long step, int sample) {
            long documents = data.documents(Split.TRAIN);
            long number = number(step, sample);
            Permutation order = new Permutation(documents, Keys.of(seed, number / documents));
            return data.documentStart(Split.TRAIN, order.at(number % documents));
        }
    }

    /** The order that suits the data: by documents where they are shorter than a sample and fill a step, else windows. */
    static SampleOrder of(DataSet data, long seed, int batch, int length) {
        long documents = data.documents(Split.TRAIN);
        boolean shortDocuments = documents >= batch && data.tokens(Split.TRAIN) / documents < length;
        return shortDocuments
                ? new Documents(seed, batch, data, length)
                : new Windows(seed, batch, data.tokens(Split.TRAIN), length);
    }

    private static void check(int batch, long tokens, int length) {
        if (batch < 1 || length < 1) {
            throw new GlassException("A step of " + batch + " samples of " + length
                    + " tokens is not possible; both must be at" + " least 1.");
        }
        if (tokens <= length) {
            throw new GlassException("The data has " + tokens + " tokens to train on, but one sample of length "
                    + length + " needs " + (length + 1L) + ". Use more text or a smaller length.");
        }
    }
}
