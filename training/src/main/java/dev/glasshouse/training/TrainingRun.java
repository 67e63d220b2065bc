package dev.glasshouse.training;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One session of a training. */
final class TrainingRun {
    private final Trainer trainer;
    private final TrainingConfig config;
    private final DataFeed data;
    private final TrainingListener listener;
    private final RunFolder run;
    private final CheckpointStore store;
    private final Speaker speaker;
    private final String configHash;
    private final List<Long> milestones;
    private final List<Long> moments;

    TrainingRun(Trainer trainer, RunFolder run) {
        this.trainer = trainer;
        this.run = run;
        config = trainer.config;
        data = trainer.data;
        listener = trainer.listener;
        store = run.checkpoints();
        speaker = new Speaker(
                run.path().resolve(".speaking.gguf"), data.tokenizer(), trainer.info, trainer.threads, trainer.kernels);
        configHash = hash(config.toBuilder().microBatch(1).build().toJson().write());
        milestones = Milestone.steps(config.steps(), config.milestones());
        moments = FilmStrip.moments(config.steps(), config.film().moments());
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(FileDigest.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static Kernels kernels(KernelChoice choice, int threads) {
        return choice == KernelChoice.SCALAR ? new ScalarKernels(threads) : Kernels.best(threads);
    }

    TrainingResult run() {
        check();
        Optional<Checkpoint> from = prepare();
        try (Kernels kernels = kernels(trainer.kernels, trainer.threads);
                TrainingState state = new TrainingState(config, kernels);
                TrainingLog log =
                        TrainingLog.open(run.log(), from.map(Checkpoint::log).orElse(0L))) {
            from.ifPresent(checkpoint -> checkpoint.load(state.parameters, state.optimizer));
            Progress start = from.map(Checkpoint::progress).orElse(Progress.start(config.spike()));
            run.session(Machine.describe(start.step(), kernels, config.microBatch()));
            listener.started(config, start.step(), kernels.name(), kernels.threads());
            return new Session(state, log, start, from).run();
        }
    }

    private void check() {
        if (data.vocabulary() != config.model().vocabulary()) {
            throw new GlassException("The data's vocabulary has " + data.vocabulary() + " tokens, the model's "
                    + config.model().vocabulary() + ": build the data with the model's tokenizer, or give the model the"
                    + " vocabulary of the data.");
        }
        Memory memory = Memory.check(config, trainer.memory);
        checkPrompts();
        data.verify();
        long disk = disk(memory);
        try {
            long room = Files.getFileStore(run.path()).getUsableSpace();
            if (room < disk) {
                throw new GlassException("The training needs about " + Memory.size(disk) + " on the disk of "
                        + run.path() + " for checkpoints and the model, and " + Memory.size(room) + " are left.");
            }
        } catch (IOException e) {
            throw new GlassException("Cannot look at the disk of " + run.path() + ": " + e + ".", e);
        }
    }

    /** So that a prompt that cannot be answered is known before the training, not in the middle of it. */
    private void checkPrompts() {
        List<String> prompts = new ArrayList<>();
        if (config.samples().every() > 0) {
            prompts.addAll(config.samples().prompts());
        }
        if (config.film().moments() > 0) {
            prompts.add(config.film().prompt());
        }
        for (String prompt : prompts) {
            int tokens = Tokenizer.of(data.tokenizer().gguf()).encode(prompt, true).length;
            if (tokens < 1 || tokens >= config.model().context()) {
                throw new GlassException("The prompt " + Json.of(prompt).write() + " of samples or film has " + tokens
                        + " tokens; it must have from 1 to " + (config.model().context() - 1) + ".");
            }
        }
    }

    /** Bytes: checkpoints (the best and the one in the making too) and the model in three forms. */
    private long disk(Memory memory) {
        return disk(config, memory);
    }

    static long disk(TrainingConfig config, Memory memory) {
        return 12 * memory.parameters() * (config.checkpoints().keep() + 2L) + 10 * memory.parameters() + (4L << 20);
    }

    /** The checkpoint to go on from; empty to begin. */
    private Optional<Checkpoint> prepare() {
        if (!run.begun()) {
            if (trainer.resume) {
                throw new GlassException("There is no training in " + run.path() + " that could go on.");
            }
            run.begin(config, data, trainer.info);
            return Optional.empty();
        }
        if (!trainer.resume) {
            throw new GlassException(
                    "The folder " + run.path() + " holds a training already: resume it, or choose another folder.");
        }
        run.checkSame(config, data.sha256(), trainer.info);
        store.clean();
        List<String> broken = new ArrayList<>();
        Optional<Checkpoint> newest = store.newest(config.spike(), broken);
        broken.forEach(listener::note);
        if (newest.isEmpty() && !broken.isEmpty()) {
            throw new GlassException("No checkpoint in " + store.folder() + " can be used. " + broken.getFirst());
        }
        newest.ifPresent(checkpoint -> {
            if (!checkpoint.config().equals(configHash) || !checkpoint.data().equals(data.sha256())) {
                throw new GlassException("The checkpoint " + checkpoint.folder() + " is of another training.");
            }
        });
        return newest;
    }

    /** The loop. */
    private final class Session {
        private final TrainingState state;
        private final TrainingLog log;
        private final long began = System.nanoTime();
        private final double before;
        private final boolean fresh;
        private Progress progress;
        private Optional<Checkpoint> saved;
        private final PaceMeter pace = new PaceMeter();

        Session(TrainingState state, TrainingLog log, Progress progress, Optional<Checkpoint> from) {
            this.state = state;
            this.log = log;
            this.progress = progress;
            saved = from;
            fresh = from.isEmpty();
            before = progress.seconds();
        }

        private double seconds() {
            return before + (System.nanoTime() - began) / 1e9;
        }

        TrainingResult run() {
            if (fresh) {
                after(0);
            }
            while (progress.step() < config.steps() && !trainer.stopping()) {
                step(progress.step());
                after(progress.step());
            }
            boolean finished = progress.step() == config.steps();
            save();
            String weights = state.parameters.sha256();
            Optional<Path> model = Optional.empty();
            if (finished) {
                model = Optional.of(run.model());
                new ModelExport(trainer, run, progress).write(state);
            }
            return new TrainingResult(
                    finished, progress.step(), progress.last(), seconds(), weights, run.path(), model);
        }

        private void step(long step) {
            double loss = state.gradients(step, data.batch(step));
            progress.guard().judge(loss).ifPresent(what -> stopAt(step, step, what));
            double norm = state.update(step);
            if (!Double.isFinite(norm)) {
                stopAt(step, step, "the norm of the gradients is " + norm);
            }
            progress = progress.after(step + 1, seconds(), progress.guard().after(loss));
            TrainingLog.Step line = new TrainingLog.Step(
                    step + 1,
                    loss,
                    norm,
                    config.optimizer().rate() * config.schedule().factor(step, config.steps()),
                    (step + 1) * config.tokensPerStep(),
                    progress.seconds());
            log.append(line);
            listener.step(line, pace.after(config, step + 1));
        }

        /** @param bad the number of updates after which the weights were bad: a checkpoint of that step holds just those */
        private void stopAt(long index, long bad, String what) {
            throw new GlassException(
                    "The training was stopped in step " + (index + 1) + ": " + what + ". The step's batch: "
                            + data.where(index) + ". " + kept(bad)
                            + "Begin anew with a lower learning rate or a longer warm-up.");
        }

        private String kept(long bad) {
            List<Path> all = store.all();
            Optional<Path> good = all.stream()
                    .filter(path -> CheckpointStore.step(path) < bad)
                    .findFirst();
            String newer = all.isEmpty() || CheckpointStore.step(all.getFirst()) < bad
                    ? ""
                    : "The checkpoint " + all.getFirst() + " holds the weights that went wrong. ";
            return good.map(path -> "The last good checkpoint is " + path + ". ")
                            .orElse("")
                    + newer;
        }

        /** What is due when a number of steps is done, in a fixed order, so that a log does not depend on breaks. */
        private void after(long step) {
            if (milestones.contains(step)) {
                Milestone milestone = Milestone.of(progress.chain(), step, state.parameters, state.optimizer);
                progress = progress.with(milestone);
                listener.milestone(milestone);
            }
            boolean last = step == config.steps();
            boolean best = false;
            if (data.validationWindows() > 0
                    && (last || due(step, config.evaluation().every()))) {
                best = evaluate(step);
            }
            boolean samples = due(step, config.samples().every())
                    || (last && config.samples().every() > 0);
            int moment = moments.indexOf(step);
            if ((samples && !config.samples().prompts().isEmpty()) || moment >= 0) {
                speaker.talk(state.parameters, session -> {
                    if (samples) {
                        samples(step, session);
                    }
                    if (moment >= 0) {
                        picture(step, session);
                    }
                });
            }
            if (step > 0
                    && config.checkpoints().every() > 0
                    && (best || last || due(step, config.checkpoints().every()))) {
                save();
            }
        }

        private boolean due(long step, long every) {
            return every > 0 && step % every == 0;
        }

        private boolean evaluate(long step) {
            TrainingState.Evaluated found =
                    state.evaluate(data, config.evaluation().tokens());
            if (!Double.isFinite(found.loss())) {
                stopAt(Math.max(0, step - 1), step, "the validation loss is " + found.loss());
            }
            double bits = found.loss() / StrictMath.log(2) / data.validationBytesPerToken();
            TrainingLog.Validation line =
                    new TrainingLog.Validation(step, found.loss(), bits, found.tokens(), seconds());
            log.append(line);
            progress = progress.withValidation(found.loss());
            listener.validation(line);
            return progress.bestStep().isPresent() && progress.bestStep().getAsLong() == step;
        }

        private void samples(long step, Speaker.Session session) {
            TrainingConfig.Samples samples = config.samples();
            for (String prompt : samples.prompts()) {
                String text = session.text(prompt, samples.tokens(), samples.temperature(), samples.seed());
                TrainingLog.Sample line = new TrainingLog.Sample(step, prompt, text, seconds());
                log.append(line);
                listener.sample(line);
            }
        }

        private void picture(long step, Speaker.Session session) {
            TrainingConfig.Film film = config.film();
            Trace trace = session.trace(film.prompt(), film.tokens(), FilmStrip.TEMPERATURE, FilmStrip.SEED);
            String name = String.format(Locale.ROOT, "film/step-%08d.json", step);
            try {
                Files.createDirectories(run.film());
                Durable.write(run.path().resolve(name), trace.toJson().write() + "\n");
            } catch (IOException e) {
                throw new GlassException("Cannot write " + name + " in " + run.path() + ": " + e.getMessage() + ".", e);
            }
            TrainingLog.Picture line = new TrainingLog.Picture(step, name, seconds());
            log.append(line);
            listener.picture(line);
        }

        /** Puts the present state on the disk; a checkpoint that is there already stays. */
        private void save() {
            if (saved.isPresent() && saved.get().progress().step() == progress.step()) {
                return;
            }
            progress = progress.after(progress.step(), seconds(), progress.guard());
            Checkpoint checkpoint = Checkpoint.write(
                    store.folder(),
                    progress,
                    configHash,
                    data.sha256(),
                    log.force(),
                    state.parameters,
                    state.optimizer);
            saved = Optional.of(checkpoint);
            store.prune(progress.step(), config.checkpoints().keep(), progress.bestStep());
            listener.checkpoint(progress.step(), checkpoint.folder());
        }
    }
}
