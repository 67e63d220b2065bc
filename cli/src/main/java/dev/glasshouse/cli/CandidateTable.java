package dev.glasshouse.cli;

import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.StageRecord;
import dev.glasshouse.sampling.StepRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One step as a table: a row for each candidate shown, a column for its probability before and after each stage that is
 * active, and the sum of all others, so that every column adds up to 1.
 *
 * @param columns the raw probabilities first, then one for each stage that could change something
 * @param rows by falling raw probability
 * @param picked the token taken
 */
record CandidateTable(List<Column> columns, List<Row> rows, int picked) {
    /** What a candidate has in a column. */
    sealed interface Cell {
        /** Its share of what is left. */
        record Share(double p) implements Cell {}

        /** A stage has dropped it, here or before. */
        record Cut() implements Cell {}

        /** It is left, but among those that the record sums up. */
        record Among() implements Cell {}
    }

    /**
     * @param stage the stage; none for the raw probabilities
     * @param kept candidates left
     * @param cut probability that the stage dropped
     * @param rest probability of all that have no row of their own
     * @param others how many these are
     */
    record Column(Optional<StageRecord> stage, int kept, double cut, double rest, int others) {}

    /** @param rank place among the raw candidates, from 1; none where the record does not tell */
    record Row(int id, OptionalInt rank, List<Cell> cells) {
        /** The share in the last column; 0 where it is cut. */
        double last() {
            return cells.getLast() instanceof Cell.Share share ? share.p() : 0;
        }
    }

    private record Level(Optional<StageRecord> stage, int kept, double tail, List<Candidate> top) {
        OptionalDouble p(int id) {
            return top.stream()
                    .filter(candidate -> candidate.id() == id)
                    .mapToDouble(Candidate::probability)
                    .findFirst();
        }

        OptionalDouble logit(int id) {
            return top.stream()
                    .filter(candidate -> candidate.id() == id)
                    .mapToDouble(Candidate::logit)
                    .findFirst();
        }
    }

    /** @param most rows at most, but for the token picked, which has one in any case */
    static CandidateTable of(StepRecord step, int most) {
        List<Level> levels = new ArrayList<>();
        levels.add(new Level(Optional.empty(), step.vocabulary(), step.tail(), step.top()));
        for (StageRecord stage : step.stages()) {
            if (stage.active() && !repeats(levels.getLast(), stage)) {
                levels.add(new Level(Optional.of(stage), stage.kept(), stage.tail(), stage.top()));
            }
        }
        List<Row> rows = new ArrayList<>();
        ranks(step, levels.getLast(), most).forEach((id, rank) -> rows.add(new Row(id, rank, cells(step, levels, id))));
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < levels.size(); i++) {
            columns.add(column(levels.get(i), rows, i));
        }
        return new CandidateTable(columns, rows, step.id());
    }

    /** The plain draw changes nothing: no column for it. */
    private static boolean repeats(Level before, StageRecord stage) {
        return stage.name().equals("dist") && before.stage().isPresent() && before.kept() == stage.kept();
    }

    /** The rows' ids, each with its rank: the likeliest, the likeliest in the end, and the one picked. */
    private static Map<Integer, OptionalInt> ranks(StepRecord step, Level last, int most) {
        Map<Integer, OptionalInt> shown = new LinkedHashMap<>();
        List<Candidate> raw = step.top();
        for (int i = 0; i < Math.min(most, raw.size()); i++) {
            shown.put(raw.get(i).id(), OptionalInt.of(i + 1));
        }
        last.top().stream()
                .limit(Math.min(3, most))
                .filter(candidate -> candidate.id() != step.id())
                .forEach(candidate -> shown.putIfAbsent(candidate.id(), rank(raw, candidate.id())));
        shown.putIfAbsent(step.id(), OptionalInt.of(step.rank()));
        Map<Integer, OptionalInt> sorted = new LinkedHashMap<>();
        shown.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getValue().orElse(Integer.MAX_VALUE)))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private static OptionalInt rank(List<Candidate> raw, int id) {
        for (int i = 0; i < raw.size(); i++) {
            if (raw.get(i).id() == id) {
                return OptionalInt.of(i + 1);
            }
        }
        return OptionalInt.empty();
    }

    private static List<Cell> cells(StepRecord step, List<Level> levels, int id) {
        List<Cell> cells = new ArrayList<>();
        boolean cut = false;
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            OptionalDouble p = i == 0 && id == step.id() ? OptionalDouble.of(step.probability()) : level.p(id);
            cut = cut || p.isEmpty() && i > 0 && dropped(levels.get(i - 1), level, id);
            cells.add(p.isPresent() ? new Cell.Share(p.getAsDouble()) : cut ? new Cell.Cut() : new Cell.Among());
        }
        return cells;
    }

    /** Whether a candidate that is not listed any more was dropped: nothing unlisted is left, or it would be listed. */
    private static boolean dropped(Level before, Level level, int id) {
        if (level.kept() <= level.top().size()) {
            return true;
        }
        OptionalDouble logit = before.logit(id);
        return logit.isPresent()
                && !level.top().isEmpty()
                && level.stage().map(stage -> StageText.filters(stage.name())).orElse(false)
                && logit.getAsDouble() > level.top().getLast().logit();
    }

    private static Column column(Level level, List<Row> rows, int index) {
        double rest = level.tail();
        int others = level.kept();
        for (Row row : rows) {
            switch (row.cells().get(index)) {
                case Cell.Share share -> {
                    others--;
                    // A token picked from beyond the list is in the tail.
                    rest -= level.p(row.id()).isPresent() ? 0 : share.p();
                }
                case Cell.Cut cut -> {}
                case Cell.Among among -> {}
            }
        }
        for (Candidate candidate : level.top()) {
            boolean shown = rows.stream().anyMatch(row -> row.id() == candidate.id());
            rest += shown ? 0 : candidate.probability();
        }
        double cut = level.stage().map(StageRecord::cutMass).orElse(0.0);
        return new Column(level.stage(), level.kept(), cut, Math.max(0, rest), Math.max(0, others));
    }
}
