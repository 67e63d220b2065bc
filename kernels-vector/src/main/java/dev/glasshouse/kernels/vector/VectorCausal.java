package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.CausalAttention;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Shapes;
import dev.glasshouse.kernels.Workers;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention and its gradients, bit for bit as the scalar room defines them, shared by the threads: a sample and
 * key head is a unit, and where there are too few, units are cut, forward and for dq by queries, for dk and dv by keys.
 * Threads take one piece after the other as they get done; no two write the same values, so who does what changes no bit.
 */
final class VectorCausal implements Workers.Task {
    /** Multiple of positions that pieces begin at: tiles and squares of any width fit. */
    private static final int GRAIN = 32;
    /** Multiplications below which the caller is alone. */
    private static final long SHARED = 1 << 17;
    /** Pieces a thread that units are cut into. */
    private static final int PIECES = 4;

    private enum Stage {
        FORWARD,
        BACKWARD,
        KEYS,
        QUERIES
    }

    private final Workers workers;
    private final CausalForward[] forward;
    private final CausalBackward[] backward;
    private final AtomicInteger next = new AtomicInteger();
    private @Nullable CausalAttention attention;
    private CausalBackward.@Nullable Gradients gradients;
    private Stage stage = Stage.FORWARD;
    private int units;
    private int pieces;

    VectorCausal(Workers workers) {
        this.workers = workers;
        forward = new CausalForward[workers.threads()];
        backward = new CausalBackward[workers.threads()];
        Arrays.setAll(forward, i -> new CausalForward());
        Arrays.setAll(backward, i -> new CausalBackward());
    }

    void attend(CausalAttention a) {
        open(a);
        boolean cut = units % workers.threads() != 0 && units < PIECES * workers.threads();
        start(a, Stage.FORWARD, cut);
        attention = null;
    }

    void backward(CausalAttention a, Matrix dOut, Matrix dq, Matrix dk, Matrix dv) {
        Shapes.same(a.q(), dOut, dq);
        Shapes.same(a.k(), dk, dv);
        open(a);
        gradients = new CausalBackward.Gradients(dOut, dq, dk, dv);
        int threads = workers.threads();
        // Five products in one pass, seven in two, which leave no thread idle.
        if (5L * threads * ((units + threads - 1) / threads) <= 7L * units) {
            start(a, Stage.BACKWARD, false);
        } else {
            start(a, Stage.KEYS, true);
            start(a, Stage.QUERIES, true);
        }
        attention = null;
        gradients = null;
    }

    private void open(CausalAttention a) {
        attention = a;
        units = a.q().rows() / a.length() * a.kvHeads();
    }

    private void start(CausalAttention a, Stage what, boolean cut) {
        stage = what;
        int most = (a.length() + GRAIN - 1) / GRAIN;
        int wanted = PIECES * workers.threads();
        pieces = cut ? Math.max(1, Math.min(most, (wanted + units - 1) / Math.max(1, units))) : 1;
        next.set(0);
        if (workers.threads() == 1 || (long) a.q().rows() * a.q().cols() * a.length() < SHARED) {
            run(0, 1);
        } else {
            workers.run(this);
        }
    }

    @Override
    public void run(int worker, int threads) {
        CausalAttention a = attention;
        if (a == null) {
            throw new IllegalStateException("no attention is open");
        }
        for (int item = next.getAndIncrement(); item < units * pieces; item = next.getAndIncrement()) {
            run(a, worker, item / pieces, item % pieces);
        }
    }

    private void run(CausalAttention a, int worker, int unit, int piece) {
        int sample = unit / a.kvHeads();
        int head = unit % a.kvHeads();
        int grains = (a.length() + GRAIN - 1) / GRAIN;
        int from = Math.min(a.length(), grains * piece / pieces * GRAIN);
        int to = Math.min(a.length(), grains * (piece + 1) / pieces * GRAIN);
        CausalBackward.Gradients g = gradients;
        if (stage == Stage.FORWARD) {
            forward[worker].attend(
                    a, sample, head, from / CausalKernels.TILE, (to + CausalKernels.TILE - 1) / CausalKernels.TILE);
        } else if (g == null) {
            throw new IllegalStateException("no gradients are open");
        } else if (stage == Stage.BACKWARD) {
            backward[worker].all(a, g, sample, head);
        } else if (stage == Stage.KEYS) {
            backward[worker].keys(a, g, sample, head, from, to);
        } else {
            backward[worker].queries(a, g, sample, head, from, to);
        }
    }
}
