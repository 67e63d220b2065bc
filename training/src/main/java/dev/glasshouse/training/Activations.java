package dev.glasshouse.training;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.RotaryStyle;
import dev.glasshouse.network.DecoderSpec;
import dev.glasshouse.network.Rotary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The memory of one pass over n rows: what the forward pass leaves for the backward pass, layer by layer, and what they
 * share. Norms and the product of gate and up are computed again rather than kept.
 */
final class Activations {
    /** What a layer leaves. */
    record Layer(
            Matrix x,
            Optional<HeadNormed> headNormed,
            Matrix q,
            Matrix k,
            Matrix v,
            Matrix attended,
            Matrix statistics,
            Matrix middle,
            Optional<Matrix> gate,
            Matrix up) {}

    /** The angles of each row, as cosines and sines, and the same with the sines negated, which turns back. */
    record Turns(Matrix there, Matrix back, RotaryStyle style) {
        static Turns of(Rotary rotary, int[] positions, Slab slab) {
            Matrix there = slab.cut(positions.length, rotary.dims());
            Matrix back = slab.cut(positions.length, rotary.dims());
            rotary.turns(positions, there);
            for (int row = 0; row < positions.length; row++) {
                for (int i = 0; i < rotary.dims(); i++) {
                    float value = there.get(row, i);
                    back.set(row, i, i < rotary.dims() / 2 ? value : -value);
                }
            }
            return new Turns(there, back, rotary.style());
        }
    }

    /** Queries and keys before their norm. */
    record HeadNormed(Matrix q, Matrix k) {}

    final int rows;
    final int length;
    final List<Layer> layers = new ArrayList<>();
    final Matrix last;
    final Matrix normed;
    final Matrix branch;
    final Matrix dx;
    final Matrix dNormed;
    final Matrix inner;
    final Matrix dInner;
    final Matrix dAttended;
    final Matrix dq;
    final Matrix dk;
    final Matrix dv;
    final Matrix logits;
    final int[] positions;
    final Optional<Turns> turns;
    final long[] keys;
    final double[] losses;

    /** @param slab at least {@link #bytes} of memory, which is cut anew */
    Activations(DecoderSpec spec, int rows, int length, int lossRows, Slab slab) {
        this.rows = rows;
        this.length = length;
        DecoderSpec.Heads heads = spec.attention();
        int queries = heads.count() * heads.size();
        int keyWidth = heads.kvCount() * heads.size();
        boolean headNorm = heads.norm() != DecoderSpec.HeadNorm.NONE;
        boolean gated = spec.mlp().activation().gated();
        int hidden = spec.mlp().width();
        slab.restart();
        for (int i = 0; i < spec.depth(); i++) {
            layers.add(new Layer(
                    slab.cut(rows, spec.width()),
                    headNorm
                            ? Optional.of(new HeadNormed(slab.cut(rows, queries), slab.cut(rows, keyWidth)))
                            : Optional.empty(),
                    slab.cut(rows, queries),
                    slab.cut(rows, keyWidth),
                    slab.cut(rows, keyWidth),
                    slab.cut(rows, queries),
                    slab.cut(rows, 2 * heads.count()),
                    slab.cut(rows, spec.width()),
                    gated ? Optional.of(slab.cut(rows, hidden)) : Optional.empty(),
                    slab.cut(rows, hidden)));
        }
        last = slab.cut(rows, spec.width());
        normed = slab.cut(rows, spec.width());
        branch = slab.cut(rows, spec.width());
        dx = slab.cut(rows, spec.width());
        dNormed = slab.cut(rows, spec.width());
        inner = slab.cut(rows, hidden);
        dInner = slab.cut(rows, hidden);
        dAttended = slab.cut(rows, queries);
        dq = slab.cut(rows, queries);
        dk = slab.cut(rows, keyWidth);
        dv = slab.cut(rows, keyWidth);
        logits = slab.cut(Math.min(rows, lossRows), spec.vocabulary());
        positions = new int[rows];
        for (int i = 0; i < rows; i++) {
            positions[i] = i % length;
        }
        turns = spec.layers().getFirst().rotary().map(rotary -> Turns.of(rotary, positions, slab));
        keys = new long[rows];
        losses = new double[rows];
    }

    /** Bytes of all matrices. */
    static long bytes(DecoderSpec spec, int rows, int lossRows) {
        DecoderSpec.Heads heads = spec.attention();
        long width = Slab.bytes(rows, spec.width());
        long queries = Slab.bytes(rows, (long) heads.count() * heads.size());
        long keys = Slab.bytes(rows, (long) heads.kvCount() * heads.size());
        long hidden = Slab.bytes(rows, spec.mlp().width());
        long layer = 2 * width + 2 * queries + 2 * keys + Slab.bytes(rows, 2L * heads.count());
        layer += heads.norm() != DecoderSpec.HeadNorm.NONE ? queries + keys : 0;
        layer += spec.mlp().activation().gated() ? 2 * hidden : hidden;
        long turns = spec.layers().getFirst().rotary().isPresent() ? 2 * Slab.bytes(rows, heads.size()) : 0;
        return spec.depth() * layer
                + 5 * width
                + 2 * hidden
                + 2 * queries
                + 2 * keys
                + Slab.bytes(Math.min(rows, lossRows), spec.vocabulary())
                + turns;
    }
}
