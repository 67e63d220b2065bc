package dev.glasshouse.training;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.weights.GlassException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Trains a model from a configuration and a data set.
 *
 * <pre>{@code
 * try (DataSet data = DataSet.open(Path.of("shakespeare"))) {
 *     TrainingConfig config = Presets.character(data);
 *     TrainingResult result = Trainer.builder(config, data, Path.of("run"))
 *             .listener(new TrainingListener() {
 *                 public void step(TrainingLog.Step step, Pace pace) {
 *                     System.out.println(step.step() + " " + step.loss());
 *                 }
 *             })
 *             .build()
 *             .run();
 *     System.out.println(result.weights());
 * }
 * }</pre>
 *
 * <p>The weights are a function of configuration and data: threads, processor, kernels, micro-batch, how often the run was
 * broken off and resumed change no bit of them. Whatever is announced to the listener as a checkpoint survives the loss of
 * power.
 */
public final class Trainer {
    /** More than any machine has. */
    public static final int MOST_THREADS = 1024;

    final TrainingConfig config;
    final DataFeed data;
    final Path folder;
    final ModelInfo info;
    final TrainingListener listener;
    final boolean resume;
    final int threads;
    final KernelChoice kernels;
    final OptionalLong memory;
    private volatile boolean stopping;

    private Trainer(Builder builder) {
        config = builder.config;
        data = builder.data;
        folder = builder.folder;
        resume = builder.resume;
        info = builder.info.orElseGet(
                () -> resume && RunFolder.begun(folder) ? RunFolder.info(folder) : ModelInfo.named(name(folder)));
        listener = builder.listener;
        threads = builder.threads;
        kernels = builder.kernels;
        memory = builder.memory;
    }

    /**
     * A training to be set up.
     *
     * @param folder of the run; made where it is missing
     */
    public static Builder builder(TrainingConfig config, DataSet data, Path folder) {
        return new Builder(config, new DataSetFeed(data, config), folder);
    }

    static Builder builder(TrainingConfig config, DataFeed data, Path folder) {
        return new Builder(config, data, folder);
    }

    /** The configuration of the run in a folder, to resume it. @throws GlassException if there is none */
    public static TrainingConfig config(Path folder) {
        return RunFolder.config(folder);
    }

    /** Where the data of the run in a folder lay. @throws GlassException if there is no run or it does not say */
    public static Path data(Path folder) {
        return RunFolder.data(folder);
    }

    /** What is said of the model of the run in a folder. @throws GlassException if there is no run or it does not say */
    public static ModelInfo info(Path folder) {
        return RunFolder.info(folder);
    }

    private static String name(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "model" : name.toString();
    }

    /**
     * Trains on the calling thread until the last step or {@link #stop}.
     *
     * @throws GlassException for a configuration that cannot fit, data that does not, a folder in use, a full disk, or a loss
     *     that jumps or is no number; the last good checkpoint is kept then
     */
    public TrainingResult run() {
        try (RunFolder run = RunFolder.open(folder)) {
            return new TrainingRun(this, run).run();
        }
    }

    /** Asks the training to save a checkpoint and end after the step that is being computed; for any thread. */
    public void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    /** Sets a training up. */
    public static final class Builder {
        private final TrainingConfig config;
        private final DataFeed data;
        private final Path folder;
        private Optional<ModelInfo> info = Optional.empty();
        private TrainingListener listener = TrainingListener.NONE;
        private boolean resume;
        private int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
        private KernelChoice kernels = KernelChoice.AUTO;
        private OptionalLong memory = OptionalLong.empty();

        private Builder(TrainingConfig config, DataFeed data, Path folder) {
            this.config = config;
            this.data = data;
            this.folder = folder;
        }

        /** What is said of the model; by itself the folder's name, and in a run that goes on what was said at its beginning. */
        public Builder info(ModelInfo value) {
            info = Optional.of(value);
            return this;
        }

        /** Who hears of it. */
        public Builder listener(TrainingListener value) {
            listener = value;
            return this;
        }

        /** Goes on from the newest checkpoint of the folder. */
        public Builder resume(boolean value) {
            resume = value;
            return this;
        }

        /** Threads that compute; all processors by themselves. */
        public Builder threads(int value) {
            if (value < 1 || value > MOST_THREADS) {
                throw new GlassException("A training cannot have " + value + " threads.");
            }
            threads = value;
            return this;
        }

        /** Which kernels. */
        public Builder kernels(KernelChoice value) {
            kernels = value;
            return this;
        }

        /** Bytes outside the heap that may be used; what is free by itself. */
        public Builder memory(long bytes) {
            memory = OptionalLong.of(bytes);
            return this;
        }

        /** @throws GlassException if it is to go on and the folder does not say as what model */
        public Trainer build() {
            return new Trainer(this);
        }
    }
}
