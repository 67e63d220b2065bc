package dev.glasshouse.cli;

import dev.glasshouse.training.StoryExam;
import dev.glasshouse.training.StoryExamResult;
import dev.glasshouse.weights.GlassException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code glass stories exam}: how well a model learnt the small world. */
@Command(
        name = "exam",
        description = {
            "Examine a model of the stories on combinations that it never saw.",
            "",
            "Its loss against the exact entropy of the text, its answers to questions of each kind, whether its own stories are"
                    + " consistent and new, and whether names from elsewhere survive in them. It ends with 0 where all goals of"
                    + " the model inside this program are reached."
        })
final class StoriesExamCommand implements Runnable {
    private final Console console;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(
            names = "--documents",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Held-out conversations to read (1000).")
    private int documents;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "500", description = "Stories to tell (500).")
    private int samples;

    @Option(names = "--names", paramLabel = "N", defaultValue = "200", description = "Names from elsewhere (200).")
    private int names;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "" + TrainingPreset.STORY_SEED,
            description = "Of the stories (" + TrainingPreset.STORY_SEED + ").")
    private long seed;

    @Option(
            names = "--trained",
            paramLabel = "N",
            defaultValue = "" + TrainingPreset.STORY_DOCUMENTS,
            description = "Documents it was trained on, which its own stories are compared with.")
    private long trained;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads that work; one a processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    StoriesExamCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (documents < 1 || samples < 1 || names < 1 || trained < 0 || threads < 1) {
            throw new GlassException("--documents, --samples, --names and --threads must be 1 or more.");
        }
        VectorModule.load();
        StoryExamResult result = StoryExam.take(
                model.installed(console).path(), seed, trained, new StoryExam.Size(documents, samples, names), threads);
        if (json) {
            console.json(result.json());
        } else {
            result.lines().forEach(console.out()::println);
        }
        if (!result.passed()) {
            throw new GlassException("The model does not reach all goals.");
        }
    }
}
