package dev.glasshouse.training;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.network.ParameterShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks the gradients of an architecture on a tiny copy of a model: central differences of the loss in double against
 * the double twin's gradients, for every single value, and the gradients that training uses against the twin's.
 */
public final class GradientCheck {
    /** The twin may be this far from the central differences, in parts of the tensor's largest gradient. */
    public static final double DIFFERENCE_TOLERANCE = 1e-6;
    /** Training's gradient of a tensor may be this far from the twin's, as ‖Δ‖/‖g‖. */
    public static final double TRAINING_TOLERANCE = 1e-4;

    private static final double STEP = 1e-4;

    /**
     * One tensor; the biases of queries, keys and values count as one, because that of the keys alone moves no loss where
     * positions turn nothing: its exact gradient is 0.
     *
     * @param differences the largest distance of the twin from the central differences, in parts of the tensor's largest
     *     gradient
     * @param training ‖Δ‖/‖g‖ of training's gradients against the twin's
     */
    public record Row(String name, double differences, double training) {
        /** Whether both are within tolerance. */
        public boolean good() {
            return differences <= DIFFERENCE_TOLERANCE && training <= TRAINING_TOLERANCE;
        }
    }

    private GradientCheck() {}

    /** A model of the same architecture with few, small layers. */
    static ModelPlan tiny(ModelPlan plan) {
        boolean gpt2 = plan.architecture().equals("gpt2");
        boolean grouped = plan.kvHeads() < plan.heads();
        return new ModelPlan(
                plan.architecture(),
                11,
                8,
                8,
                2,
                2,
                gpt2 || !grouped ? 2 : 1,
                4,
                12,
                plan.epsilon(),
                plan.ropeTheta(),
                plan.tied(),
                plan.biases());
    }

    /** Checks every trained tensor of a tiny copy of {@code plan}, with kernels of a choice. */
    public static List<Row> run(ModelPlan plan, KernelChoice choice, int threads) {
        try (Kernels kernels = TrainingRun.kernels(choice, threads)) {
            return run(plan, kernels);
        }
    }

    /** Checks every trained tensor of a tiny copy of {@code plan}. */
    public static List<Row> run(ModelPlan plan, Kernels kernels) {
        ModelPlan tiny = tiny(plan);
        try (Parameters parameters = Parameters.initial(tiny, 1);
                Gradients gradients = new Gradients(parameters);
                TrainableDecoder decoder =
                        new TrainableDecoder(parameters, kernels, TrainableDecoder.Options.plain())) {
            spread(parameters);
            TokenBatch batch = batch(tiny.vocabulary());
            decoder.forwardBackward(batch, batch.counted(), 0, gradients);
            gradients.join(kernels);
            DoubleDecoder twin = new DoubleDecoder(parameters);
            List<double[]> exact = twin.gradients(batch);
            Map<String, Sum> sums = new LinkedHashMap<>();
            for (int i = 0; i < exact.size(); i++) {
                ParameterShape shape = parameters.shapes().get(i);
                if (shape.trained()) {
                    Sum sum = sums.computeIfAbsent(joined(shape.name()), name -> new Sum());
                    sum.differences(twin, i, exact.get(i), batch);
                    sum.training(DoubleDecoder.doubles(gradients.value(i)), exact.get(i));
                }
            }
            List<Row> rows = new ArrayList<>();
            sums.forEach((name, sum) -> rows.add(sum.row(name)));
            return List.copyOf(rows);
        }
    }

    static String joined(String name) {
        return name.replaceFirst("attn_[qkv]\\.bias", "attn_qkv.bias");
    }

    /** Moves every value away from 0 and 1, so that nothing is right by chance. */
    static void spread(Parameters parameters) {
        double[] pair = new double[2];
        for (int i = 0; i < parameters.shapes().size(); i++) {
            ParameterShape shape = parameters.shapes().get(i);
            for (int at = 0; at < shape.count() && shape.trained(); at++) {
                Keys.normals(Keys.of(7, i), at, pair);
                int row = at / shape.cols();
                int col = at % shape.cols();
                float value = parameters.value(i).get(row, col) + (float) (0.3 * pair[0]);
                parameters.value(i).set(row, col, value);
            }
        }
    }

    /** Two samples of six tokens, one target masked. */
    static TokenBatch batch(int vocabulary) {
        int[] ids = new int[12];
        int[] targets = new int[12];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) Long.remainderUnsigned(Keys.of(3, i), vocabulary);
            targets[i] = i == 2 ? -1 : (int) Long.remainderUnsigned(Keys.of(4, i), vocabulary);
        }
        return new TokenBatch(6, ids, targets, new long[] {0, 1});
    }

    private static double slope(DoubleDecoder twin, double[] values, int i, TokenBatch batch, double step) {
        double value = values[i];
        values[i] = value + step;
        double above = twin.loss(batch);
        values[i] = value - step;
        double below = twin.loss(batch);
        values[i] = value;
        return (above - below) / (2 * step);
    }

    /** Distances of one tensor, or of those that count as one. */
    static final class Sum {
        private double largest;
        private double most;
        private double difference;
        private double size;

        void differences(DoubleDecoder twin, int tensor, double[] exact, TokenBatch batch) {
            double[] values = twin.value(tensor);
            for (int i = 0; i < values.length; i++) {
                double near = slope(twin, values, i, batch, STEP);
                double far = slope(twin, values, i, batch, 2 * STEP);
                largest = Math.max(largest, Math.abs(exact[i]));
                most = Math.max(most, Math.abs((4 * near - far) / 3 - exact[i])); // Richardson 1911
            }
        }

        void training(double[] found, double[] exact) {
            for (int i = 0; i < exact.length; i++) {
                difference += (found[i] - exact[i]) * (found[i] - exact[i]);
                size += exact[i] * exact[i];
            }
        }

        /** ‖Δ‖/‖g‖ */
        double distance() {
            return part(StrictMath.sqrt(difference), StrictMath.sqrt(size));
        }

        Row row(String name) {
            return new Row(name, part(most, largest), distance());
        }

        private static double part(double of, double whole) {
            return of == 0 ? 0 : of / whole;
        }
    }
}
