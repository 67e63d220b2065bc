package dev.glasshouse.training;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.stories.SampleRequests;
import dev.glasshouse.stories.Tags;
import dev.glasshouse.training.TrainingConfig.Checkpoints;
import dev.glasshouse.training.TrainingConfig.Evaluation;
import dev.glasshouse.training.TrainingConfig.Film;
import dev.glasshouse.training.TrainingConfig.Order;
import dev.glasshouse.training.TrainingConfig.Samples;
import dev.glasshouse.training.data.DataSet;
import java.util.List;

/** Trainings that are known to work. */
public final class Presets {
    private Presets() {}

    /**
     * A small Llama on characters: minutes on a laptop. What it writes meanwhile begins as the data does.
     *
     * @param data cut into characters
     */
    public static TrainingConfig character(DataSet data) {
        TrainingConfig config = character(data.vocabulary());
        String begin = Planner.begin(data);
        Samples samples = config.samples();
        return config.toBuilder()
                .samples(new Samples(
                        samples.every(), List.of(begin), samples.tokens(), samples.temperature(), samples.seed()))
                .film(new Film(config.film().moments(), begin, config.film().tokens()))
                .build();
    }

    /**
     * The same for data that is not there yet; what it writes begins with a line break, which must be among the characters.
     *
     * @param vocabulary of the data
     */
    public static TrainingConfig character(int vocabulary) {
        ModelPlan plan = llama(vocabulary, 256, 128, 4, 4, 32, 352);
        return TrainingConfig.builder(plan)
                .length(128)
                .batch(32)
                .steps(1500)
                .optimizer(OptimizerConfig.muon(2e-3, 0.02))
                .schedule(Schedule.cosine(50))
                .microBatch(16)
                .evaluation(new Evaluation(100, 65_536))
                .samples(new Samples(250, List.of("\n"), 200, 0.8, 1))
                .checkpoints(new Checkpoints(250, 2))
                .film(new Film(8, "\n", 96))
                .build();
    }

    /**
     * A storyteller of 1.1 million parameters, trained as a chat on the stories that this program tells.
     *
     * @param vocabulary of the stories' tokenizer
     */
    public static TrainingConfig story(int vocabulary) {
        ModelPlan plan = llama(vocabulary, 512, 128, 5, 4, 32, 352);
        List<String> requests = SampleRequests.ALL.stream()
                .map(request -> Tags.USER + request + Tags.END + Tags.ASSISTANT)
                .toList();
        return TrainingConfig.builder(plan)
                .length(384)
                .batch(10)
                .steps(2800)
                .order(Order.DOCUMENTS)
                .optimizer(OptimizerConfig.muon(5e-3, 0.02))
                .schedule(new Schedule(Schedule.Kind.LINEAR, 60, 0.02, 0))
                .microBatch(5)
                .milestones(24)
                .evaluation(new Evaluation(300, 49_152))
                .samples(new Samples(450, requests, 220, 0.8, 1))
                .checkpoints(new Checkpoints(300, 2))
                .film(new Film(8, requests.getFirst(), 160))
                .build();
    }

    /**
     * nanoGPT's training for a CPU (karpathy/nanoGPT, README, "I only have a macbook"): a GPT-2 of 4 layers without biases on
     * characters of tiny Shakespeare.
     *
     * @param vocabulary of the data
     */
    public static TrainingConfig nanoGpt(int vocabulary) {
        ModelPlan plan = new ModelPlan("gpt2", vocabulary, 64, 128, 4, 4, 4, 32, 512, 1e-5, 10_000, true, false);
        return TrainingConfig.builder(plan)
                .length(64)
                .batch(12)
                .steps(2000)
                .optimizer(new OptimizerConfig(
                        OptimizerConfig.Method.ADAMW, 1e-3, 0.9, 0.99, 1e-8, 0.1, 0.02, 0.95, 0.1, 5))
                .schedule(Schedule.cosine(100))
                .seed(1337)
                .microBatch(12)
                .evaluation(new Evaluation(250, 0))
                .checkpoints(new Checkpoints(500, 2))
                .build();
    }

    private static ModelPlan llama(
            int vocabulary, int context, int width, int layers, int heads, int headSize, int mlpWidth) {
        return new ModelPlan(
                "llama",
                vocabulary,
                context,
                width,
                layers,
                heads,
                heads,
                headSize,
                mlpWidth,
                1e-5,
                10_000,
                true,
                true);
    }
}
