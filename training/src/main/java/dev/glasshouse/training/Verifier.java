package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.training.Verification.CannotTell;
import dev.glasshouse.training.Verification.Different;
import dev.glasshouse.training.Verification.Same;
import dev.glasshouse.training.Verification.Verdict;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.Manifest;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Checks that the weights in a folder come from the recipe beside them. Cheap things first: the lock holds together; the files
 * are those that it names; the weights are those of its last milestone; the quantised file and the one for Hugging Face
 * follow from them; the data's manifest is the recipe's. Then some steps are timed and the cost is said. Then the data's files
 * are compared with their hashes, or made again, the training is repeated, and its state is compared at each milestone.
 *
 * <p>Nothing of the folder is executed, no name in it leads out of it, nothing is downloaded.
 */
public final class Verifier {
    private final Path folder;
    private final VerifyOptions options;
    private final VerifyListener listener;
    private final List<String> checked = new ArrayList<>();
    private long from;
    private long compared = -1;
    private boolean filesFollow;

    private Verifier(Path folder, VerifyOptions options, VerifyListener listener) {
        this.folder = folder;
        this.options = options;
        this.listener = listener;
    }

    /**
     * Verifies a folder: a model's with its {@code recipe.lock}, or that of a run.
     *
     * @throws GlassException if the lock cannot be used
     */
    public static Verification verify(Path folder, VerifyOptions options, VerifyListener listener) {
        long start = System.nanoTime();
        Path model = model(folder);
        Verifier verifier = new Verifier(model, options, listener);
        long steps = 0;
        Verdict verdict;
        if (!SafeFolder.has(model, RecipeLock.NAME)) {
            verdict = new CannotTell(
                    List.of(folder + " has no " + RecipeLock.NAME + ": nothing says how its weights were made."));
        } else {
            try {
                RecipeLock lock = RecipeLock.read(model.resolve(RecipeLock.NAME));
                steps = lock.config().steps();
                verdict = verifier.told(lock, folder);
            } catch (RecipeLock.EditedException e) {
                verdict = new Different(RecipeLock.NAME, -1, "", String.valueOf(e.getMessage()));
            }
        }
        return new Verification(
                verdict,
                verifier.from,
                verifier.compared,
                steps,
                verifier.filesFollow,
                verifier.checked,
                (System.nanoTime() - start) / 1e9);
    }

    /** The folder itself, or the model in that of a run. */
    private static Path model(Path folder) {
        if (Files.exists(folder.resolve(RecipeLock.NAME), LinkOption.NOFOLLOW_LINKS)) {
            return folder;
        }
        Path model = folder.resolve("model");
        SafeFolder.noLink(model);
        return model;
    }

    /**
     * The first milestone at or after a share of the training: so many steps must be repeated to compare anything there.
     *
     * @param share of the training's steps, 0 to 1
     * @return empty where the folder has no recipe that can be read
     */
    public static OptionalLong milestone(Path folder, double share) {
        Path model = model(folder);
        if (!SafeFolder.has(model, RecipeLock.NAME)) {
            return OptionalLong.empty();
        }
        try {
            RecipeLock lock = RecipeLock.read(model.resolve(RecipeLock.NAME));
            return lock.milestones().stream()
                    .mapToLong(Milestone::step)
                    .filter(step ->
                            step > 0 && step >= share * (double) lock.config().steps())
                    .findFirst();
        } catch (RecipeLock.EditedException e) {
            return OptionalLong.empty();
        }
    }

    private void checked(String what) {
        checked.add(what);
        listener.checked(what);
    }

    /** What goes wrong on the way, such as a full disk, says nothing of the model. */
    private Verdict told(RecipeLock lock, Path given) {
        try {
            return run(lock, given);
        } catch (GlassException e) {
            return new CannotTell(List.of(String.valueOf(e.getMessage())));
        }
    }

    private Verdict run(RecipeLock lock, Path given) {
        if (!lock.comparable()) {
            return new CannotTell(List.of("The recipe's numbers are of numerics version " + lock.numerics()
                    + "; this program computes others. Use a program of that version."));
        }
        if (lock.base().isPresent()) {
            return new CannotTell(List.of("The training began with another model's weights (SHA-256 "
                    + lock.base().get() + "), which are not here."));
        }
        Manifest manifest = Manifest.of(lock.data());
        if (!manifest.sha256().equals(lock.dataSha256())) {
            return new Different(RecipeLock.NAME, -1, "", "The lock was edited: its manifest is not that of its data.");
        }
        if (manifest.vocabulary() != lock.config().model().vocabulary()) {
            return new Different(
                    "data",
                    -1,
                    "",
                    "The data has a vocabulary of " + manifest.vocabulary() + ", the model one of "
                            + lock.config().model().vocabulary() + ".");
        }
        checked("the lock holds together");
        try (Scratch scratch = new Scratch()) {
            ModelFiles files = new ModelFiles(folder, lock, scratch.path(), this::checked);
            Optional<Verdict> spoilt = files.check();
            if (spoilt.isPresent()) {
                return spoilt.get();
            }
            filesFollow = files.follow();
            if (options.steps().isPresent() && options.steps().getAsLong() == 0) {
                return new Same();
            }
            DataFinder finder = new DataFinder(folder, given, lock, options, scratch.path(), listener);
            DataFinder.Place place = finder.place();
            return place instanceof DataFinder.Wrong wrong
                    ? wrong.verdict()
                    : begin(lock, finder, place, scratch.path());
        }
    }

    /** Says what it costs, and goes on if that is wanted. */
    private Verdict begin(RecipeLock lock, DataFinder finder, DataFinder.Place place, Path scratch) {
        TrainingConfig config = fitting(lock);
        Memory memory = Memory.check(config, OptionalLong.empty());
        Optional<Checkpoint> checkpoint = options.checkpoint().map(path -> Checkpoint.open(path, config.spike()));
        from = checkpoint.map(found -> found.progress().step()).orElse(0L);
        if (from < 0 || from > config.steps()) {
            return new CannotTell(List.of("The checkpoint is of step " + from + "; the recipe has " + config.steps()
                    + " steps, so it is another training's."));
        }
        if (checkpoint.isPresent() && !checkpoint.get().data().equals(lock.dataSha256())) {
            return new CannotTell(List.of("The checkpoint was made with other data than the recipe's."));
        }
        try (Kernels kernels = TrainingRun.kernels(options.kernels(), options.threads())) {
            double seconds = StepTimer.seconds(config, kernels);
            long last = options.steps().isPresent()
                    ? Math.min(
                            config.steps(), from + Math.max(0, options.steps().getAsLong()))
                    : config.steps();
            VerifyListener.Cost cost = new VerifyListener.Cost(
                    last - from,
                    (last - from) * config.tokensPerStep(),
                    seconds * (last - from),
                    memory.outside(),
                    place.documents(),
                    place.diskBytes());
            if (!listener.cost(cost)) {
                return new CannotTell(List.of("The training was not repeated."));
            }
            try (TrainingState state = new TrainingState(config, kernels)) {
                if (!Milestone.names(state.parameters, state.optimizer).equals(lock.tensors())) {
                    return new Different(
                            RecipeLock.NAME, -1, "", "The lock names other tensors than its configuration has.");
                }
                checkpoint.ifPresent(found -> found.load(state.parameters, state.optimizer));
                return switch (finder.find(place)) {
                    case DataFinder.Wrong wrong -> wrong.verdict();
                    case DataFinder.Found found -> {
                        try (DataSet data = found.data()) {
                            checked("the data: " + found.how());
                            yield repeat(lock, new DataSetFeed(data, config), state, last, scratch);
                        }
                    }
                };
            }
        }
    }

    private Verdict repeat(RecipeLock lock, DataFeed feed, TrainingState state, long last, Path scratch) {
        Optional<Verdict> different = steps(lock, state, feed, last);
        if (different.isPresent()) {
            return different.get();
        }
        if (compared < 0) {
            return new CannotTell(List.of("No milestone lies between the steps " + from + " and " + last
                    + "; the next one is at step "
                    + lock.milestones().stream()
                            .mapToLong(Milestone::step)
                            .filter(step -> step > last)
                            .findFirst()
                            .orElse(state.config.steps())
                    + "."));
        }
        return last == state.config.steps() ? product(lock, state, feed, scratch) : new Same();
    }

    /** The recipe with a micro-batch that fits into the memory: it changes no bit. */
    private TrainingConfig fitting(RecipeLock lock) {
        // Nothing is sampled here, so no room is needed for it.
        TrainingConfig config = lock.config().toBuilder()
                .microBatch(options.microBatch() == 0 ? lock.config().microBatch() : options.microBatch())
                .samples(TrainingConfig.Samples.NONE)
                .film(TrainingConfig.Film.NONE)
                .build();
        while (config.microBatch() > 1) {
            try {
                Memory.check(config, OptionalLong.empty());
                return config;
            } catch (GlassException e) {
                config = config.toBuilder().microBatch(config.microBatch() / 2).build();
            }
        }
        return config;
    }

    /** Repeats steps and compares each milestone. */
    private Optional<Verdict> steps(RecipeLock lock, TrainingState state, DataFeed feed, long last) {
        String chain = Milestone.ROOT;
        for (long step = from; ; step++) {
            for (Milestone wanted : lock.milestones()) {
                if (wanted.step() < step) {
                    chain = wanted.sha256();
                } else if (wanted.step() == step) {
                    Milestone found = Milestone.of(chain, step, state.parameters, state.optimizer);
                    if (!found.equals(wanted)) {
                        return Optional.of(different(lock, wanted, found));
                    }
                    compared = step;
                    checked("the milestone of step " + step);
                }
            }
            if (step == last) {
                return Optional.empty();
            }
            double loss = state.gradients(step, feed.batch(step));
            double norm = state.update(step);
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                return Optional.of(new Different(
                        "milestone", step, "", "Step " + (step + 1) + " of the recipe gives a loss of " + loss + "."));
            }
            listener.step(step + 1, last, loss);
        }
    }

    private static Verdict different(RecipeLock lock, Milestone wanted, Milestone found) {
        for (int i = 0; i < lock.tensors().size(); i++) {
            if (!wanted.tensors().get(i).equals(found.tensors().get(i))) {
                String tensor = lock.tensors().get(i);
                return new Different(
                        "milestone",
                        wanted.step(),
                        tensor,
                        "The milestone of step " + wanted.step() + " differs, first in the tensor " + tensor
                                + ": the recipe does not give these weights.");
            }
        }
        return new Different(
                "milestone",
                wanted.step(),
                "",
                "The milestone of step " + wanted.step()
                        + " has the right tensors but not the right chain: the lock was" + " edited.");
    }

    /** The files that follow from the weights that were trained again: all that the lock names, here or not. */
    private Verdict product(RecipeLock lock, TrainingState state, DataFeed feed, Path scratch) {
        Path made = scratch.resolve("trained");
        try {
            Files.createDirectory(made);
            ModelExport.files(made, state.parameters, feed.tokenizer(), lock.info());
        } catch (IOException e) {
            throw new GlassException("Cannot write to " + made + ": " + e + ".", e);
        }
        for (Map.Entry<String, String> file : lock.files().entrySet()) {
            String name = file.getKey();
            if (!ModelExport.FILES.contains(name)
                    || !ModelFiles.sha256(made.resolve(name)).equals(file.getValue())) {
                return new Different(
                        name,
                        -1,
                        "",
                        "The file " + name
                                + " is not what the recipe gives: its weights are, but not what is said around them.");
            }
        }
        filesFollow = true;
        checked("the files of the weights trained again");
        return new Same();
    }

    /** A folder for what is made on the way, deleted in the end. */
    private static final class Scratch implements AutoCloseable {
        private final Path path;

        Scratch() {
            try {
                path = Files.createTempDirectory("glass-verify");
            } catch (IOException e) {
                throw new GlassException("Cannot make a temporary folder: " + e + ".", e);
            }
        }

        Path path() {
            return path;
        }

        @Override
        public void close() {
            try {
                Durable.delete(path);
            } catch (IOException e) {
                throw new GlassException("Cannot delete the temporary folder " + path + ": " + e + ".", e);
            }
        }
    }
}
