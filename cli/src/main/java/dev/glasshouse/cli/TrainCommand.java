package dev.glasshouse.cli;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.training.GradientCheck;
import dev.glasshouse.training.ModelInfo;
import dev.glasshouse.training.NewRun;
import dev.glasshouse.training.OptimizerConfig;
import dev.glasshouse.training.Planner;
import dev.glasshouse.training.Trainer;
import dev.glasshouse.training.TrainingConfig;
import dev.glasshouse.training.TrainingConfigBuilder;
import dev.glasshouse.training.TrainingListener;
import dev.glasshouse.training.TrainingPlan;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glass train}: weights from text. */
@Command(
        name = "train",
        abbreviateSynopsis = true,
        description = {
            "Train a language model: from text to weights, with a recipe that anyone can check.",
            "",
            "A step takes some pieces of the text, asks the model for the probability of every next token, and moves each weight"
                    + " a little, so that the true tokens become likelier. The loss is how surprised the model is, in nats a"
                    + " token. The plan (model, time, memory, disk) is printed before the first step.",
            "",
            "Ctrl+C or SIGTERM saves and stops; --resume goes on, to the same weights bit for bit. OUT gets the model (GGUF,"
                    + " safetensors), its card, recipe.lock, the log and a report with curves. 'glass verify OUT' repeats the"
                    + " training and compares."
        },
        footer = {
            "",
            "Examples:",
            "  glass train my.txt --minutes 20",
            "  glass train shakespeare.txt --preset nanogpt -o shakespeare",
            "  glass train --preset story -o story     a storyteller; the stories come with it",
            "  glass train --resume shakespeare",
            "  glass train --check-gradients"
        })
final class TrainCommand implements Runnable {
    private static final double MINUTES = 10;

    private final Console console;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Text in UTF-8, JSON lines (.jsonl), or one folder that 'glass data build' made.")
    private List<Path> files = List.of();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "OUT",
            description = "The folder of the run; without it, FILE's name and '-model'.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = {"-m", "--minutes"},
            paramLabel = "M",
            description = "Choose model and steps so that it takes about M minutes (10). Three steps are timed first.")
    private Optional<Double> minutes = Optional.empty();

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "A training that is known to work: char (characters, minutes), story (a storyteller, on"
                    + " stories that the program tells; needs no FILE), nanogpt (nanoGPT's recipe for a CPU).")
    private Optional<String> preset = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A configuration as JSON, such as \"config\" in a recipe.lock.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--resume", paramLabel = "OUT", description = "Go on with the training in this folder.")
    private Optional<Path> resume = Optional.empty();

    @Mixin
    private final DataOption data = new DataOption();

    @Option(names = "--steps", paramLabel = "N", description = "Steps, instead of what the plan or preset has.")
    private Optional<Long> steps = Optional.empty();

    @Option(names = "--batch", paramLabel = "N", description = "Samples of a step.")
    private Optional<Integer> batch = Optional.empty();

    @Option(names = "--rate", paramLabel = "R", description = "AdamW's largest learning rate.")
    private Optional<Double> rate = Optional.empty();

    @Option(names = "--seed", paramLabel = "S", description = "Of the first weights and the order of the text.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--micro-batch",
            paramLabel = "N",
            description = "Samples computed together: memory against pace; never changes the weights.")
    private Optional<Integer> microBatch = Optional.empty();

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads that compute; one a processor. The weights do not depend on it.")
    private Optional<Integer> threads = Optional.empty();

    @Option(names = "--scalar", description = "Compute without the Vector API: the same bits, slowly.")
    private boolean scalar;

    @Option(names = "--license", paramLabel = "SPDX", description = "The licence you give the weights (apache-2.0).")
    private Optional<String> licence = Optional.empty();

    @Option(names = "--plan", description = "Print the plan and stop.")
    private boolean planOnly;

    @Option(
            names = "--check-gradients",
            description =
                    "Compare the gradients of a tiny model with differences of its loss, value by value, and stop.")
    private boolean checkGradients;

    @Option(names = "--json", description = "Print the plan, each line of the log and the result as JSON lines.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        TrainOptions.check(spec, files, TrainingPreset.of(preset));
        numbers();
        if (!scalar) {
            VectorModule.load();
        }
        if (checkGradients) {
            checkGradients();
        } else if (resume.isPresent()) {
            resume(resume.get());
        } else {
            begin();
        }
    }

    private void numbers() {
        if (threads() < 1 || threads() > Trainer.MOST_THREADS) {
            throw new GlassException("--threads must be from 1 to " + Trainer.MOST_THREADS + ".");
        }
        if (steps.orElse(1L) < 1
                || steps.orElse(1L) > TrainingConfig.MOST_STEPS
                || samples(batch)
                || samples(microBatch)) {
            throw new GlassException("--steps must be from 1 to " + TrainingConfig.MOST_STEPS
                    + ", --batch and --micro-batch from 1 to " + TrainingConfig.MOST_SAMPLES + ".");
        }
        if (!(rate.orElse(1.0) >= 0 && rate.orElse(1.0) < Double.POSITIVE_INFINITY)) {
            throw new GlassException("--rate must be a number from 0.");
        }
        minutes.ifPresent(Planner::checkMinutes);
    }

    private static boolean samples(Optional<Integer> count) {
        return count.orElse(1) < 1 || count.orElse(1) > TrainingConfig.MOST_SAMPLES;
    }

    private int threads() {
        return threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    }

    private KernelChoice kernels() {
        return scalar ? KernelChoice.SCALAR : KernelChoice.AUTO;
    }

    private void begin() {
        TrainingPreset recipe = TrainingPreset.of(preset);
        if (files.isEmpty() && !recipe.makesText()) {
            throw new GlassException(
                    "There is nothing to learn from: name a file of text, a folder of data, or --preset" + " story.");
        }
        Optional<TrainingConfig> given = config.map(file -> changed(TrainingConfig.parse(Json.read(file))));
        Path folder = out.orElseGet(this::named);
        try (NewRun run = NewRun.take(folder, inputs())) {
            if (run.anew()) {
                console.note("the training in " + folder + " was broken off before its first step: it begins anew");
            }
            try (DataSet set = data(recipe, folder)) {
                console.note("timing a few steps …");
                TrainingPlan plan =
                        given.isPresent() ? Planner.measure(given.get(), set, threads(), kernels()) : plan(recipe, set);
                print(plan, set, folder);
                if (!planOnly) {
                    begin(plan.config(), set, folder, recipe, run);
                }
            }
        }
    }

    private DataSet data(TrainingPreset recipe, Path folder) {
        if (TrainOptions.ready(files)) {
            return DataSet.open(files.getFirst());
        }
        Path made = folder.resolve("data");
        if (recipe.makesText() && files.isEmpty()) {
            console.note("telling the stories and learning their tokenizer …");
            return recipe.text(made, threads());
        }
        return data.build(console, files, made, recipe.characters(), recipe.unmarked(), recipe.validation());
    }

    private List<Path> inputs() {
        return Stream.of(files.stream(), data.tokenizer().stream(), config.stream())
                .flatMap(paths -> paths)
                .toList();
    }

    private void begin(TrainingConfig chosen, DataSet set, Path folder, TrainingPreset recipe, NewRun run) {
        ModelInfo named = ModelInfo.named(
                String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
        ModelInfo info =
                new ModelInfo(named.name(), licence.orElse(named.licence()), recipe.description(), recipe.languages());
        TrainingSession session = session(set, recipe);
        run.release();
        train(session, chosen, folder, Trainer.builder(chosen, set, folder).info(info));
    }

    private Path named() {
        if (files.isEmpty()) {
            return Path.of(preset.orElse("training") + "-model");
        }
        String name =
                String.valueOf(files.getFirst().toAbsolutePath().normalize().getFileName());
        int dot = name.lastIndexOf('.');
        return Path.of((dot > 0 ? name.substring(0, dot) : name) + "-model");
    }

    private TrainingPlan plan(TrainingPreset recipe, DataSet set) {
        Optional<TrainingConfig> fixed = recipe.config(set);
        if (fixed.isPresent()) {
            return Planner.measure(changed(fixed.get()), set, threads(), kernels());
        }
        TrainingPlan chosen = Planner.choose(set, minutes.orElse(MINUTES), threads(), kernels());
        TrainingConfig asked = changed(chosen.config());
        return asked.equals(chosen.config()) ? chosen : Planner.measure(asked, set, threads(), kernels());
    }

    /** With what the command line says of it. */
    private TrainingConfig changed(TrainingConfig old) {
        TrainingConfigBuilder builder = old.toBuilder();
        steps.ifPresent(count -> {
            builder.steps(count);
            builder.schedule(TrainingPreset.fitted(old.schedule(), old.steps(), count));
        });
        batch.ifPresent(builder::batch);
        seed.ifPresent(builder::seed);
        microBatch.ifPresent(builder::microBatch);
        rate.ifPresent(value -> builder.optimizer(withRate(old.optimizer(), value)));
        return builder.build();
    }

    private static OptimizerConfig withRate(OptimizerConfig old, double rate) {
        return new OptimizerConfig(
                old.method(),
                rate,
                old.beta1(),
                old.beta2(),
                old.epsilon(),
                old.decay(),
                old.muonRate(),
                old.muonMomentum(),
                old.muonDecay(),
                old.muonSteps());
    }

    private void print(TrainingPlan plan, DataSet set, Path folder) {
        if (json) {
            console.json(Json.object().put("plan", plan.toJson()).build());
            return;
        }
        console.note(console.bold("the plan"));
        PlanText.lines(plan, set, threads()).forEach(console::note);
        console.note("  folder     " + folder);
    }

    private void resume(Path folder) {
        TrainingConfig kept = Trainer.config(folder);
        String begun = Trainer.info(folder).licence();
        if (licence.isPresent() && !licence.get().equals(begun)) {
            throw new GlassException("The training in " + folder + " was begun under the licence " + begun
                    + ": leave --license away, or begin anew.");
        }
        if (microBatch.isPresent()) {
            kept = kept.toBuilder().microBatch(microBatch.get()).build();
        }
        Path own = folder.resolve("data");
        Path where = files.size() == 1 ? files.getFirst() : Files.isDirectory(own) ? own : Trainer.data(folder);
        if (!Files.isDirectory(where)) {
            throw new GlassException("The data of " + folder + " is not at " + where
                    + " any more: name it, as in 'glass train --resume " + folder + " DATA'.");
        }
        try (DataSet set = DataSet.open(where)) {
            train(
                    session(set, TrainingPreset.ofData(set)),
                    kept,
                    folder,
                    Trainer.builder(kept, set, folder).resume(true));
        }
    }

    private TrainingSession session(DataSet set, TrainingPreset recipe) {
        return new TrainingSession(console, json, set.chatTemplate().isPresent(), recipe.entropy(set));
    }

    private void train(TrainingSession session, TrainingConfig chosen, Path folder, Trainer.Builder builder) {
        TrainingListener listener = session.listener(chosen, folder);
        session.run(
                builder.listener(listener).threads(threads()).kernels(kernels()).build(), listener);
    }

    private void checkGradients() {
        TrainingPreset recipe = TrainingPreset.of(preset);
        TrainingConfig checked = config.isPresent()
                ? TrainingConfig.parse(Json.read(config.get()))
                : recipe.config(1024).orElseGet(() -> TrainingPreset.of(Optional.of("story"))
                        .config(1024)
                        .orElseThrow());
        GradientPicture.print(
                console,
                GradientCheck.run(checked.model(), kernels(), threads()),
                checked.model().architecture(),
                json);
    }
}
