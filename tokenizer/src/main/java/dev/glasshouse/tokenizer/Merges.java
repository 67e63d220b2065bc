package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Reads a list of merges, best first, into a table over ids. */
final class Merges {
    /** The names of the two entries that merge. */
    record Pair(String left, String right) {}

    private Merges() {}

    /**
     * The table of merges. Pairs whose parts or result are not in the vocabulary cannot come up and are left out; a result that is no
     * ordinary text (a control token, say) is left out too, so that text cannot become it.
     */
    static PairTable table(Vocabulary vocabulary, int count, IntFunction<Pair> pairs) {
        Map<String, Integer> ids = HashMap.newHashMap(vocabulary.size());
        for (int id = 0; id < vocabulary.size(); id++) {
            TokenKind kind = vocabulary.kind(id);
            boolean added = kind == TokenKind.USER_DEFINED && !Entries.guarded(kind, vocabulary.name(id));
            if (kind == TokenKind.NORMAL || kind == TokenKind.BYTE || added) {
                ids.putIfAbsent(vocabulary.name(id), id);
            }
        }
        PairTable table = new PairTable(count);
        for (int rank = 0; rank < count; rank++) {
            Pair pair = pairs.apply(rank);
            Integer left = ids.get(pair.left());
            Integer right = ids.get(pair.right());
            Integer merged = ids.get(pair.left() + pair.right());
            if (left != null && right != null && merged != null) {
                table.add(left, right, rank, merged);
            }
        }
        return table;
    }

    /** A merge written as two names with a space between; the first name may itself begin with a space. */
    static Pair split(String merge) {
        int space = merge.indexOf(' ', 1);
        if (space < 0) {
            throw new GlassException(
                    "The tokenizer's merge \"" + merge + "\" is not two entries with a space between.");
        }
        return new Pair(merge.substring(0, space), merge.substring(space + 1));
    }
}
