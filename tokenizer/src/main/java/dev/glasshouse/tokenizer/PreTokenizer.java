package dev.glasshouse.tokenizer;

import java.util.List;

/** Cuts text into the stretches ("words") inside which the subword model works. */
interface PreTokenizer {
    /** Appends the pieces of {@code text[from, to)} as pairs of start and end, in order, none empty. */
    void split(char[] text, int from, int to, IntList pieces);

    /** Leaves the text whole. */
    PreTokenizer WHOLE = (text, from, to, pieces) -> {
        if (from < to) {
            pieces.add(from, to);
        }
    };

    /** Each member splits what the one before it left. */
    static PreTokenizer sequence(List<PreTokenizer> members) {
        if (members.isEmpty()) {
            return WHOLE;
        }
        if (members.size() == 1) {
            return members.getFirst();
        }
        List<PreTokenizer> copy = List.copyOf(members);
        return (text, from, to, pieces) -> {
            IntList current = new IntList();
            current.add(from, to);
            for (PreTokenizer member : copy) {
                IntList next = new IntList();
                for (int i = 0; i < current.size(); i += 2) {
                    member.split(text, current.get(i), current.get(i + 1), next);
                }
                current = next;
            }
            for (int i = 0; i < current.size(); i += 2) {
                pieces.add(current.get(i), current.get(i + 1));
            }
        };
    }
}
