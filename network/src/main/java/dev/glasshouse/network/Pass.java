package dev.glasshouse.network;

import dev.glasshouse.kernels.Attention;
import dev.glasshouse.kernels.KvLayout;
import dev.glasshouse.kernels.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One batch on its way through the network: where its rows stand, what they see, what is wanted of them. */
final class Pass {
    final int rows;
    /** Position of each row for the position embedding. */
    final int[] positions;
    /** Rows whose output after the last layer is wanted, in order. */
    final int[] kept;
    /** Place of each row in its cache block. */
    final int[] slots;
    /** The attention weights that were wanted, as far as the pass has come. */
    final List<AttentionWeights> weights = new ArrayList<>();

    final PassClock clock;

    private final DecoderSpec spec;
    private final List<Batch.Span> spans;
    private final int[] starts;
    private final MemorySegment[] rowBlocks;
    private final List<SequenceState> states = new ArrayList<>();
    private final List<Integer> added = new ArrayList<>();
    private final Map<Integer, List<int[][]>> sights = new TreeMap<>();
    private final KvLayout layout;

    Pass(Batch batch, DecoderSpec spec) {
        clock = new PassClock(batch.isTimed(), spec.depth());
        this.spec = spec;
        this.spans = batch.spanList();
        this.rows = batch.rows();
        if (rows == 0) {
            throw new IllegalArgumentException("an empty batch");
        }
        starts = new int[spans.size()];
        positions = new int[rows];
        slots = new int[rows];
        rowBlocks = new MemorySegment[rows];
        for (int i = 0; i < spans.size(); i++) {
            Batch.Span span = spans.get(i);
            check(span);
            starts[i] = place(span);
            for (int row = 0; row < span.count; row++) {
                int index = starts[i] + row;
                slots[span.first + row] = index % KvLayout.BLOCK;
                positions[span.first + row] = span.positions.length == 0 ? index : span.positions[0][row];
                if (spec.learnedPositions() && positions[span.first + row] >= spec.context()) {
                    throw new IllegalArgumentException(
                            "position " + positions[span.first + row] + " in a network of " + spec.context());
                }
            }
        }
        kept = kept();
        layout = cache(states.getFirst(), 0).layout();
        for (int i = 0; i < states.size(); i++) {
            if (!cache(states.get(i), 0).layout().equals(layout)) {
                throw new IllegalArgumentException("caches of different types in one batch");
            }
            states.get(i).reserve(added.get(i));
        }
    }

    private void check(Batch.Span span) {
        for (int token : span.tokens) {
            if (token < 0 || token >= spec.vocabulary()) {
                throw new IllegalArgumentException("token " + token + " of a vocabulary of " + spec.vocabulary());
            }
        }
        for (Matrix vectors : span.vectors) {
            if (vectors.cols() != spec.width()) {
                throw new IllegalArgumentException(
                        "vectors of " + vectors.cols() + " for a network of width " + spec.width());
            }
        }
        if (span.state.layers().size() < spec.depth()) {
            throw new IllegalArgumentException("a state of another network");
        }
        for (int depth : span.residuals.keySet()) {
            if (depth < 0 || depth > spec.depth()) {
                throw new IllegalArgumentException("depth " + depth + " of " + spec.depth());
            }
        }
        span.attention.forEach((layer, rowHeads) -> rowHeads.values().forEach(heads -> {
            if (layer >= spec.depth() || heads.length() > spec.attention().count()) {
                throw new IllegalArgumentException("head " + (heads.length() - 1) + " of layer " + layer
                        + " in a network of " + spec.depth() + " layers of "
                        + spec.attention().count() + " heads");
            }
        }));
    }

    /** The place of the span's first row in its sequence. */
    private int place(Batch.Span span) {
        for (int i = 0; i < states.size(); i++) {
            if (states.get(i) == span.state) {
                int start = span.state.length() + added.get(i);
                added.set(i, added.get(i) + span.count);
                return start;
            }
        }
        states.add(span.state);
        added.add(span.count);
        return span.state.length();
    }

    private int[] kept() {
        BitSet wanted = new BitSet(rows);
        for (Batch.Span span : spans) {
            mark(span, span.logits, wanted);
            mark(span, span.hidden, wanted);
            mark(span, span.residuals.getOrDefault(spec.depth(), new BitSet()), wanted);
            span.attention
                    .getOrDefault(spec.depth() - 1, Map.of())
                    .keySet()
                    .forEach(row -> wanted.set(span.first + row));
        }
        return wanted.stream().toArray();
    }

    private static void mark(Batch.Span span, BitSet rows, BitSet wanted) {
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            wanted.set(span.first + row);
        }
    }

    /** Rows of the batch whose logits are wanted. */
    int[] logitRows() {
        BitSet wanted = new BitSet(rows);
        spans.forEach(span -> mark(span, span.logits, wanted));
        return wanted.stream().toArray();
    }

    /** Rows of the batch whose hidden rows are wanted. */
    int[] hiddenRows() {
        BitSet wanted = new BitSet(rows);
        spans.forEach(span -> mark(span, span.hidden, wanted));
        return wanted.stream().toArray();
    }

    /** Depths whose residual is wanted, with the rows. */
    Map<Integer, int[]> residualRows() {
        Map<Integer, BitSet> wanted = new TreeMap<>();
        for (Batch.Span span : spans) {
            span.residuals.forEach(
                    (depth, rowSet) -> mark(span, rowSet, wanted.computeIfAbsent(depth, key -> new BitSet(rows))));
        }
        Map<Integer, int[]> byDepth = new TreeMap<>();
        wanted.forEach((depth, rowSet) -> byDepth.put(depth, rowSet.stream().toArray()));
        return byDepth;
    }

    /** Whether attention weights of this layer are wanted. */
    boolean wantsWeights(int layer) {
        for (Batch.Span span : spans) {
            if (span.attention.containsKey(layer)) {
                return true;
            }
        }
        return false;
    }

    /** Takes the weights that are wanted of this layer, whose attention has only the rows {@link #kept} if narrowed. */
    void takeWeights(int layer, boolean narrowed, Attention attention) {
        for (Batch.Span span : spans) {
            span.attention.getOrDefault(layer, Map.of()).forEach((spanRow, heads) -> {
                int row = span.first + spanRow;
                int at = narrowed ? java.util.Arrays.binarySearch(kept, row) : row;
                heads.stream()
                        .forEach(head -> weights.add(new AttentionWeights(
                                layer, row, head, attention.from(at), attention.weights(at, head))));
            });
        }
    }

    /** How the batch's caches are laid out. */
    KvLayout layout() {
        return layout;
    }

    /** The block of each row in this layer's caches. */
    MemorySegment[] blocks(int layer) {
        for (int i = 0; i < spans.size(); i++) {
            Batch.Span span = spans.get(i);
            List<MemorySegment> blocks = cache(span.state, layer).blocks();
            for (int row = 0; row < span.count; row++) {
                rowBlocks[span.first + row] = blocks.get((starts[i] + row) / KvLayout.BLOCK);
            }
        }
        return rowBlocks;
    }

    /** What the rows see in this layer, for all of them or for {@link #kept} only. */
    List<Attention.Span> spans(int layer, boolean narrowed) {
        int window = spec.layers().get(layer).window();
        int key = narrowed ? -1 - window : window;
        List<int[][]> seen = sights.get(key);
        if (seen == null) {
            seen = new ArrayList<>();
            for (int i = 0; i < spans.size(); i++) {
                seen.add(sight(spans.get(i), starts[i], window, narrowed));
            }
            sights.put(key, seen);
        }
        List<Attention.Span> list = new ArrayList<>(seen.size());
        int first = 0;
        for (int i = 0; i < spans.size(); i++) {
            if (seen.get(i)[0].length > 0) {
                list.add(span(i, layer, seen.get(i), first));
                first += seen.get(i)[0].length;
            }
        }
        return list;
    }

    private Attention.Span span(int index, int layer, int[][] seen, int first) {
        return new Attention.Span(first, cache(spans.get(index).state, layer).blocks(), seen[0], seen[1]);
    }

    /** From and to of each row of a span, or of its kept rows. */
    private int[][] sight(Batch.Span span, int start, int window, boolean narrowed) {
        int[] from = new int[span.count];
        int[] to = new int[span.count];
        int count = 0;
        for (int row = 0; row < span.count; row++) {
            if (!narrowed || java.util.Arrays.binarySearch(kept, span.first + row) >= 0) {
                int index = start + row;
                int near = span.sight instanceof Sight.Windowed own ? Math.max(0, index - own.positions() + 1) : 0;
                from[count] = Math.max(near, window == 0 ? 0 : index - window + 1);
                to[count++] = span.sight instanceof Sight.Bidirectional ? start + span.count : index + 1;
            }
        }
        return new int[][] {java.util.Arrays.copyOf(from, count), java.util.Arrays.copyOf(to, count)};
    }

    /** Counts the rows as taken in. */
    void finish() {
        for (int i = 0; i < states.size(); i++) {
            states.get(i).advance(added.get(i));
        }
    }

    private static KvState cache(SequenceState state, int layer) {
        if (state.layers().get(layer) instanceof KvState cache) {
            return cache;
        }
        throw new IllegalArgumentException("layer " + layer + " of the state is no key–value cache");
    }
}
