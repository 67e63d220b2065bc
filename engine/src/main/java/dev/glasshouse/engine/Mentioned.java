package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The tokens that a record mentions. */
final class Mentioned {
    private Mentioned() {}

    static List<Trace.Token> tokens(Core core, List<Trace.Token> prompt, List<Trace.Step> steps) {
        NavigableSet<Integer> ids = new TreeSet<>();
        prompt.forEach(token -> ids.add(token.id()));
        for (Trace.Step step : steps) {
            ids.add(step.token().id());
            add(ids, step.sampling().top());
            step.sampling().stages().forEach(stage -> add(ids, stage.top()));
            step.sampling().draws().forEach(draw -> draw.slices().forEach(slice -> ids.add(slice.id())));
        }
        return ids.stream().map(core::token).toList();
    }

    private static void add(NavigableSet<Integer> ids, List<Candidate> candidates) {
        candidates.forEach(candidate -> ids.add(candidate.id()));
    }
}
