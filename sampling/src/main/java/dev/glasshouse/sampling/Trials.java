package dev.glasshouse.sampling;

import java.util.List;
import java.util.Optional;

/**
 * Many trials of one step. Stages run once for each way that chance can take: the list as it stands before a stage that
 * decides by chance, with one branch for yes and one for no, at whose ends the pick stands ready.
 */
final class Trials {
    private final List<SamplerStage> stages;
    private final Picker picker;
    private final Branch root;

    /** Trials with these stages and this picker, whose generators move on; their other state stays as it is. */
    Trials(List<SamplerStage> stages, Picker picker, Candidates loaded) {
        this.stages = stages;
        this.picker = picker;
        root = new Branch(loaded, 0);
    }

    void next(DrawSink sink) {
        Branch branch = root;
        while (branch.lottery.isEmpty()) {
            branch = branch.next();
        }
        branch.lottery.get().draw(sink);
    }

    private final class Branch {
        private final Candidates candidates;
        private final int stage;
        private final Optional<Lottery> lottery;
        private Optional<Branch> yes = Optional.empty();
        private Optional<Branch> no = Optional.empty();

        /** Runs the stages from {@code first} to the next one that decides by chance, or to the end. */
        Branch(Candidates candidates, int first) {
            this.candidates = candidates;
            int at = first;
            while (at < stages.size() && !(stages.get(at) instanceof ChanceStage)) {
                stages.get(at).apply(candidates);
                at++;
            }
            stage = at;
            lottery = at == stages.size() ? Optional.of(picker.lottery(candidates)) : Optional.empty();
        }

        Branch next() {
            ChanceStage chance = (ChanceStage) stages.get(stage);
            boolean decision = chance.decide(candidates);
            Branch next = (decision ? yes : no).orElseGet(() -> {
                Candidates acted = new Candidates(candidates);
                chance.act(acted, decision);
                return new Branch(acted, stage + 1);
            });
            if (decision) {
                yes = Optional.of(next);
            } else {
                no = Optional.of(next);
            }
            return next;
        }
    }
}
