package dev.glasshouse.sampling;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chain of stages and the picker at its end, with all their state. One step: {@link #pick} for the network's logits,
 * then {@link #accept} for the token that was taken. The tokens of the prompt are accepted before the first step if the
 * penalties are to see them.
 *
 * <p>Order of the stages: logit bias first, then the configured order, then the picker. With Mirostat only bias and
 * temperature come before it. Adaptive-p picks if it has a target or stands in the order.
 *
 * <p>A chain serves one sequence and one thread. {@link #copy} takes a snapshot from which the same picks follow.
 */
public final class SamplerChain {
    private static final SecureRandom SEEDS = new SecureRandom();

    private final List<SamplerStage> stages;
    private final Picker picker;
    private final boolean greedy;
    private final Candidates candidates;
    private Optional<StepRecorder> recorder = Optional.empty();
    private Optional<StepRecord> lastStep = Optional.empty();

    private SamplerChain(List<? extends SamplerStage> stages, Picker picker, boolean greedy, int vocabulary) {
        this.stages = List.copyOf(stages);
        this.picker = picker;
        this.greedy = greedy;
        candidates = new Candidates(vocabulary);
    }

    /** A chain of given stages, for orders that {@link SamplerSettings} cannot say. */
    public static SamplerChain of(List<? extends SamplerStage> stages, Picker picker, int vocabulary) {
        return new SamplerChain(stages, picker, false, vocabulary);
    }

    /**
     * The chain that the settings describe.
     *
     * @param vocabulary number of tokens
     * @param breakers the settings' DRY breakers as tokens; not looked at where DRY is off
     */
    public static SamplerChain of(SamplerSettings settings, int vocabulary, DryBreakers breakers) {
        long wanted = settings.get(Parameter.SEED);
        int seed = wanted < 0 ? SEEDS.nextInt() : (int) wanted;
        int mirostat = settings.get(Parameter.MIROSTAT);
        List<StageKind> order = mirostat > 0 ? List.of(StageKind.TEMPERATURE) : settings.get(Parameter.SAMPLERS);
        List<SamplerStage> stages = new ArrayList<>();
        stages.add(new LogitBiasStage(settings.get(Parameter.LOGIT_BIAS)));
        for (StageKind kind : order) {
            if (kind != StageKind.ADAPTIVE_P) {
                stages.add(stage(kind, settings, vocabulary, breakers, seed));
            }
        }
        boolean adaptive = settings.get(Parameter.ADAPTIVE_TARGET) >= 0 || order.contains(StageKind.ADAPTIVE_P);
        Picker picker = mirostat > 0
                ? mirostat(mirostat, settings, vocabulary, seed)
                : adaptive ? adaptive(settings, seed) : new DistPicker(seed);
        return new SamplerChain(stages, picker, settings.greedy() && mirostat == 0 && !adaptive, vocabulary);
    }

    private static SamplerStage stage(
            StageKind kind, SamplerSettings settings, int vocabulary, DryBreakers breakers, int seed) {
        int minKeep = settings.get(Parameter.MIN_KEEP);
        return switch (kind) {
            case PENALTIES ->
                new PenaltiesStage(
                        vocabulary,
                        settings.get(Parameter.PENALTY_LAST_N),
                        settings.get(Parameter.PENALTY_REPEAT),
                        settings.get(Parameter.PENALTY_FREQUENCY),
                        settings.get(Parameter.PENALTY_PRESENCE));
            case DRY ->
                new DryStage(
                        settings.get(Parameter.DRY_MULTIPLIER),
                        settings.get(Parameter.DRY_BASE),
                        settings.get(Parameter.DRY_ALLOWED_LENGTH),
                        settings.get(Parameter.DRY_LAST_N),
                        breakers);
            case TOP_N_SIGMA -> new TopNSigmaStage(settings.get(Parameter.TOP_N_SIGMA));
            case TOP_K -> new TopKStage(settings.get(Parameter.TOP_K));
            case TYPICAL_P -> new TypicalStage(settings.get(Parameter.TYPICAL_P), minKeep);
            case TOP_P -> new TopPStage(settings.get(Parameter.TOP_P), minKeep);
            case MIN_P -> new MinPStage(settings.get(Parameter.MIN_P), minKeep);
            case XTC ->
                new XtcStage(
                        settings.get(Parameter.XTC_PROBABILITY), settings.get(Parameter.XTC_THRESHOLD), minKeep, seed);
            case TEMPERATURE, ADAPTIVE_P ->
                new TemperatureStage(
                        settings.get(Parameter.TEMPERATURE),
                        settings.get(Parameter.DYNAMIC_TEMPERATURE_RANGE),
                        settings.get(Parameter.DYNAMIC_TEMPERATURE_EXPONENT));
        };
    }

    private static Picker mirostat(int version, SamplerSettings settings, int vocabulary, int seed) {
        float tau = settings.get(Parameter.MIROSTAT_TAU);
        float eta = settings.get(Parameter.MIROSTAT_ETA);
        return version == 1
                ? MirostatPicker.version1(vocabulary, tau, eta, 100, seed)
                : MirostatPicker.version2(tau, eta, seed);
    }

    private static Picker adaptive(SamplerSettings settings, int seed) {
        return new AdaptivePPicker(
                settings.get(Parameter.ADAPTIVE_TARGET), settings.get(Parameter.ADAPTIVE_DECAY), seed);
    }

    /** Records every step from now on, with this many candidates after each stage; see {@link #lastStep}. */
    public void record(int top) {
        if (top < 0) {
            throw new IllegalArgumentException("record " + top + " candidates");
        }
        recorder = Optional.of(new StepRecorder(candidates.vocabulary(), top));
    }

    /** Records no more. */
    public void recordNothing() {
        recorder = Optional.empty();
        lastStep = Optional.empty();
    }

    /** The stages' names in order, the picker's last; a question mark before those that change nothing. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        stages.forEach(stage -> names.add((stage.active() ? "" : "?") + stage.name()));
        names.add(picker.name());
        return names;
    }

    /**
     * Runs the stages and picks.
     *
     * @param logits one for each token of the vocabulary
     * @return the token's id; not yet accepted
     */
    public int pick(float[] logits) {
        candidates.load(logits);
        if (recorder.isPresent()) {
            return record(logits, recorder.get());
        }
        for (SamplerStage stage : stages) {
            stage.apply(candidates);
        }
        return candidates.id(picker.pick(candidates));
    }

    private int record(float[] logits, StepRecorder record) {
        record.start(logits);
        for (SamplerStage stage : stages) {
            stage.apply(candidates);
            record.after(stage, candidates);
        }
        int id = candidates.id(picker.pick(candidates));
        record.after(picker, candidates);
        lastStep = Optional.of(record.finish(id, greedy ? PickedBy.GREEDY : PickedBy.SAMPLED, logits));
        return id;
    }

    /**
     * Says that somebody else picked another token than the last {@link #pick} did. The draw stays made, so that the
     * following ones are the same as if the chain had picked.
     *
     * @param logits those of the last pick
     */
    public void repick(float[] logits, int id, PickedBy by) {
        lastStep = lastStep.flatMap(step -> recorder.map(record -> record.forced(step, id, by, logits)));
    }

    /**
     * Picks {@code count} times for the same logits, accepting nothing: independent trials of the step that {@link #pick}
     * would make now, the first of them that very step. The trials share only the generators, which move on from trial to
     * trial. This chain stays as it is.
     *
     * @param logits one for each token of the vocabulary
     */
    public void draws(float[] logits, int count, DrawSink sink) {
        if (count < 0) {
            throw new IllegalArgumentException(count + " draws");
        }
        SamplerChain copy = copy();
        copy.candidates.load(logits);
        Trials trials = new Trials(copy.stages, copy.picker, copy.candidates);
        for (int i = 0; i < count; i++) {
            trials.next(sink);
        }
    }

    /** What happened in the last step, if it was recorded. */
    public Optional<StepRecord> lastStep() {
        return lastStep;
    }

    /** The candidates as the last pick left them; valid until the next. */
    public Candidates candidates() {
        return candidates;
    }

    /** Learns which token was taken, or stands in the prompt. */
    public void accept(int id) {
        if (id < 0 || id >= candidates.vocabulary()) {
            throw new IllegalArgumentException("token " + id + " of a vocabulary of " + candidates.vocabulary());
        }
        for (SamplerStage stage : stages) {
            stage.accept(id);
        }
        picker.accept(id);
    }

    /** An independent chain with the same state: the same picks follow from both. */
    public SamplerChain copy() {
        SamplerChain copy = new SamplerChain(
                stages.stream().map(SamplerStage::copy).toList(), picker.copy(), greedy, candidates.vocabulary());
        copy.recorder = recorder.map(StepRecorder::copy);
        copy.lastStep = lastStep;
        return copy;
    }
}
