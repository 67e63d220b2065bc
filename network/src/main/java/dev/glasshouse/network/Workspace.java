package dev.glasshouse.network;

import dev.glasshouse.kernels.Matrix;
import java.util.ArrayList;
import java.util.List;

/** The memory behind {@link Activations} and {@link Output}. */
final class Workspace implements AutoCloseable {
    private final DecoderSpec spec;
    private final List<Scratch> all = new ArrayList<>();
    private final List<Activations> views = new ArrayList<>();
    final Scratch residual;
    final Scratch normed;
    final Scratch branch;
    final Scratch query;
    final Scratch key;
    final Scratch value;
    final Scratch attended;
    final Scratch gate;
    final Scratch up;
    final Scratch router;
    final Scratch expertInput;
    final Scratch expertOutput;
    final List<Scratch> turns = new ArrayList<>();
    final Scratch logits;
    final Scratch hidden;
    /** Apart from those of a pass, whose output stays valid beside it. */
    final Scratch lensNormed;

    final Scratch lensLogits;
    private final List<Scratch> residuals = new ArrayList<>();

    Workspace(DecoderSpec spec, List<Rotary> rotaries) {
        this.spec = spec;
        DecoderSpec.Heads heads = spec.attention();
        residual = scratch(spec.width());
        normed = scratch(spec.width());
        branch = scratch(spec.width());
        query = scratch(heads.count() * heads.size());
        key = scratch(heads.kvCount() * heads.size());
        value = scratch(heads.kvCount() * heads.size());
        attended = scratch(heads.count() * heads.size());
        gate = scratch(spec.mlp().width());
        up = scratch(spec.mlp().width());
        router = scratch(spec.mlp().experts().map(DecoderSpec.Experts::count).orElse(1));
        expertInput = scratch(spec.width());
        expertOutput = scratch(spec.width());
        for (Rotary rotary : rotaries) {
            turns.add(scratch(rotary.dims()));
        }
        logits = scratch(spec.vocabulary());
        hidden = scratch(spec.width());
        lensNormed = scratch(spec.width());
        lensLogits = scratch(spec.vocabulary());
    }

    /** The activations of a batch of {@code rows}; those of fewer rows are the first of the same memory. */
    @SuppressWarnings("ReferenceEquality") // the same view means the same memory
    Activations activations(int rows) {
        for (Activations view : views) {
            if (view.rows == rows && view.x == residual.rows(rows)) {
                return view;
            }
        }
        if (views.size() == 2) {
            views.removeFirst();
        }
        Activations view = new Activations(this, spec, rows);
        views.add(view);
        return view;
    }

    /** Memory for residual rows that were asked for, the {@code index}-th depth of a batch. */
    Matrix kept(int index, int rows) {
        while (residuals.size() <= index) {
            residuals.add(scratch(spec.width()));
        }
        return residuals.get(index).rows(rows);
    }

    private Scratch scratch(int cols) {
        Scratch scratch = new Scratch(cols);
        all.add(scratch);
        return scratch;
    }

    @Override
    public void close() {
        all.forEach(Scratch::close);
    }
}
