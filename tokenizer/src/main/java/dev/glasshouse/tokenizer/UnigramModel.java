package dev.glasshouse.tokenizer;

import java.util.Arrays;

/**
 * SentencePiece's unigram model (Kudo 2018): of all ways to cut the text into entries, the one with the largest sum of scores, found by
 * Viterbi over byte positions. A character that no entry covers counts as unknown, ten below the worst score; a run of them is one unknown
 * id, or its bytes where the vocabulary has byte entries and asks for it. User-defined entries always win.
 */
final class UnigramModel implements SubwordModel {
    private static final double UNKNOWN_PENALTY = 10.0;

    private final Vocabulary vocabulary;
    private final int unknownId;
    private final boolean byteFallback;
    /** The searchable ids in the order of their bytes: the entries with a given prefix are one range. */
    private final int[] sorted;

    private final double unknownScore;
    private final double maximumScore;

    UnigramModel(Vocabulary vocabulary, int unknownId, boolean byteFallback) {
        this.vocabulary = vocabulary;
        this.unknownId = unknownId;
        this.byteFallback = byteFallback;
        Integer[] ids = new Integer[vocabulary.size()];
        int count = 0;
        double minimum = Double.MAX_VALUE;
        double maximum = -Double.MAX_VALUE;
        for (int id = 0; id < vocabulary.size(); id++) {
            TokenKind kind = vocabulary.kind(id);
            if (kind == TokenKind.NORMAL) {
                minimum = Math.min(minimum, vocabulary.score(id));
                maximum = Math.max(maximum, vocabulary.score(id));
            }
            byte[] bytes = vocabulary.bytes(id);
            if (kind != TokenKind.UNUSED && vocabulary.find(bytes, 0, bytes.length) == id) {
                ids[count++] = id;
            }
        }
        Arrays.sort(ids, 0, count, this::compare);
        this.sorted = new int[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = ids[i];
        }
        this.unknownScore = (count == 0 ? 0 : minimum) - UNKNOWN_PENALTY;
        this.maximumScore = maximum;
    }

    private int compare(Integer left, Integer right) {
        int order = Arrays.compareUnsigned(vocabulary.bytes(left), vocabulary.bytes(right));
        return order != 0 ? order : Integer.compare(left, right);
    }

    @Override
    public void encode(byte[] text, int from, int to, Workspace workspace, IntList ids) {
        int length = to - from;
        double[] best = new double[length + 1];
        int[] bestId = new int[length + 1];
        int[] bestStart = new int[length + 1];
        Arrays.fill(best, Double.NEGATIVE_INFINITY);
        best[0] = 0;
        for (int at = 0; at < length; ) {
            int width = Math.min(Utf8.width(text[from + at]), length - at);
            boolean covered = false;
            int low = 0;
            int high = sorted.length;
            for (int depth = 0; at + depth < length; depth++) {
                int wanted = text[from + at + depth] & 0xFF;
                low = bound(low, high, depth, wanted);
                high = bound(low, high, depth, wanted + 1);
                if (low == high) {
                    break;
                }
                // The shortest entry of the range comes first.
                int id = sorted[low];
                if (vocabulary.length(id) == depth + 1) {
                    covered |= depth + 1 == width;
                    offer(best, bestId, bestStart, at, at + depth + 1, id, score(id));
                }
            }
            if (!covered) {
                offer(best, bestId, bestStart, at, at + width, PairMerger.NONE, unknownScore);
            }
            at += width;
        }
        emit(text, from, length, bestId, bestStart, ids);
    }

    private double score(int id) {
        return vocabulary.kind(id) == TokenKind.USER_DEFINED
                ? vocabulary.length(id) * maximumScore - 0.1
                : vocabulary.score(id);
    }

    private static void offer(double[] best, int[] bestId, int[] bestStart, int start, int end, int id, double score) {
        double sum = best[start] + score;
        if (sum > best[end]) {
            best[end] = sum;
            bestId[end] = id;
            bestStart[end] = start;
        }
    }

    /** The first place in [low, high) whose entry has, at this depth, a byte of at least {@code wanted}. */
    private int bound(int low, int high, int depth, int wanted) {
        while (low < high) {
            int middle = (low + high) >>> 1;
            int id = sorted[middle];
            int value = depth < vocabulary.length(id) ? vocabulary.byteAt(id, depth) & 0xFF : -1;
            if (value < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void emit(byte[] text, int from, int length, int[] bestId, int[] bestStart, IntList ids) {
        IntList ends = new IntList();
        for (int end = length; end > 0; end = bestStart[end]) {
            ends.add(end);
        }
        boolean afterUnknown = false;
        for (int i = ends.size() - 1; i >= 0; i--) {
            int end = ends.get(i);
            int id = bestId[end];
            if (id >= 0) {
                ids.add(id);
            } else if (byteFallback) {
                for (int at = bestStart[end]; at < end; at++) {
                    int byteId = vocabulary.byteId(text[from + at]);
                    if (byteId >= 0 || unknownId >= 0) {
                        ids.add(byteId >= 0 ? byteId : unknownId);
                    }
                }
            } else if (!afterUnknown && unknownId >= 0) {
                ids.add(unknownId);
            }
            afterUnknown = id < 0;
        }
    }
}
