package dev.glasshouse.training;

import dev.glasshouse.weights.Json;
import java.nio.file.Path;
import java.util.Optional;

/** The samples of a training, as a function of their numbers. */
interface DataFeed {
    /** Token ids are below this. */
    int vocabulary();

    /** All samples of a step, 0 for the first. */
    TokenBatch batch(long step);

    /** Windows of the validation split. */
    long validationWindows();

    /** Some windows of the validation split. */
    TokenBatch validation(long from, int count);

    /** Bytes of text that a token of the validation split stands for. */
    double validationBytesPerToken();

    /** SHA-256 of the whole data set. */
    String sha256();

    /** Reads all of it and compares hashes. @throws dev.glasshouse.weights.GlassException naming the file that differs */
    void verify();

    /** What the data set is. */
    Json.ObjectValue manifest();

    /** What turns its text into ids. */
    TokenizerFiles tokenizer();

    /** The folder that it lies in; empty if it lies in none. */
    Optional<Path> folder();

    /** Where in the training split the samples of a step begin, for messages. */
    String where(long step);
}
