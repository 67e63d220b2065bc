package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.TrainingKernels;
import dev.glasshouse.network.DecoderSpec;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.weights.GlassException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A decoder with its loss and gradients. The forward pass has the bits of {@code Network} on the exported F32 file. How the
 * samples of a step are cut into micro-batches, how many rows of logits are made at a time, threads and vector width change
 * no bit of losses and gradients.
 *
 * <p>One caller at a time. Memory for the activations is taken at the first pass and kept.
 */
public final class TrainableDecoder implements AutoCloseable {
    /**
     * What is not in the weights.
     *
     * @param dropout the share of values dropped, in [0, 1), where gradients are computed
     * @param seed of dropout
     * @param lossRows rows of logits in memory at a time
     */
    public record Options(float dropout, long seed, int lossRows) {
        /** @throws GlassException if a number is impossible */
        public Options {
            if (!(dropout >= 0 && dropout < 1)) {
                throw new GlassException(
                        "A dropout of " + dropout + " is not possible; it must be from 0 to less than 1.");
            }
            if (lossRows < 1) {
                throw new GlassException("The loss cannot be taken " + lossRows + " rows at a time.");
            }
        }

        /** No dropout, 1,024 rows of logits. */
        public static Options plain() {
            return new Options(0, 0, 1024);
        }
    }

    private final DecoderSpec spec;
    private final Kernels kernels;
    private final TrainingKernels training;
    private final Options options;
    private final Matrix embedding;
    private final int embeddingPlace;
    private final Optional<Matrix> positionTable;
    private final int positionPlace;
    private final List<TrainableLayer> layers = new ArrayList<>();
    private final Normalization finalNorm;
    private final Matrix head;
    private final int headPlace;
    private final Arena arena = Arena.ofShared();
    private Arena memory = Arena.ofShared();
    private Slab slab = new Slab(memory, 64);
    private Optional<Activations> activations = Optional.empty();

    /** The parameters and kernels stay the caller's; the parameters may change between passes. */
    public TrainableDecoder(Parameters parameters, Kernels kernels, Options options) {
        this.kernels = kernels;
        this.options = options;
        training = kernels.training();
        spec = parameters.plan().spec();
        embeddingPlace = parameters.place("token_embd.weight");
        embedding = parameters.value(embeddingPlace);
        positionTable =
                spec.learnedPositions() ? Optional.of(parameters.value("position_embd.weight")) : Optional.empty();
        positionPlace = spec.learnedPositions() ? parameters.place("position_embd.weight") : -1;
        for (int i = 0; i < spec.depth(); i++) {
            layers.add(new TrainableLayer(spec, parameters, kernels, i, arena));
        }
        finalNorm = new Normalization(parameters, kernels, "output_norm", arena);
        headPlace = parameters.plan().tied() ? -1 : parameters.place("output.weight");
        head = headPlace < 0 ? embedding : parameters.value(headPlace);
    }

    /** Bytes of activations for micro-batches of {@code rows} tokens. */
    public static long activationBytes(ModelPlan plan, int rows, int lossRows) {
        return Activations.bytes(plan.spec(), rows, lossRows);
    }

    /**
     * Adds the gradients of {@code Σ losses / countedOfStep} of a micro-batch.
     *
     * @param micro samples of the step, in order from one call to the next
     * @param countedOfStep targets that count in the whole step
     * @param step the number of the step, for dropout
     * @param into goes on from what is there
     * @return the sum of the losses in nats
     * @throws GlassException if a token is outside the vocabulary or samples are longer than the context
     */
    public double forwardBackward(TokenBatch micro, long countedOfStep, long step, Gradients into) {
        return forwardBackward(micro, countedOfStep, step, into, 0);
    }

    /**
     * The same, with the sum going on from that of the micro-batches before: so the sum of a step is one chain too.
     *
     * @param sum of the losses so far
     * @return the sum with this micro-batch's
     */
    public double forwardBackward(TokenBatch micro, long countedOfStep, long step, Gradients into, double sum) {
        Activations a = activations(micro);
        Dropout dropout = new Dropout(training, options.dropout, options.seed, step, micro, a.keys);
        forward(micro.ids(), a, dropout);
        lossBackward(micro.targets(), (float) (1.0 / countedOfStep), a, into);
        finalNorm.backward(a.last, a.dNormed, false, a.dx, into);
        for (int i = layers.size() - 1; i >= 0; i--) {
            layers.get(i).backward(a, dropout, into);
        }
        dropout.apply(a.dx, 0);
        training.scatter(a.dx, micro.ids(), into.value(embeddingPlace));
        if (positionPlace >= 0) {
            training.scatter(a.dx, a.positions, into.value(positionPlace));
        }
        return sum(sum, a);
    }

    /** The sum of the losses in nats, without gradients and dropout. */
    public double loss(TokenBatch batch) {
        return loss(batch, 0);
    }

    /** The same, going on from the sum of the batches before. */
    public double loss(TokenBatch batch, double sum) {
        Activations a = activations(batch);
        forward(batch.ids(), a, new Dropout(training, 0, 0, 0, batch, a.keys));
        for (int from = 0; from < a.rows; from += options.lossRows) {
            int count = Math.min(options.lossRows, a.rows - from);
            Matrix logits = a.logits.rows(0, count);
            training.productNT(a.normed.rows(from, count), head, false, logits);
            double[] losses = new double[count];
            training.losses(logits, Arrays.copyOfRange(batch.targets(), from, from + count), losses);
            System.arraycopy(losses, 0, a.losses, from, count);
        }
        return sum(sum, a);
    }

    /** The logits after each token of one sample: ids.length × vocabulary, in memory of its own. */
    public Matrix logits(int[] ids) {
        int[] targets = new int[ids.length];
        Arrays.fill(targets, -1);
        TokenBatch batch = new TokenBatch(ids.length, ids, targets, new long[1]);
        Activations a = activations(batch);
        forward(ids, a, new Dropout(training, 0, 0, 0, batch, a.keys));
        Matrix logits = Matrix.allocate(Arena.ofAuto(), ids.length, spec.vocabulary());
        training.productNT(a.normed, head, false, logits);
        return logits;
    }

    private static double sum(double from, Activations a) {
        double sum = from;
        for (double loss : a.losses) {
            sum += loss;
        }
        return sum;
    }

    private void forward(int[] ids, Activations a, Dropout dropout) {
        layers.forEach(TrainableLayer::refresh);
        finalNorm.refresh();
        Matrix x = a.layers.getFirst().x();
        training.gather(embedding, ids, x);
        if (positionTable.isPresent()) {
            training.gather(positionTable.get(), a.positions, a.branch);
            kernels.addScaled(1, a.branch, x);
        }
        dropout.apply(x, 0);
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i)
                    .forward(
                            a,
                            dropout,
                            i + 1 < layers.size() ? a.layers.get(i + 1).x() : a.last);
        }
        finalNorm.forward(a.last, a.normed);
    }

    /** Losses, the head's gradient and that of the last norm's result, {@code lossRows} rows at a time. */
    private void lossBackward(int[] targets, float scale, Activations a, Gradients into) {
        Matrix dHead = headPlace >= 0 ? into.value(headPlace) : into.tiedHead().orElseThrow();
        for (int from = 0; from < a.rows; from += options.lossRows) {
            int count = Math.min(options.lossRows, a.rows - from);
            Matrix normed = a.normed.rows(from, count);
            Matrix logits = a.logits.rows(0, count);
            training.productNT(normed, head, false, logits);
            double[] losses = new double[count];
            training.crossEntropy(logits, Arrays.copyOfRange(targets, from, from + count), scale, losses);
            System.arraycopy(losses, 0, a.losses, from, count);
            training.productTN(logits, normed, true, dHead);
            training.productNN(logits, head, false, a.dNormed.rows(from, count));
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // closed with the decoder
    private Activations activations(TokenBatch batch) {
        if (batch.length() > spec.context()) {
            throw new GlassException("Samples of " + batch.length() + " tokens do not fit the model's context of "
                    + spec.context() + ".");
        }
        for (int i = 0; i < batch.ids().length; i++) {
            int id = batch.ids()[i];
            int target = batch.targets()[i];
            if (id < 0 || id >= spec.vocabulary() || target >= spec.vocabulary()) {
                throw new GlassException("The token " + (id < 0 || id >= spec.vocabulary() ? id : target)
                        + " is outside the model's vocabulary of " + spec.vocabulary() + ".");
            }
        }
        int rows = batch.ids().length;
        if (activations.isPresent() && activations.get().rows == rows && activations.get().length == batch.length()) {
            return activations.get();
        }
        long bytes = Activations.bytes(spec, rows, options.lossRows);
        if (bytes > slab.size()) {
            activations = Optional.empty();
            memory.close();
            memory = Arena.ofShared();
            slab = new Slab(memory, 64);
            slab = new Slab(memory, bytes);
        }
        Activations fresh = new Activations(spec, rows, batch.length(), options.lossRows, slab);
        activations = Optional.of(fresh);
        return fresh;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            memory.close();
        }
    }
}
