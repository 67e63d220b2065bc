package dev.glasshouse.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Takes the record of one step. */
final class StepRecorder {
    private final int count;
    private final Distribution raw;
    private final List<StageRecord> stages = new ArrayList<>();
    private final List<Draw> draws = new ArrayList<>();
    private Distribution before;

    StepRecorder(Candidates candidates, int count) {
        this.count = count;
        raw = new Distribution(candidates);
        before = raw;
    }

    void after(SamplerStage stage, Candidates candidates) {
        Distribution now = new Distribution(candidates);
        List<Candidate> top = now.top(count);
        stages.add(new StageRecord(
                stage.name(), stage.parameters(), stage.active(), now.kept(), now.cutFrom(before), top, now.tail(top)));
        stage.lastDraw()
                .map(draw -> stage instanceof Picker picker ? draw.withSlices(slices(picker, candidates, top)) : draw)
                .ifPresent(draws::add);
        before = now;
    }

    private static List<Slice> slices(Picker picker, Candidates candidates, List<Candidate> top) {
        int[] places = IntStream.range(0, candidates.size())
                .filter(place -> top.stream().anyMatch(candidate -> candidate.id() == candidates.id(place)))
                .toArray();
        return picker.slices(candidates, places);
    }

    StepRecord finish(int id, PickedBy by) {
        List<Candidate> top = raw.top(count);
        return new StepRecord(
                id,
                by,
                raw.rank(id),
                raw.probability(id),
                raw.entropyBits(),
                raw.size(),
                top,
                raw.tail(top),
                List.copyOf(stages),
                List.copyOf(draws));
    }

    static StepRecord forced(StepRecord step, int id, PickedBy by, float[] logits) {
        Candidates candidates = new Candidates(logits.length);
        candidates.load(logits);
        Distribution raw = new Distribution(candidates);
        return new StepRecord(
                id,
                by,
                raw.rank(id),
                raw.probability(id),
                step.entropy(),
                step.vocabulary(),
                step.top(),
                step.tail(),
                step.stages(),
                step.draws());
    }
}
