package dev.glasshouse.training;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.training.TrainingConfig.Checkpoints;
import dev.glasshouse.training.TrainingConfig.Evaluation;
import dev.glasshouse.training.TrainingConfig.Film;
import dev.glasshouse.training.TrainingConfig.Order;
import dev.glasshouse.training.TrainingConfig.Samples;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.SampleOrder;
import dev.glasshouse.training.data.Split;
import dev.glasshouse.weights.GlassException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Chooses a training for some data and some minutes, and says what a training takes. It times some steps of a model in the
 * middle of the ladder, takes from that how much arithmetic this machine does in a second, and picks the largest Llama that
 * will see at least {@value #TOKENS_PER_PARAMETER} tokens a parameter (Hoffmann et al. 2022 say 20; small models on little
 * text do better a bit above their share) and has not many more parameters than the data has tokens. Then it times some steps of that.
 */
public final class Planner {
    private static final int TOKENS_PER_PARAMETER = 10;
    /** Parameters for each token of the data, at most: more only learn the text by heart. */
    private static final double PARAMETERS_PER_TOKEN = 2;
    /** More often than this the same text teaches little. */
    private static final double MOST_EPOCHS = 20;
    /** What of the time goes into steps; the rest into the loss on the validation split, samples, checkpoints and the model's files. */
    private static final double STEPS_SHARE = 0.9;

    private static final int HEAD = 32;
    /** A token may be one byte of a character in UTF-8. */
    private static final int BYTES_OF_CHARACTER = 4;

    private static final int[][] LADDER = { // width, layers
        {64, 2}, {64, 4}, {96, 4}, {128, 4}, {128, 6}, {192, 6}, {256, 6}, {256, 8}, {320, 10}, {384, 12}, {512, 12}
    };
    private static final int MIDDLE = 3;

    private Planner() {}

    /**
     * A vocabulary that suits a text: the more text, the more pieces it can teach.
     *
     * @param bytes of the text
     */
    public static int vocabulary(long bytes) {
        if (bytes < 100_000) {
            return 320;
        }
        return bytes < 1_000_000 ? 512 : bytes < 20_000_000 ? 1024 : bytes < 200_000_000 ? 2048 : 4096;
    }

    /**
     * What a training takes on this machine: a few steps are timed.
     *
     * @throws GlassException if it cannot fit the memory
     */
    public static TrainingPlan measure(TrainingConfig config, DataSet data, int threads, KernelChoice kernels) {
        Memory memory = Memory.check(config, OptionalLong.empty());
        try (Kernels chosen = TrainingRun.kernels(kernels, threads)) {
            double step = StepTimer.seconds(config, new DataSetFeed(data, config)::batch, chosen);
            return plan(config, data, memory, step);
        }
    }

    private static TrainingPlan plan(TrainingConfig config, DataSet data, Memory memory, double step) {
        long tokens = config.steps() * config.tokensPerStep();
        return new TrainingPlan(
                config,
                memory.parameters(),
                tokens,
                (double) tokens / data.tokens(Split.TRAIN),
                step * config.steps() + evaluation(config, data, step),
                memory.outside(),
                memory.heap(),
                TrainingRun.disk(config, memory));
    }

    /** A forward pass is a third of a step's work. */
    private static double evaluation(TrainingConfig config, DataSet data, double step) {
        long all = data.tokens(Split.VALIDATION);
        long tokens = config.evaluation().tokens() == 0
                ? all
                : Math.min(all, config.evaluation().tokens());
        long times = config.evaluation().every() == 0
                ? 1
                : config.steps() / config.evaluation().every() + 2;
        return times * tokens * step / config.tokensPerStep() / 3;
    }

    /** @throws GlassException if no training can take so many minutes */
    public static void checkMinutes(double minutes) {
        if (!(minutes >= 0.25 && minutes <= 60 * 24 * 365)) {
            throw new GlassException("A training cannot take " + minutes + " minutes; give 0.25 or more.");
        }
    }

    /**
     * A training for some minutes.
     *
     * @param minutes that it may take, from a quarter
     * @throws GlassException if there is too little data or memory
     */
    public static TrainingPlan choose(DataSet data, double minutes, int threads, KernelChoice kernels) {
        checkMinutes(minutes);
        double seconds = 60 * minutes * STEPS_SHARE;
        try (Kernels chosen = TrainingRun.kernels(kernels, threads)) {
            TrainingConfig middle = sized(data, MIDDLE, 2048);
            double step = StepTimer.seconds(middle, new DataSetFeed(data, middle)::batch, chosen);
            double work = work(middle.model(), middle.length()) * middle.tokensPerStep() / step;
            int rung = 0;
            for (int i = 1; i < LADDER.length; i++) {
                TrainingConfig next = sized(data, i, 2048);
                double tokens = seconds * work / work(next.model(), next.length());
                long parameters = Memory.of(next).parameters();
                if (tokens >= (double) TOKENS_PER_PARAMETER * parameters
                        && parameters <= PARAMETERS_PER_TOKEN * data.tokens(Split.TRAIN)) {
                    rung = i;
                }
            }
            double tokens = seconds * work / work(sized(data, rung, 2048).model(), length(data));
            TrainingConfig config = sized(data, rung, perStep(tokens));
            double measured = StepTimer.seconds(config, new DataSetFeed(data, config)::batch, chosen);
            long most = (long) Math.ceil(MOST_EPOCHS * data.tokens(Split.TRAIN) / config.tokensPerStep());
            long steps = Math.max(20, Math.min(most, (long) (seconds / measured)));
            TrainingConfig whole = finished(config, data, steps);
            return plan(whole, data, Memory.check(whole, OptionalLong.empty()), measured);
        }
    }

    /** About a thousand steps, each of 2,048 tokens at least. */
    private static long perStep(double tokens) {
        long perStep = 2048;
        while (perStep < 32_768 && tokens / perStep > 1500) {
            perStep *= 2;
        }
        return perStep;
    }

    private static int length(DataSet data) {
        return data.tokens(Split.TRAIN) < 100_000 ? 128 : 256;
    }

    private static TrainingConfig sized(DataSet data, int rung, long tokensPerStep) {
        int width = LADDER[rung][0];
        int length = length(data);
        int mlp = (8 * width / 3 + 31) / 32 * 32;
        ModelPlan plan = new ModelPlan(
                "llama",
                data.vocabulary(),
                Math.max(256, length),
                width,
                LADDER[rung][1],
                width / HEAD,
                width / HEAD,
                HEAD,
                mlp,
                1e-5,
                10_000,
                true,
                true);
        return TrainingConfig.builder(plan)
                .length(length)
                .batch((int) (tokensPerStep / length))
                .microBatch(Math.max(1, 2048 / length))
                .build();
    }

    private static TrainingConfig finished(TrainingConfig config, DataSet data, long steps) {
        double epochs = (double) steps * config.tokensPerStep() / data.tokens(Split.TRAIN);
        SampleOrder order = SampleOrder.of(data, config.seed(), config.batch(), config.length());
        long every = Math.max(1, steps / 20);
        String prompt = begin(data);
        return config.toBuilder()
                .steps(steps)
                .order(order instanceof SampleOrder.Documents ? Order.DOCUMENTS : Order.WINDOWS)
                .optimizer(OptimizerConfig.muon(
                        3e-3 * StrictMath.sqrt(128.0 / config.model().width()), 0.02))
                .schedule(new Schedule(Schedule.Kind.COSINE, Math.min(steps / 10, 100), 0.05, 0))
                .dropout(epochs > 8 ? 0.1 : 0)
                .evaluation(new Evaluation(every, 32_768))
                .samples(new Samples(Math.max(1, steps / 5), List.of(prompt), 128, 0.8, 1))
                .checkpoints(new Checkpoints(every, 2))
                .film(new Film(8, prompt, 96))
                .build();
    }

    /** The first tokens of the data that are whole characters: something that texts begin with. */
    static String begin(DataSet data) {
        Tokenizer tokenizer = data.tokenizer().tokenizer();
        long most = Math.min(64, data.tokens(Split.TRAIN));
        for (long at = 0; at < most; at++) {
            for (int count = 1; count <= Math.min(BYTES_OF_CHARACTER, most - at); count++) {
                int[] first = new int[count];
                data.read(Split.TRAIN, at, first);
                String text = tokenizer.decode(first, true);
                if (!text.isEmpty() && text.indexOf('\uFFFD') < 0) {
                    return text;
                }
            }
        }
        return "\n";
    }

    /** Multiply-adds a token, forward and backward, about: three for each weight of a product, and attention. */
    private static double work(ModelPlan model, int length) {
        double weights = model.parameters().stream()
                .filter(shape -> shape.rows() > 1)
                .mapToLong(shape -> shape.count())
                .sum();
        return 3 * weights + 3.0 * model.layers() * model.width() * length;
    }
}
