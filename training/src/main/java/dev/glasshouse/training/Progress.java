package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How far a run is, but for weights and optimiser state.
 *
 * @param step updates done
 * @param seconds of work
 * @param guard what the guard against spikes remembers
 * @param milestones passed so far
 * @param best the validation loss of the best checkpoint
 * @param bestStep where that was
 * @param last the last validation loss
 */
record Progress(
        long step,
        double seconds,
        SpikeGuard guard,
        List<Milestone> milestones,
        OptionalDouble best,
        OptionalLong bestStep,
        OptionalDouble last) {

    Progress {
        milestones = List.copyOf(milestones);
    }

    static Progress start(double spike) {
        return new Progress(
                0,
                0,
                SpikeGuard.start(spike),
                List.of(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty());
    }

    Progress after(long newStep, double newSeconds, SpikeGuard newGuard) {
        return new Progress(newStep, newSeconds, newGuard, milestones, best, bestStep, last);
    }

    Progress with(Milestone milestone) {
        List<Milestone> all = new ArrayList<>(milestones);
        all.add(milestone);
        return new Progress(step, seconds, guard, all, best, bestStep, last);
    }

    Progress withValidation(double loss) {
        boolean better = best.isEmpty() || loss < best.getAsDouble();
        return new Progress(
                step,
                seconds,
                guard,
                milestones,
                better ? OptionalDouble.of(loss) : best,
                better ? OptionalLong.of(step) : bestStep,
                OptionalDouble.of(loss));
    }

    /** The last link of the chain. */
    String chain() {
        return milestones.isEmpty() ? Milestone.ROOT : milestones.getLast().sha256();
    }

    Json.ObjectValue toJson() {
        Json.ObjectBuilder json =
                Json.object().put("step", step).put("seconds", seconds).put("guard", guard.toJson());
        best.ifPresent(loss -> json.put("best", loss));
        bestStep.ifPresent(at -> json.put("best_step", at));
        last.ifPresent(loss -> json.put("last", loss));
        return json.put("milestones", milestones.stream().map(Milestone::toJson).toList())
                .build();
    }

    /** @throws GlassException if it is none */
    static Progress parse(Json.ObjectValue json, double spike) {
        return new Progress(
                json.get("step").asLong(),
                json.get("seconds").asDouble(),
                SpikeGuard.parse(json.get("guard").asObject(), spike),
                json.get("milestones").asArray().stream().map(Milestone::parse).toList(),
                json.number("best"),
                json.integer("best_step"),
                json.number("last"));
    }
}
