package dev.glasshouse.network;

import dev.glasshouse.kernels.Attention;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.PackedWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The forward pass of a decoder-only transformer: embedding, then layer by layer attention and MLP, each added to the
 * residual stream x, then the final norm and the head. {@link DecoderSpec} gives the formulas.
 *
 * <p>After the last layer only the rows that somebody asked for are needed, so there the others stop once their keys
 * and values are stored.
 */
final class Decoder implements AutoCloseable {
    private final DecoderSpec spec;
    private final Kernels kernels;
    private final PackedWeight embedding;
    private final Optional<PackedWeight> positionTable;
    private final List<DecoderLayer> layers;
    private final Norm finalNorm;
    private final Linear.Group head;
    private final List<Rotary> rotaries;
    private final int[] rotaryOfLayer;
    private final Workspace memory;

    Decoder(
            DecoderSpec spec,
            Kernels kernels,
            PackedWeight embedding,
            Optional<PackedWeight> positionTable,
            List<DecoderLayer> layers,
            Norm finalNorm,
            Linear head) {
        this.spec = spec;
        this.kernels = kernels;
        this.embedding = embedding;
        this.positionTable = positionTable;
        this.layers = layers;
        this.finalNorm = finalNorm;
        this.head = new Linear.Group(head);
        rotaries = spec.layers().stream()
                .flatMap(layer -> layer.rotary().stream())
                .distinct()
                .toList();
        rotaryOfLayer = spec.layers().stream()
                .mapToInt(layer -> layer.rotary().map(rotaries::indexOf).orElse(-1))
                .toArray();
        memory = new Workspace(spec, rotaries);
    }

    Output forward(Batch batch) {
        Pass pass = new Pass(batch, spec);
        Map<Integer, int[]> wanted = pass.residualRows();
        Map<Integer, Matrix> residuals = new TreeMap<>();
        Activations a = memory.activations(pass.rows);
        embed(batch, pass, a);
        pass.clock.embedding();
        for (int i = 0; i < layers.size(); i++) {
            keep(i, a.x, wanted, residuals);
            pass.clock.aside();
            a = attention(i, pass, a);
            pass.clock.attention(i);
            mlp(layers.get(i), a);
            pass.clock.mlp(i);
        }
        keep(layers.size(), a.x, remap(wanted, pass.kept), residuals);
        pass.clock.aside();
        return finish(pass, a, residuals);
    }

    /** x = scale · E[token] + P[position], and the turns of every row. */
    private void embed(Batch batch, Pass pass, Activations a) {
        for (Batch.Span span : batch.spanList()) {
            Matrix x = span.count == pass.rows ? a.x : a.x.rows(span.first, span.count);
            if (span.vectors.isEmpty()) {
                kernels.lookup(embedding, span.tokens, x);
                if (spec.embeddingScale() != 1) {
                    kernels.scale(spec.embeddingScale(), x);
                }
            } else {
                x.data().copyFrom(span.vectors.getFirst().data());
            }
        }
        if (positionTable.isPresent()) {
            kernels.lookup(positionTable.get(), pass.positions, a.branch);
            kernels.addScaled(1, a.branch, a.x);
        }
        for (int i = 0; i < rotaries.size(); i++) {
            rotaries.get(i).turns(pass.positions, a.turns.get(i));
        }
    }

    /** x = x + Wo · softmax(q·kᵀ) · v, with q, k, v of norm(x); the activations of the rows that go on. */
    private Activations attention(int index, Pass pass, Activations all) {
        DecoderLayer layer = layers.get(index);
        boolean narrowed = index == layers.size() - 1 && pass.kept.length < pass.rows;
        Activations a = narrowed ? memory.activations(pass.kept.length) : all;
        Matrix input = norm(layer.attentionNorm(), all.x, all.normed);
        if (narrowed) {
            layer.keysAndValues().apply(kernels, input, all.keyValue);
        } else {
            layer.all().apply(kernels, input, all.queryKeyValue);
        }
        headNorm(layer.keyNorm(), all.key, all.keyHeads);
        turn(index, all, all.key);
        kernels.store(pass.layout(), all.key, all.value, pass.blocks(index), pass.slots);
        if (narrowed) {
            narrow(pass.kept, all);
            if (a.rows == 0) {
                return a;
            }
            layer.queries().apply(kernels, layer.attentionNorm().isPresent() ? a.normed : a.x, a.queryOnly);
        }
        headNorm(layer.queryNorm(), a.query, a.queryHeads);
        turn(index, a, a.query);
        Attention attention = new Attention(
                a.query,
                a.attended,
                pass.layout(),
                spec.attention().count(),
                spec.attention().scale(),
                spec.attention().softcap(),
                pass.spans(index, narrowed));
        kernels.attend(attention);
        if (pass.wantsWeights(index)) {
            pass.clock.attention(index);
            pass.takeWeights(index, narrowed, attention);
            pass.clock.aside();
        }
        layer.output().apply(kernels, a.attended, a.branchOnly);
        add(layer.afterAttention(), a);
        return a;
    }

    /** x = x + mlp(norm(x)) */
    private void mlp(DecoderLayer layer, Activations a) {
        if (a.rows > 0) {
            layer.mlp().apply(kernels, a, norm(layer.mlpNorm(), a.x, a.normed));
            add(layer.afterMlp(), a);
        }
    }

    /** The final norm and the head, for the rows that were asked for. */
    private Output finish(Pass pass, Activations a, Map<Integer, Matrix> residuals) {
        int[] kept = pass.kept;
        if (a.rows > kept.length) {
            throw new IllegalStateException("more rows than wanted");
        }
        if (kept.length > 0) {
            finalNorm.apply(kernels, a.x, a.normed);
        }
        int[] hiddenRows = within(kept, pass.hiddenRows());
        Matrix hidden = memory.hidden.rows(hiddenRows.length);
        copyRows(a.normed, hiddenRows, hidden);
        int[] logitRows = within(kept, pass.logitRows());
        Matrix logits = memory.logits.rows(logitRows.length);
        if (logitRows.length > 0) {
            Activations.gather(a.normed, logitRows);
            head(memory.normed.rows(logitRows.length), logits);
        }
        pass.finish();
        pass.clock.head();
        return new Output(logits, hidden, residuals, List.copyOf(pass.weights), pass.clock.times());
    }

    /** The logits of rows of the residual, of any depth: the final norm and the head. */
    Matrix logits(Matrix residuals) {
        if (residuals.cols() != spec.width()) {
            throw new IllegalArgumentException(
                    "rows of " + residuals.cols() + " for a network of width " + spec.width());
        }
        Matrix normed = memory.lensNormed.rows(residuals.rows());
        Matrix logits = memory.lensLogits.rows(residuals.rows());
        if (residuals.rows() > 0) {
            finalNorm.apply(kernels, residuals, normed);
            head(normed, logits);
        }
        return logits;
    }

    /** logits = softcap(logitScale · head(normed)) */
    private void head(Matrix normed, Matrix logits) {
        head.apply(kernels, normed, new Matrix[] {logits});
        if (spec.logitScale() != 1) {
            kernels.scale(spec.logitScale(), logits);
        }
        if (spec.logitSoftcap() > 0) {
            kernels.softcap(spec.logitSoftcap(), logits);
        }
    }

    private Matrix norm(Optional<Norm> norm, Matrix x, Matrix normed) {
        if (norm.isEmpty()) {
            return x;
        }
        norm.get().apply(kernels, x, normed);
        return normed;
    }

    private void headNorm(Optional<Norm> norm, Matrix rows, Matrix heads) {
        if (norm.isPresent()) {
            Matrix x = spec.attention().norm() == DecoderSpec.HeadNorm.ROW ? rows : heads;
            norm.get().apply(kernels, x, x);
        }
    }

    private void turn(int layer, Activations a, Matrix heads) {
        int rotary = rotaryOfLayer[layer];
        if (rotary >= 0) {
            kernels.rotate(
                    heads,
                    spec.attention().size(),
                    a.turns.get(rotary),
                    rotaries.get(rotary).style());
        }
    }

    /** x = x + scale · norm(branch) */
    private void add(Optional<Norm> norm, Activations a) {
        if (norm.isPresent()) {
            norm.get().apply(kernels, a.branch, a.branch);
        }
        kernels.addScaled(spec.residualScale(), a.branch, a.x);
    }

    private static void narrow(int[] kept, Activations a) {
        Activations.gather(a.x, kept);
        Activations.gather(a.normed, kept);
        a.turns.forEach(turns -> Activations.gather(turns, kept));
    }

    private void keep(int depth, Matrix x, Map<Integer, int[]> wanted, Map<Integer, Matrix> residuals) {
        int[] rows = wanted.get(depth);
        if (rows != null) {
            Matrix copy = memory.kept(residuals.size(), rows.length);
            copyRows(x, rows, copy);
            residuals.put(depth, copy);
        }
    }

    private Map<Integer, int[]> remap(Map<Integer, int[]> wanted, int[] kept) {
        int[] rows = wanted.get(layers.size());
        return rows == null ? Map.of() : Map.of(layers.size(), within(kept, rows));
    }

    /** Where in {@code kept} each of {@code rows} stands. */
    private static int[] within(int[] kept, int[] rows) {
        int[] places = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            places[i] = java.util.Arrays.binarySearch(kept, rows[i]);
        }
        return places;
    }

    private static void copyRows(Matrix from, int[] rows, Matrix to) {
        for (int i = 0; i < rows.length; i++) {
            to.setRow(i, from, rows[i]);
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Reads all weights of a decoder. */
    static Decoder read(WeightReader reader, DecoderSpec spec, Kernels kernels, boolean tied) {
        PackedWeight embedding = reader.weight("token_embd.weight", spec.vocabulary(), spec.width());
        Optional<PackedWeight> positions = spec.learnedPositions()
                ? Optional.of(reader.weight("position_embd.weight", spec.context(), spec.width()))
                : Optional.empty();
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < spec.depth(); i++) {
            layers.add(DecoderLayer.read(reader, spec, i));
        }
        Norm norm = reader.norm("output_norm", spec.width(), spec);
        Linear head = tied
                ? reader.tied("output", embedding)
                : reader.linear("output", spec.vocabulary(), spec.width(), false);
        reader.checkAllUsed(spec.depth());
        return new Decoder(spec, kernels, embedding, positions, List.copyOf(layers), norm, head);
    }
}
