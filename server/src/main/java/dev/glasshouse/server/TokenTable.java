package dev.glasshouse.server;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.Slice;
import dev.glasshouse.sampling.StageRecord;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The pieces of ids that an answer mentions, each told once in a stream. */
final class TokenTable {
    private final Tokenizer tokenizer;
    private final Set<Integer> told = new HashSet<>();
    private final TreeSet<Integer> waiting = new TreeSet<>();

    TokenTable(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    void add(int id) {
        if (id >= 0 && id < tokenizer.size() && told.add(id)) {
            waiting.add(id);
        }
    }

    void add(List<Candidate> candidates) {
        candidates.forEach(candidate -> add(candidate.id()));
    }

    void add(StepRecord record) {
        add(record.id());
        add(record.top());
        for (StageRecord stage : record.stages()) {
            add(stage.top());
        }
        record.draws().forEach(draw -> draw.slices().stream().map(Slice::id).forEach(this::add));
    }

    /** Those not told yet. */
    List<Json> take() {
        List<Json> tokens = new ArrayList<>();
        waiting.forEach(id -> tokens.add(token(tokenizer, id).toJson()));
        waiting.clear();
        return tokens;
    }

    static Trace.Token token(Tokenizer tokenizer, int id) {
        return new Trace.Token(id, tokenizer.bytes(id), tokenizer.kind(id) == TokenKind.CONTROL);
    }
}
