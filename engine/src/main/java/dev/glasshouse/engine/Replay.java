package dev.glasshouse.engine;

import dev.glasshouse.sampling.Draw;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.GlassException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Runs a trace again and compares. */
final class Replay {
    private Replay() {}

    static ReplayReport run(Engine engine, Trace trace, Cancellation cancellation) {
        comparable(engine, trace);
        Request request = Request.of(trace.promptIds())
                .withSettings(trace.settings())
                .withStops(trace.stops())
                .withTrace(trace.top())
                .withMaxTokens(trace.steps().size())
                .withChooser((step, picked) -> choice(trace.steps().get(step).sampling()));
        List<Trace.Step> steps = trace.steps();
        Trace again;
        try (Run run = engine.startBackground(trace.ignoreEnd() ? request.ignoringEnd() : request)) {
            if (run.advance(Integer.MAX_VALUE, new Comparison(steps), cancellation) == FinishReason.CANCELLED) {
                throw Core.cancelled();
            }
            again = run.trace().orElseThrow();
        } catch (Difference difference) {
            return differs(difference.step, name(difference.step) + ": " + difference.what);
        }
        int made = again.steps().size();
        if (made < steps.size()) {
            return differs(
                    made,
                    name(made) + " is missing: the replay ended with " + TraceWriter.name(again.finish())
                            + " before it");
        }
        if (!again.text().equals(trace.text())) {
            return differs(steps.size(), "the texts differ after the last step");
        }
        String all = steps.size() == 1 ? "The one step is" : "All " + steps.size() + " steps are";
        return new ReplayReport(steps.size(), OptionalInt.empty(), all + " the same to the bit.");
    }

    /** People count the steps from 1, as the pictures of a trace do. */
    private static String name(int step) {
        return "step " + (step + 1);
    }

    /**
     * Ends the replay at the first step that differs: what is kept of the steps before is then no more than the trace itself
     * holds, however many candidates a hostile one asks for.
     */
    private record Comparison(List<Trace.Step> steps) implements GenerationListener {
        @Override
        public void step(int index, Trace.Step step) {
            difference(steps.get(index).sampling(), step.sampling()).ifPresent(what -> {
                throw new Difference(index, what);
            });
        }
    }

    /** The first difference. */
    private static final class Difference extends RuntimeException {
        private static final long serialVersionUID = 1;

        final int step;
        final String what;

        Difference(int step, String what) {
            super(what, null, false, false);
            this.step = step;
            this.what = what;
        }
    }

    private static ReplayReport differs(int step, String what) {
        return new ReplayReport(step, OptionalInt.of(step), "The replay differs: " + what + ".");
    }

    static void comparable(Engine engine, Trace trace) {
        Trace.Model model = trace.model();
        if (model.numerics() != Engine.NUMERICS_VERSION) {
            throw new GlassException("The trace was made with numerics version " + model.numerics()
                    + ", this program has version " + Engine.NUMERICS_VERSION + ": its numbers cannot be compared.");
        }
        if (!model.sha256().equals(engine.sha256())) {
            throw new GlassException("The trace was made with another model file: " + model.file() + " with SHA-256 "
                    + model.sha256() + ".");
        }
        String kv = TraceWriter.name(engine.facts().kv());
        if (!model.kv().equals(kv)) {
            throw new GlassException("The trace was made with a cache of type " + model.kv() + ", this engine has " + kv
                    + ": open the model with that type.");
        }
    }

    private static Optional<TokenChooser.Choice> choice(StepRecord step) {
        boolean chosen = step.by() == PickedBy.USER || step.by() == PickedBy.FORCED;
        return chosen ? Optional.of(new TokenChooser.Choice(step.id(), step.by())) : Optional.empty();
    }

    private static Optional<String> difference(StepRecord was, StepRecord is) {
        if (was.id() != is.id()) {
            return Optional.of("token " + is.id() + " instead of " + was.id());
        }
        if (!was.draws().equals(is.draws())) {
            return Optional.of(draws(was.draws(), is.draws()));
        }
        if (was.probability() != is.probability() || !was.top().equals(is.top())) {
            return Optional.of("the network's probabilities are not those of the trace");
        }
        return was.equals(is)
                ? Optional.empty()
                : Optional.of("what the stages of the sampler made of the candidates is not what the trace says");
    }

    /** The first draw that differs, by what tells two draws apart; their slices would fill the screen. */
    private static String draws(List<Draw> was, List<Draw> is) {
        if (was.size() != is.size()) {
            return "the trace has " + was.size() + " draws, the replay " + is.size();
        }
        for (int i = 0; i < was.size(); i++) {
            if (!was.get(i).equals(is.get(i))) {
                String before = text(was.get(i));
                String now = text(is.get(i));
                return before.equals(now)
                        ? "the bar of the draw " + now + " is divided otherwise"
                        : "the draw was " + before + " and is " + now;
            }
        }
        throw new IllegalArgumentException("the draws are the same");
    }

    private static String text(Draw draw) {
        return draw.stage() + " u = " + draw.u() + " from seed " + draw.seed() + ", word " + draw.position() + ", on "
                + draw.low() + " to " + draw.high();
    }
}
