package dev.glasshouse.training;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.training.TrainingConfig.Checkpoints;
import dev.glasshouse.training.TrainingConfig.Evaluation;
import dev.glasshouse.training.TrainingConfig.Film;
import dev.glasshouse.training.TrainingConfig.Order;
import dev.glasshouse.training.TrainingConfig.Samples;

/** Builds a {@link TrainingConfig}; each value is explained there. */
public final class TrainingConfigBuilder {
    private ModelPlan model;
    private int length;
    private int batch = 32;
    private long steps = 1000;
    private Order order = Order.WINDOWS;
    private OptimizerConfig optimizer = OptimizerConfig.adamW(1e-3);
    private Schedule schedule = Schedule.cosine(0);
    private double clip = 1;
    private double dropout;
    private long seed = 42;
    private int microBatch = 8;
    private int milestones = 20;
    private Evaluation evaluation = new Evaluation(100, 65_536);
    private Samples samples = Samples.NONE;
    private Checkpoints checkpoints = new Checkpoints(100, 2);
    private Film film = Film.NONE;
    private double spike = 1;

    TrainingConfigBuilder(ModelPlan model) {
        this.model = model;
        length = Math.min(256, model.context());
    }

    TrainingConfigBuilder(TrainingConfig config) {
        model = config.model();
        length = config.length();
        batch = config.batch();
        steps = config.steps();
        order = config.order();
        optimizer = config.optimizer();
        schedule = config.schedule();
        clip = config.clip();
        dropout = config.dropout();
        seed = config.seed();
        microBatch = config.microBatch();
        milestones = config.milestones();
        evaluation = config.evaluation();
        samples = config.samples();
        checkpoints = config.checkpoints();
        film = config.film();
        spike = config.spike();
    }

    public TrainingConfigBuilder model(ModelPlan value) {
        model = value;
        return this;
    }

    public TrainingConfigBuilder length(int value) {
        length = value;
        return this;
    }

    public TrainingConfigBuilder batch(int value) {
        batch = value;
        return this;
    }

    public TrainingConfigBuilder steps(long value) {
        steps = value;
        return this;
    }

    public TrainingConfigBuilder order(Order value) {
        order = value;
        return this;
    }

    public TrainingConfigBuilder optimizer(OptimizerConfig value) {
        optimizer = value;
        return this;
    }

    public TrainingConfigBuilder schedule(Schedule value) {
        schedule = value;
        return this;
    }

    public TrainingConfigBuilder clip(double value) {
        clip = value;
        return this;
    }

    public TrainingConfigBuilder dropout(double value) {
        dropout = value;
        return this;
    }

    public TrainingConfigBuilder seed(long value) {
        seed = value;
        return this;
    }

    public TrainingConfigBuilder microBatch(int value) {
        microBatch = value;
        return this;
    }

    public TrainingConfigBuilder milestones(int value) {
        milestones = value;
        return this;
    }

    public TrainingConfigBuilder evaluation(Evaluation value) {
        evaluation = value;
        return this;
    }

    public TrainingConfigBuilder samples(Samples value) {
        samples = value;
        return this;
    }

    public TrainingConfigBuilder checkpoints(Checkpoints value) {
        checkpoints = value;
        return this;
    }

    public TrainingConfigBuilder film(Film value) {
        film = value;
        return this;
    }

    public TrainingConfigBuilder spike(double value) {
        spike = value;
        return this;
    }

    /** @throws dev.glasshouse.weights.GlassException that says which number is impossible */
    public TrainingConfig build() {
        return new TrainingConfig(
                model,
                length,
                batch,
                steps,
                order,
                optimizer,
                schedule,
                clip,
                dropout,
                seed,
                microBatch,
                milestones,
                evaluation,
                samples,
                checkpoints,
                film,
                spike);
    }
}
