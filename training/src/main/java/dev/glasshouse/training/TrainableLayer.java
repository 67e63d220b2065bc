package dev.glasshouse.training;

import dev.glasshouse.kernels.CausalAttention;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.TrainingKernels;
import dev.glasshouse.network.DecoderSpec;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * One layer: forward as {@code network}'s decoder has it, operation for operation, and its gradients.
 *
 * <pre>
 * middle = x + Wo · attention(norm(x))
 * next   = middle + mlp(norm(middle))
 * </pre>
 */
final class TrainableLayer {
    private final DecoderSpec spec;
    private final Kernels kernels;
    private final TrainingKernels training;
    private final int index;
    private final Normalization attentionNorm;
    private final Projection q;
    private final Projection k;
    private final Projection v;
    private final Optional<Normalization> queryNorm;
    private final Optional<Normalization> keyNorm;
    private final Projection output;
    private final Normalization mlpNorm;
    private final Optional<Projection> gate;
    private final Projection up;
    private final Projection down;

    TrainableLayer(DecoderSpec spec, Parameters parameters, Kernels kernels, int index, Arena arena) {
        this.spec = spec;
        this.kernels = kernels;
        this.index = index;
        training = kernels.training();
        String stem = "blk." + index + ".";
        attentionNorm = new Normalization(parameters, kernels, stem + "attn_norm", arena);
        q = new Projection(parameters, kernels, stem + "attn_q");
        k = new Projection(parameters, kernels, stem + "attn_k");
        v = new Projection(parameters, kernels, stem + "attn_v");
        boolean headNorm = spec.attention().norm() == DecoderSpec.HeadNorm.HEAD;
        queryNorm = headNorm
                ? Optional.of(new Normalization(parameters, kernels, stem + "attn_q_norm", arena))
                : Optional.empty();
        keyNorm = headNorm
                ? Optional.of(new Normalization(parameters, kernels, stem + "attn_k_norm", arena))
                : Optional.empty();
        output = new Projection(parameters, kernels, stem + "attn_output");
        mlpNorm = new Normalization(parameters, kernels, stem + "ffn_norm", arena);
        gate = spec.mlp().activation().gated()
                ? Optional.of(new Projection(parameters, kernels, stem + "ffn_gate"))
                : Optional.empty();
        up = new Projection(parameters, kernels, stem + "ffn_up");
        down = new Projection(parameters, kernels, stem + "ffn_down");
    }

    /** To be called once the weights have changed. */
    void refresh() {
        attentionNorm.refresh();
        q.refresh();
        k.refresh();
        v.refresh();
        queryNorm.ifPresent(Normalization::refresh);
        keyNorm.ifPresent(Normalization::refresh);
        output.refresh();
        mlpNorm.refresh();
        gate.ifPresent(Projection::refresh);
        up.refresh();
        down.refresh();
    }

    /** next = layer(x), x in the layer's own memory. */
    void forward(Activations a, Dropout dropout, Matrix next) {
        Activations.Layer own = a.layers.get(index);
        attentionNorm.forward(own.x(), a.normed);
        project(q, queryNorm, a.normed, own.headNormed().map(Activations.HeadNormed::q), own.q());
        project(k, keyNorm, a.normed, own.headNormed().map(Activations.HeadNormed::k), own.k());
        v.forward(a.normed, own.v());
        if (a.turns.isPresent()) {
            Activations.Turns turns = a.turns.get();
            kernels.rotate(own.q(), spec.attention().size(), turns.there(), turns.style());
            kernels.rotate(own.k(), spec.attention().size(), turns.there(), turns.style());
        }
        training.attend(attention(a, own));
        output.forward(own.attended(), a.branch);
        dropout.apply(a.branch, 2 * index + 1);
        training.combine(1, a.branch, 1, own.x(), own.middle());

        mlpNorm.forward(own.middle(), a.normed);
        if (gate.isPresent()) {
            gate.get().forward(a.normed, own.gate().orElseThrow());
        }
        up.forward(a.normed, own.up());
        activate(own, a.inner);
        down.forward(a.inner, a.branch);
        dropout.apply(a.branch, 2 * index + 2);
        training.combine(1, a.branch, 1, own.middle(), next);
    }

    private void project(
            Projection projection, Optional<Normalization> norm, Matrix x, Optional<Matrix> raw, Matrix out) {
        projection.forward(x, raw.orElse(out));
        if (norm.isPresent()) {
            norm.get().forward(heads(raw.orElseThrow()), heads(out));
        }
    }

    private Matrix heads(Matrix rows) {
        int size = spec.attention().size();
        return rows.reshape(rows.rows() * (rows.cols() / size), size);
    }

    private CausalAttention attention(Activations a, Activations.Layer own) {
        DecoderSpec.Heads heads = spec.attention();
        return new CausalAttention(
                own.q(),
                own.k(),
                own.v(),
                own.attended(),
                own.statistics(),
                a.length,
                heads.count(),
                heads.kvCount(),
                heads.scale());
    }

    private void activate(Activations.Layer own, Matrix inner) {
        if (own.gate().isPresent()) {
            kernels.swiglu(own.gate().get(), own.up(), inner);
        } else {
            inner.data().copyFrom(own.up().data());
            kernels.gelu(inner);
        }
    }

    /** From a.dx, the gradient of what the layer gives, to a.dx, that of x. */
    void backward(Activations a, Dropout dropout, Gradients into) {
        Activations.Layer own = a.layers.get(index);
        mlpBackward(a, own, dropout, into);
        attentionBackward(a, own, dropout, into);
    }

    private void mlpBackward(Activations a, Activations.Layer own, Dropout dropout, Gradients into) {
        Matrix dBranch = dropout.gradient(a.dx, a.branch, 2 * index + 2);
        activate(own, a.inner);
        down.weightGradient(a.inner, dBranch, into);
        down.inputGradient(dBranch, false, a.dInner);
        mlpNorm.forward(own.middle(), a.normed);
        if (gate.isPresent()) {
            Matrix dGate = own.gate().orElseThrow();
            training.swigluBackward(dGate, own.up(), a.dInner, dGate, own.up());
            gate.get().weightGradient(a.normed, dGate, into);
            gate.get().inputGradient(dGate, false, a.dNormed);
        } else {
            training.geluBackward(own.up(), a.dInner, own.up());
        }
        up.weightGradient(a.normed, own.up(), into);
        up.inputGradient(own.up(), gate.isPresent(), a.dNormed);
        mlpNorm.backward(own.middle(), a.dNormed, true, a.dx, into);
    }

    private void attentionBackward(Activations a, Activations.Layer own, Dropout dropout, Gradients into) {
        Matrix dBranch = dropout.gradient(a.dx, a.branch, 2 * index + 1);
        output.weightGradient(own.attended(), dBranch, into);
        output.inputGradient(dBranch, false, a.dAttended);
        training.attendBackward(attention(a, own), a.dAttended, a.dq, a.dk, a.dv);
        if (a.turns.isPresent()) {
            Activations.Turns turns = a.turns.get();
            kernels.rotate(a.dq, spec.attention().size(), turns.back(), turns.style());
            kernels.rotate(a.dk, spec.attention().size(), turns.back(), turns.style());
        }
        if (own.headNormed().isPresent()) {
            Activations.HeadNormed raw = own.headNormed().get();
            queryNorm.orElseThrow().backward(heads(raw.q()), heads(a.dq), false, heads(a.dq), into);
            keyNorm.orElseThrow().backward(heads(raw.k()), heads(a.dk), false, heads(a.dk), into);
        }
        attentionNorm.forward(own.x(), a.normed);
        q.weightGradient(a.normed, a.dq, into);
        k.weightGradient(a.normed, a.dk, into);
        v.weightGradient(a.normed, a.dv, into);
        q.inputGradient(a.dq, false, a.dNormed);
        k.inputGradient(a.dk, true, a.dNormed);
        v.inputGradient(a.dv, true, a.dNormed);
        attentionNorm.backward(own.x(), a.dNormed, true, a.dx, into);
    }
}
