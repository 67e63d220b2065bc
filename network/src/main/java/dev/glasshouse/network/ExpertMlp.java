package dev.glasshouse.network;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.PackedWeight;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A mixture of experts (Shazeer et al. 2017; Jiang et al. 2024). The router's softmax chooses each row's best experts,
 * the rows are sorted by expert so that each expert meets all of its rows at once, and each row adds up its experts'
 * answers in the order of their probability.
 */
final class ExpertMlp implements MlpBlock {
    private final DecoderSpec.Activation activation;
    private final DecoderSpec.Experts experts;
    private final Linear.Group router;
    private final List<PackedWeight> gate;
    private final List<PackedWeight> up;
    private final List<PackedWeight> down;

    private ExpertMlp(
            DecoderSpec.Activation activation,
            DecoderSpec.Experts experts,
            Linear.Group router,
            List<PackedWeight> gate,
            List<PackedWeight> up,
            List<PackedWeight> down) {
        this.activation = activation;
        this.experts = experts;
        this.router = router;
        this.gate = gate;
        this.up = up;
        this.down = down;
    }

    static ExpertMlp read(WeightReader reader, DecoderSpec spec, int layer) {
        DecoderSpec.Experts experts = spec.mlp().experts().orElseThrow();
        int width = spec.mlp().width();
        Linear router = reader.linear("blk." + layer + ".ffn_gate_inp", experts.count(), spec.width(), false);
        return new ExpertMlp(
                spec.mlp().activation(),
                experts,
                new Linear.Group(router),
                reader.experts(layer, "gate", experts.count(), width, spec.width()),
                reader.experts(layer, "up", experts.count(), width, spec.width()),
                reader.experts(layer, "down", experts.count(), spec.width(), width));
    }

    @Override
    public void apply(Kernels kernels, Activations a, Matrix input) {
        router.apply(kernels, input, a.routerOnly);
        kernels.softmax(a.router);
        choose(a);
        sortByExpert(a, input);
        kernels.multiplyGrouped(a.expertInput, gate, a.expertEnds, a.gate);
        kernels.multiplyGrouped(a.expertInput, up, a.expertEnds, a.up);
        DenseMlp.activate(activation, kernels, a.gate, a.up);
        kernels.multiplyGrouped(a.up, down, a.expertEnds, a.expertOutput);
        addUp(a);
    }

    /** Fills {@code chosen} and {@code shares}, {@code used} entries a row, the likeliest first. */
    private void choose(Activations a) {
        int used = experts.used();
        for (int row = 0; row < a.rows; row++) {
            float sum = 0;
            for (int rank = 0; rank < used; rank++) {
                int best = -1;
                for (int expert = 0; expert < experts.count(); expert++) {
                    if (!isChosen(a, row, rank, expert)
                            && (best < 0 || a.router.get(row, expert) > a.router.get(row, best))) {
                        best = expert;
                    }
                }
                a.chosen[row * used + rank] = best;
                a.shares[row * used + rank] = a.router.get(row, best);
                sum += a.router.get(row, best);
            }
            for (int rank = 0; experts.normalise() && rank < used; rank++) {
                a.shares[row * used + rank] /= sum;
            }
        }
    }

    private boolean isChosen(Activations a, int row, int ranks, int expert) {
        for (int rank = 0; rank < ranks; rank++) {
            if (a.chosen[row * experts.used() + rank] == expert) {
                return true;
            }
        }
        return false;
    }

    /** A counting sort: {@code places[i]} is where the row of choice i stands among the experts' inputs. */
    private void sortByExpert(Activations a, Matrix input) {
        int choices = a.rows * experts.used();
        int next = 0;
        for (int expert = 0; expert < experts.count(); expert++) {
            for (int i = 0; i < choices; i++) {
                if (a.chosen[i] == expert) {
                    a.places[i] = next;
                    a.expertInput.setRow(next++, input, i / experts.used());
                }
            }
            a.expertEnds[expert] = next;
        }
    }

    private void addUp(Activations a) {
        int width = a.branch.cols();
        MemorySegment out = a.branch.data();
        MemorySegment answers = a.expertOutput.data();
        out.fill((byte) 0);
        for (int i = 0; i < a.rows * experts.used(); i++) {
            long to = (long) (i / experts.used()) * width;
            long from = (long) a.places[i] * width;
            for (int col = 0; col < width; col++) {
                float sum = Math.fma(
                        a.shares[i], answers.getAtIndex(JAVA_FLOAT, from + col), out.getAtIndex(JAVA_FLOAT, to + col));
                out.setAtIndex(JAVA_FLOAT, to + col, sum);
            }
        }
    }
}
