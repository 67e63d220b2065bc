package dev.glasshouse.training;

import dev.glasshouse.kernels.AdamWStep;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.TrainingKernels;
import dev.glasshouse.network.ParameterShape;
import dev.glasshouse.network.ParameterShape.Role;
import dev.glasshouse.weights.GlassException;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Changes the weights once a step; keeps what it must remember between steps. */
public final class Optimizer implements AutoCloseable {
    /** Added to the norm when gradients are clipped, as PyTorch has it. */
    private static final double CLIP_EPSILON = 1e-6;

    private final Parameters parameters;
    private final OptimizerConfig config;
    private final Kernels kernels;
    private final TrainingKernels training;
    private final Arena arena = Arena.ofShared();
    private final Map<String, Matrix> state = new LinkedHashMap<>();
    private final NewtonSchulz newtonSchulz;

    /** With a state of zeros. @throws GlassException if there is not enough memory */
    public Optimizer(Parameters parameters, OptimizerConfig config, Kernels kernels) {
        this.parameters = parameters;
        this.config = config;
        this.kernels = kernels;
        training = kernels.training();
        newtonSchulz = new NewtonSchulz(training, config.muonSteps());
        try {
            for (ParameterShape shape : parameters.shapes()) {
                if (muon(config, shape)) {
                    add("momentum.", shape);
                    newtonSchulz.room(shape.rows(), shape.cols());
                } else if (shape.trained()) {
                    add("m.", shape);
                    add("v.", shape);
                }
            }
        } catch (GlassException e) {
            close(); // what was allocated before there was too little
            throw e;
        }
    }

    private void add(String prefix, ParameterShape shape) {
        state.put(prefix + shape.name(), Slab.of(arena, List.of(shape)).getFirst());
    }

    /** Bytes outside the heap that an optimiser takes. */
    static long bytes(List<ParameterShape> shapes, OptimizerConfig config) {
        long remembered = 0;
        Map<List<Integer>, Long> rooms = new HashMap<>();
        for (ParameterShape shape : shapes) {
            long bytes = Slab.bytes(shape.rows(), shape.cols());
            if (muon(config, shape)) {
                remembered += bytes;
                rooms.put(List.of(shape.rows(), shape.cols()), NewtonSchulz.bytes(shape.rows(), shape.cols()));
            } else if (shape.trained()) {
                remembered += 2 * bytes;
            }
        }
        return remembered + rooms.values().stream().mapToLong(Long::longValue).sum();
    }

    private static boolean muon(OptimizerConfig config, ParameterShape shape) {
        return config.method() == OptimizerConfig.Method.MUON && shape.role() == Role.MATRIX;
    }

    /** What it remembers, by name, in a fixed order: {@code m.…} and {@code v.…} of AdamW, {@code momentum.…} of Muon. */
    public Map<String, Matrix> state() {
        return Collections.unmodifiableMap(state);
    }

    /**
     * One step. Joins the gradients of a tied embedding first.
     *
     * @param gradients of the mean loss of the step; they stay as they are
     * @param step 0 for the first
     * @param rateFactor multiplies the learning rates (the schedule)
     * @param clip the largest norm of all gradients together; 0 for no bound
     * @return the norm of the gradients before clipping; if it is no finite number, nothing was changed
     */
    public double step(Gradients gradients, long step, double rateFactor, double clip) {
        gradients.join(kernels);
        double sum = 0;
        for (int i = 0; i < gradients.shapes().size(); i++) {
            if (gradients.shapes().get(i).trained()) {
                sum += training.sumOfSquares(gradients.value(i));
            }
        }
        double norm = StrictMath.sqrt(sum);
        if (!Double.isFinite(norm)) {
            return norm;
        }
        float factor = clip > 0 ? (float) Math.min(1, clip / (norm + CLIP_EPSILON)) : 1;
        for (int i = 0; i < parameters.shapes().size(); i++) {
            ParameterShape shape = parameters.shapes().get(i);
            if (muon(config, shape)) {
                muon(shape, parameters.value(i), gradients.value(i), rateFactor, factor);
            } else if (shape.trained()) {
                adamW(shape, parameters.value(i), gradients.value(i), step, rateFactor, factor);
            }
        }
        return norm;
    }

    private void adamW(ParameterShape shape, Matrix w, Matrix g, long step, double rateFactor, float clip) {
        double rate = config.rate() * rateFactor;
        boolean decays =
                switch (shape.role()) {
                    case EMBEDDING, POSITIONS, HEAD, MATRIX -> true;
                    case BIAS, NORM, ZERO -> false;
                };
        double correction1 = 1 - StrictMath.pow(config.beta1(), (double) (step + 1));
        double correction2 = 1 - StrictMath.pow(config.beta2(), (double) (step + 1));
        training.adamW(
                w,
                g,
                state("m.", shape),
                state("v.", shape),
                new AdamWStep(
                        clip,
                        (float) (decays ? 1 - rate * config.decay() : 1),
                        (float) config.beta1(),
                        (float) config.beta2(),
                        (float) (rate / correction1),
                        (float) StrictMath.sqrt(correction2),
                        (float) config.epsilon()));
    }

    private void muon(ParameterShape shape, Matrix w, Matrix g, double rateFactor, float clip) {
        double rate = config.muonRate() * rateFactor;
        Matrix update = newtonSchulz.room(shape.rows(), shape.cols());
        training.nesterov(g, clip, (float) config.muonMomentum(), state("momentum.", shape), update);
        Matrix direction = newtonSchulz.orthogonal(shape.rows(), shape.cols());
        double scale = StrictMath.sqrt(Math.max(1, (double) shape.rows() / shape.cols()));
        training.combine((float) (-rate * scale), direction, (float) (1 - rate * config.muonDecay()), w, w);
    }

    private Matrix state(String prefix, ParameterShape shape) {
        Matrix matrix = state.get(prefix + shape.name());
        if (matrix == null) {
            throw new IllegalStateException("no state " + prefix + shape.name());
        }
        return matrix;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            newtonSchulz.close();
        }
    }
}
