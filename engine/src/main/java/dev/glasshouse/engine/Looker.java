package dev.glasshouse.engine;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.AttentionWeights;
import dev.glasshouse.network.Batch;
import dev.glasshouse.network.DecoderSpec;
import dev.glasshouse.network.Output;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Computes the last position of a text once more, on a copy of its state, and keeps what passes by. */
final class Looker {
    private static final int MAX_TOP = 200;
    private static final int MAX_HEADS = 64;

    private final Core core;
    private final Look look;
    private final DecoderSpec spec;

    Looker(Core core, Look look) {
        this.core = core;
        this.look = look;
        spec = core.facts.spec();
        look.lensTop().ifPresent(top -> check("The number of candidates", top, MAX_TOP + 1));
        look.lensTarget().ifPresent(id -> core.check("The lens", id));
        if (look.heads().size() > MAX_HEADS) {
            throw new GlassException("One can look at " + MAX_HEADS + " heads at once, not at "
                    + look.heads().size() + ".");
        }
        for (Look.Head head : look.heads()) {
            check("The layer", head.layer(), spec.depth());
            check("The head", head.head(), spec.attention().count());
        }
    }

    private static void check(String what, int value, int end) {
        if (value < 0 || value >= end) {
            throw new GlassException(what + " must be from 0 to " + (end - 1) + ", not " + value + ".");
        }
    }

    View view(int[] ids, Cancellation cancellation) {
        core.check("The text", ids);
        int last = ids.length - 1;
        return core.background(cancellation, () -> {
            try (Feeder feeder = new Feeder(core, Turns.Kind.BACKGROUND, cancellation)) {
                if (!feeder.prepare(ids)) {
                    throw Core.cancelled();
                }
                return feeder.turn(sequence -> pass(sequence, ids[last])).orElseThrow(Core::cancelled);
            }
        });
    }

    private View pass(Sequence sequence, int id) {
        Batch batch = new Batch();
        Batch.Span span = batch.add(sequence.state(), id).lastLogits();
        if (look.lensTop().isPresent()) {
            for (int depth = 0; depth <= spec.depth(); depth++) {
                span.residual(depth, 0, 1);
            }
        }
        look.heads().forEach(head -> span.attention(head.layer(), 0, head.head()));
        if (look.times()) {
            batch.timed();
        }
        Output output = core.network.forward(batch);
        float[] logits = new float[core.vocabulary()];
        core.read(output, 0, logits);
        List<LensRow> lens = new ArrayList<>();
        if (look.lensTop().isPresent()) {
            int target = look.lensTarget().orElseGet(() -> new Softmax(logits).likeliest());
            for (int depth = 0; depth <= spec.depth(); depth++) {
                lens.add(row(depth, core.network.logits(output.residual(depth)), target));
            }
        }
        List<AttentionRow> attention =
                look.heads().stream().map(head -> attention(output, head)).toList();
        return new View(logits, lens, attention, output.times());
    }

    private LensRow row(int depth, Matrix rows, int target) {
        float[] logits = new float[core.vocabulary()];
        Rows.copy(rows, 0, logits);
        core.mask(logits);
        Softmax softmax = new Softmax(logits);
        List<Candidate> top = softmax.top(look.lensTop().orElse(0));
        return new LensRow(
                depth,
                top,
                softmax.tail(top),
                softmax.entropyBits(),
                target,
                softmax.probability(target),
                softmax.rank(target));
    }

    private AttentionRow attention(Output output, Look.Head head) {
        AttentionWeights weights = output.attention().stream()
                .filter(each -> each.layer() == head.layer() && each.head() == head.head())
                .findFirst()
                .orElseThrow();
        int shared = spec.attention().count() / spec.attention().kvCount();
        return new AttentionRow(
                head.layer(),
                head.head(),
                head.head() / shared,
                spec.layers().get(head.layer()).window(),
                weights.from(),
                Arrays.copyOf(weights.weights(), weights.weights().length));
    }
}
