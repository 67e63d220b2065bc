package dev.glasshouse.network;

import dev.glasshouse.kernels.Matrix;
import java.util.List;

/** All that a batch of {@code rows} computes within a layer; each matrix has a row for each row of the batch. */
final class Activations {
    final int rows;
    /** The residual stream. */
    final Matrix x;
    /** The residual after a norm. */
    final Matrix normed;
    /** What a block is about to add to the residual. */
    final Matrix branch;

    final Matrix query;
    final Matrix key;
    final Matrix value;
    /** Queries and keys as a row a head. */
    final Matrix queryHeads;

    final Matrix keyHeads;
    final Matrix attended;
    /** The outputs of groups of linear maps, as they want them. */
    final Matrix[] queryKeyValue;

    final Matrix[] keyValue;
    final Matrix[] queryOnly;
    final Matrix[] branchOnly;
    final Matrix[] gateUp;
    final Matrix[] upOnly;
    final Matrix[] routerOnly;
    /** Cosines and sines, for each rotary embedding of the model. */
    final List<Matrix> turns;

    /** Between the projections of the MLP; where there are experts, a row for each expert that a row uses. */
    final Matrix gate;

    final Matrix up;
    final Matrix router;
    final Matrix expertInput;
    final Matrix expertOutput;
    final int[] expertEnds;
    final int[] chosen;
    final int[] places;
    final float[] shares;

    Activations(Workspace memory, DecoderSpec spec, int rows) {
        DecoderSpec.Heads heads = spec.attention();
        int used = spec.mlp().experts().map(DecoderSpec.Experts::used).orElse(0);
        int wide = Math.multiplyExact(rows, Math.max(1, used));
        this.rows = rows;
        x = memory.residual.rows(rows);
        normed = memory.normed.rows(rows);
        branch = memory.branch.rows(rows);
        query = memory.query.rows(rows);
        key = memory.key.rows(rows);
        value = memory.value.rows(rows);
        queryHeads = query.reshape(rows * heads.count(), heads.size());
        keyHeads = key.reshape(rows * heads.kvCount(), heads.size());
        attended = memory.attended.rows(rows);
        turns = memory.turns.stream().map(scratch -> scratch.rows(rows)).toList();
        gate = memory.gate.rows(wide);
        up = memory.up.rows(wide);
        router = memory.router.rows(used > 0 ? rows : 0);
        queryKeyValue = new Matrix[] {query, key, value};
        keyValue = new Matrix[] {key, value};
        queryOnly = new Matrix[] {query};
        branchOnly = new Matrix[] {branch};
        gateUp = new Matrix[] {gate, up};
        upOnly = new Matrix[] {up};
        routerOnly = new Matrix[] {router};
        expertInput = memory.expertInput.rows(used * rows);
        expertOutput = memory.expertOutput.rows(used * rows);
        expertEnds =
                new int[spec.mlp().experts().map(DecoderSpec.Experts::count).orElse(0)];
        chosen = new int[used * rows];
        places = new int[used * rows];
        shares = new float[used * rows];
    }

    /** Moves rows {@code kept}, in ascending order, to the front. */
    static void gather(Matrix matrix, int[] kept) {
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] != i) {
                matrix.setRow(i, matrix, kept[i]);
            }
        }
    }
}
