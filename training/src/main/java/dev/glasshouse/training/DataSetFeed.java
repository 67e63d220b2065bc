package dev.glasshouse.training;

import dev.glasshouse.training.data.Batches;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.SampleOrder;
import dev.glasshouse.training.data.Split;
import dev.glasshouse.weights.Json;
import java.nio.file.Path;
import java.util.Optional;

/** The samples of a training from a data set. */
final class DataSetFeed implements DataFeed {
    private final DataSet data;
    private final int batch;
    private final int length;
    /** Whether samples begin with documents, in training and in validation. */
    private final boolean documents;

    private final SampleOrder order;
    private final TokenizerFiles tokenizer;

    /** @throws dev.glasshouse.weights.GlassException if the data has not enough tokens for one sample */
    DataSetFeed(DataSet data, TrainingConfig config) {
        this.data = data;
        batch = config.batch();
        length = config.length();
        documents = config.order() == TrainingConfig.Order.DOCUMENTS;
        order = switch (config.order()) {
            case WINDOWS -> new SampleOrder.Windows(config.seed(), batch, data.tokens(Split.TRAIN), length);
            case DOCUMENTS -> new SampleOrder.Documents(config.seed(), batch, data, length);
        };
        tokenizer = TokenizerFiles.of(data.tokenizer(), data.chatTemplate());
    }

    @Override
    public int vocabulary() {
        return data.vocabulary();
    }

    @Override
    public TokenBatch batch(long step) {
        return Batches.batch(data, order, step, 0, batch, length);
    }

    @Override
    public long validationWindows() {
        return documents ? data.documents(Split.VALIDATION) : Batches.validationSamples(data, length);
    }

    @Override
    public TokenBatch validation(long from, int count) {
        return documents
                ? Batches.validationDocuments(data, from, from + count, length)
                : Batches.validation(data, from, from + count, length);
    }

    @Override
    public double validationBytesPerToken() {
        return (double) data.bytes(Split.VALIDATION) / Math.max(1, data.tokens(Split.VALIDATION));
    }

    @Override
    public String sha256() {
        return data.sha256();
    }

    @Override
    public void verify() {
        data.verify();
    }

    @Override
    public Json.ObjectValue manifest() {
        return data.manifest().json().asObject();
    }

    @Override
    public TokenizerFiles tokenizer() {
        return tokenizer;
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(data.folder().toAbsolutePath());
    }

    @Override
    public String where(long step) {
        return "samples " + order.number(step, 0) + " to " + order.number(step, batch - 1) + ", the first from token "
                + order.start(step, 0) + " of " + data.folder();
    }
}
