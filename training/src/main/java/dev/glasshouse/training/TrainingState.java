package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.ParameterShape;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;

/** All that a training computes with: weights, gradients, optimiser, decoder. */
final class TrainingState implements AutoCloseable {
    /** Rows of logits in memory at a time: about 32 MiB of them. */
    private static final long LOGITS = 1L << 23;

    final TrainingConfig config;
    final Parameters parameters;
    final Optimizer optimizer;
    private final Gradients gradients;
    private final TrainableDecoder decoder;

    /** The first weights. @throws GlassException if there is not enough memory */
    TrainingState(TrainingConfig config, Kernels kernels) {
        this.config = config;
        List<AutoCloseable> built = new ArrayList<>();
        try {
            parameters = keep(built, Parameters.initial(config.model(), config.seed()));
            optimizer = keep(built, new Optimizer(parameters, config.optimizer(), kernels));
            gradients = keep(built, new Gradients(parameters));
            decoder = new TrainableDecoder(
                    parameters,
                    kernels,
                    new TrainableDecoder.Options((float) config.dropout(), config.seed(), lossRows(config)));
        } catch (GlassException e) {
            free(built.reversed(), e);
            throw e;
        }
    }

    private static <T extends AutoCloseable> T keep(List<AutoCloseable> built, T part) {
        built.add(part);
        return part;
    }

    /** Memory outside the heap is not collected: what was built before there was too little is given back. */
    private static void free(List<AutoCloseable> built, GlassException because) {
        for (AutoCloseable part : built) {
            try {
                part.close();
            } catch (Exception e) {
                because.addSuppressed(e);
            }
        }
    }

    static int lossRows(TrainingConfig config) {
        long rows = (long) config.length() * Math.min(config.microBatch(), config.batch());
        return (int) Math.max(1, Math.min(rows, LOGITS / config.model().vocabulary()));
    }

    /** Bytes outside the heap that a state takes. */
    static long bytes(TrainingConfig config) {
        List<ParameterShape> shapes = config.model().parameters();
        long parameters = shapes.stream().mapToLong(shape -> shape.count() * 4).sum();
        int rows = config.length() * Math.min(config.microBatch(), config.batch());
        long head = config.model().tied()
                ? 4L * config.model().vocabulary() * config.model().width()
                : 0;
        return 2 * parameters
                + head
                + Optimizer.bytes(shapes, config.optimizer())
                + TrainableDecoder.activationBytes(config.model(), rows, lossRows(config));
    }

    /**
     * What came of a step.
     *
     * @param loss mean, in nats, before the update
     * @param norm of the gradients before clipping
     */
    record Outcome(double loss, double norm) {}

    /**
     * Loss and gradients of a step; the weights stay.
     *
     * @param step 0 for the first
     * @param batch all its samples
     * @return the mean loss
     */
    double gradients(long step, TokenBatch batch) {
        long counted = batch.counted();
        gradients.clear();
        double sum = 0;
        for (int from = 0; from < config.batch(); from += config.microBatch()) {
            TokenBatch micro = batch.part(from, Math.min(config.batch(), from + config.microBatch()));
            sum = decoder.forwardBackward(micro, counted, step, gradients, sum);
        }
        return sum / counted;
    }

    /** Updates the weights; returns the norm of the gradients. Nothing changes if that is no finite number. */
    double update(long step) {
        return optimizer.step(gradients, step, config.schedule().factor(step, config.steps()), config.clip());
    }

    /** A whole step. */
    Outcome step(long step, TokenBatch batch) {
        double loss = gradients(step, batch);
        return new Outcome(loss, update(step));
    }

    /**
     * The mean loss of the validation split in nats.
     *
     * @param loss mean in nats
     * @param tokens that it was taken of
     */
    record Evaluated(double loss, long tokens) {}

    /** @param tokens of the windows that are taken, each counted with its full length; 0 for all */
    Evaluated evaluate(DataFeed data, long tokens) {
        double sum = 0;
        long counted = 0;
        long all = data.validationWindows();
        long windows = tokens == 0 ? all : Math.min(all, (tokens + config.length() - 1) / config.length());
        for (long from = 0; from < windows; from += config.microBatch()) {
            TokenBatch batch = data.validation(from, (int) Math.min(config.microBatch(), windows - from));
            sum = decoder.loss(batch, sum);
            counted += batch.counted();
        }
        return new Evaluated(counted == 0 ? 0 : sum / counted, counted);
    }

    @Override
    public void close() {
        decoder.close();
        gradients.close();
        optimizer.close();
        parameters.close();
    }
}
