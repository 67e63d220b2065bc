package dev.glasshouse.tokenizer;

import java.util.Arrays;

/**
 * SentencePiece's BPE: the first symbols are characters; two neighbours merge if their text together is an entry, the one with the highest
 * score first, the leftmost among equals. What ends as no entry becomes its bytes, or the unknown id. An unused entry may serve as a step
 * but is taken apart again in the end.
 */
final class ScoredPairModel extends PairMerger {
    private final Vocabulary vocabulary;
    private final int unknownId;
    private final boolean byteFallback;
    /** The place of each entry's score among all distinct scores, best first: an int priority with the same order and the same ties. */
    private final int[] priority;

    ScoredPairModel(Vocabulary vocabulary, int unknownId, boolean byteFallback) {
        this.vocabulary = vocabulary;
        this.unknownId = unknownId;
        this.byteFallback = byteFallback;
        int size = vocabulary.size();
        float[] scores = new float[size];
        for (int id = 0; id < size; id++) {
            // +0 and -0 are one score.
            scores[id] = vocabulary.score(id) + 0.0f;
        }
        float[] sorted = scores.clone();
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || sorted[i] != sorted[distinct - 1]) {
                sorted[distinct++] = sorted[i];
            }
        }
        this.priority = new int[size];
        for (int id = 0; id < size; id++) {
            priority[id] = distinct - 1 - Arrays.binarySearch(sorted, 0, distinct, scores[id]);
        }
    }

    @Override
    void begin(byte[] text, int from, int to, Workspace workspace) {
        for (int at = from; at < to; ) {
            int width = Math.min(Utf8.width(text[at]), to - at);
            workspace.symbol(vocabulary.find(text, at, at + width), at, at + width);
            at += width;
        }
    }

    @Override
    long merge(byte[] text, Workspace workspace, int left, int right) {
        int id = vocabulary.find(text, workspace.start[left], workspace.end[right]);
        return id < 0 ? -1 : (long) priority[id] << 32 | id;
    }

    @Override
    void merged(int id, Workspace workspace, int left, int right) {
        if (vocabulary.kind(id) == TokenKind.UNUSED) {
            workspace.seams.put(stretch(workspace.start[left], workspace.end[right]), workspace.end[left]);
        }
    }

    private static long stretch(int from, int to) {
        return (long) from << 32 | to;
    }

    @Override
    void finish(byte[] text, Workspace workspace, int symbol, IntList ids) {
        segment(text, workspace, workspace.start[symbol], workspace.end[symbol], ids);
    }

    private void segment(byte[] text, Workspace workspace, int from, int to, IntList ids) {
        int id = vocabulary.find(text, from, to);
        if (id >= 0 && vocabulary.kind(id) != TokenKind.UNUSED) {
            ids.add(id);
            return;
        }
        Integer seam = id < 0 ? null : workspace.seams.get(stretch(from, to));
        if (seam == null) {
            fallBack(text, from, to, ids);
        } else {
            segment(text, workspace, from, seam, ids);
            segment(text, workspace, seam, to, ids);
        }
    }

    private void fallBack(byte[] text, int from, int to, IntList ids) {
        if (byteFallback) {
            for (int i = from; i < to; i++) {
                int id = vocabulary.byteId(text[i]);
                if (id >= 0) {
                    ids.add(id);
                } else if (unknownId >= 0) {
                    ids.add(unknownId);
                }
            }
        } else if (unknownId >= 0 && (ids.size() == 0 || ids.get(ids.size() - 1) != unknownId)) {
            // A run of unknown characters is one unknown token.
            ids.add(unknownId);
        }
    }
}
